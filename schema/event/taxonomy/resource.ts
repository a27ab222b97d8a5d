/** What work consumes: tokens, money, context, and files that only one may hold. */
import * as z from "zod";
import {
  amount,
  cost,
  count,
  duration_ms,
  eventType,
  fraction,
  label,
  name,
  prose,
  required,
  structure,
  text,
  tokens,
  usd,
} from "../field.ts";
import { MAX_TYPE_CHARS } from "../limits.ts";

const lock = { path: required(name(label)), reason: text(prose) };

export const resource = {
  tokens_used: eventType(
    "One model call and what it cost. Nothing else adds to usage.",
    {
      model: structure(label),
      /** OpenTelemetry's `gen_ai.provider.name`. */
      provider: structure(label),
      /** `chat`, `embeddings`, … */
      operation: structure(label),
      request_id: structure(label),
      finish_reason: structure(label),
      /** `reported` by the sender, `priced` by Clusterfork, or `unknown`: nobody has a price, and no cost is given. */
      cost_source: structure(z.enum(["reported", "priced", "unknown"])),
      /** The price table that priced it. */
      price_version: structure(label),
      /** The reservation of a budget that this call settles. */
      reservation_id: structure(label),
    },
    {
      /** Uncached. */
      input_tokens: cost(tokens),
      cache_read_tokens: cost(tokens),
      cache_write_tokens: cost(tokens),
      output_tokens: cost(tokens),
      /** A subset of `output_tokens`. */
      reasoning_tokens: cost(tokens),
      cost_usd: cost(usd),
      duration_ms,
    },
  ),
  context_window_filled: eventType(
    "An agent's context is full, or was compacted.",
    { model: structure(label), action: structure(label) },
    { used_tokens: cost(tokens), limit_tokens: cost(tokens), used_fraction: structure(fraction) },
  ),
  file_locked: eventType("An agent holds a file.", lock),
  file_unlocked: eventType("An agent released a file.", lock, { duration_ms }),
  lock_conflict: eventType("An agent waits for a file that another holds.", {
    ...lock,
    holder_agent_id: name(label),
    holder_task_id: structure(label),
  }),
  usage_reported: eventType(
    "What another installation counted in one hour of one of its projects. It adds nothing to usage here: the tokens are counted where they were used. Of several reports of one agent and hour the one with the most events counts.",
    {
      /** RFC 3339: when the hour began, in event time there. */
      hour: required(structure(label)),
      /** Events per known type; all others together as `other`. */
      by_type: structure(z.record(z.string().max(MAX_TYPE_CHARS), count)),
    },
    {
      events: structure(count),
      calls: cost(count),
      input_tokens: cost(amount),
      cache_read_tokens: cost(amount),
      cache_write_tokens: cost(amount),
      output_tokens: cost(amount),
      /** A subset of `output_tokens`. */
      reasoning_tokens: cost(amount),
      reported_calls: cost(count),
      reported_usd: cost(amount),
      priced_calls: cost(count),
      priced_usd: cost(amount),
    },
  ),
};
