/**
 * Tokens and money (M1, M2).
 *
 * | event       | what it does                                                          |
 * |-------------|-----------------------------------------------------------------------|
 * | tokens_used | adds one call to the project, its agent, its task, and its feature or, |
 * |             | where it has none, to what is unassigned                              |
 * | any other   | adds nothing, whatever metrics it carries                             |
 *
 * A cost counts as priced when `cost_source` says so, else as reported; a call
 * without `cost_usd` is of unknown cost. Negative, endless and absurd amounts
 * are ignored one by one; the call still counts.
 */
import type { StoredEvent } from "../event/event.ts";
import { amountIn } from "./field.ts";
import type { Usage } from "./entity/usage.ts";

export function createUsage(): Usage {
  return {
    calls: 0,
    input_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
    reported_calls: 0,
    reported_usd: 0,
    priced_calls: 0,
    priced_usd: 0,
  };
}

/** Adds the model call of one `tokens_used` to one account. */
export function addCall(usage: Usage, event: StoredEvent): void {
  usage.calls += 1;
  usage.input_tokens += amountIn(event, "input_tokens") ?? 0;
  usage.cache_read_tokens += amountIn(event, "cache_read_tokens") ?? 0;
  usage.cache_write_tokens += amountIn(event, "cache_write_tokens") ?? 0;
  usage.output_tokens += amountIn(event, "output_tokens") ?? 0;
  usage.reasoning_tokens += amountIn(event, "reasoning_tokens") ?? 0;
  const cost_usd = amountIn(event, "cost_usd");
  if (cost_usd === null) return;
  if (event.metadata?.cost_source === "priced") {
    usage.priced_calls += 1;
    usage.priced_usd += cost_usd;
  } else {
    usage.reported_calls += 1;
    usage.reported_usd += cost_usd;
  }
}

/** Adds one account to another. */
export function addUsage(sum: Usage, part: Readonly<Usage>): void {
  sum.calls += part.calls;
  sum.input_tokens += part.input_tokens;
  sum.cache_read_tokens += part.cache_read_tokens;
  sum.cache_write_tokens += part.cache_write_tokens;
  sum.output_tokens += part.output_tokens;
  sum.reasoning_tokens += part.reasoning_tokens;
  sum.reported_calls += part.reported_calls;
  sum.reported_usd += part.reported_usd;
  sum.priced_calls += part.priced_calls;
  sum.priced_usd += part.priced_usd;
}
