/**
 * Tokens and money of one model call, normalised: uncached input, cache reads,
 * cache writes, output, and reasoning as a part of the output.
 *
 * | sender                                                | its input count           |
 * |-------------------------------------------------------|---------------------------|
 * | GenAI conventions, OpenInference, Codex, Gemini       | includes what was cached  |
 * | Claude Code; AI SDK 5 with Anthropic                  | excludes it               |
 * | Gemini's output                                       | excludes the reasoning    |
 */
import { MAX_TOKENS_PER_CALL, MAX_USD_PER_CALL } from "../../../schema/event/limits.ts";
import { lookUp, numberOf, type Name } from "./attributes.ts";
import type { Attributes } from "./value.ts";

export type Tokens = {
  input_tokens?: number;
  cache_read_tokens?: number;
  cache_write_tokens?: number;
  output_tokens?: number;
  reasoning_tokens?: number;
};

export interface Counting {
  /** Whether the input count includes cache reads and writes. */
  cache: "included" | "excluded";
  /** Whether the output count includes the reasoning. */
  reasoning: "included" | "excluded";
}

export const GEN_AI_COUNTING: Counting = { cache: "included", reasoning: "included" };

/** Null where the record says nothing of tokens. */
export function tokensOf(attributes: Attributes, counting: Counting = GEN_AI_COUNTING): Tokens | null {
  const count = (name: Name): number | undefined => {
    const number = numberOf(lookUp(name, attributes));
    return number === undefined || !Number.isInteger(number) || number < 0 || number > MAX_TOKENS_PER_CALL
      ? undefined
      : number;
  };
  const input = count("input");
  const output = count("output");
  const cache_read = count("cache_read");
  const cache_write = count("cache_write");
  const reasoning = count("reasoning");
  if ((input ?? output ?? cache_read ?? cache_write) === undefined) return null;
  const cached = (cache_read ?? 0) + (cache_write ?? 0);
  const tokens: Tokens = {};
  if (input !== undefined) {
    // Less input than was cached of it: the sender excludes it, whatever its convention says.
    tokens.input_tokens = counting.cache === "included" && input >= cached ? input - cached : input;
  }
  if (cache_read !== undefined) tokens.cache_read_tokens = cache_read;
  if (cache_write !== undefined) tokens.cache_write_tokens = cache_write;
  const whole = counting.reasoning === "included" ? output : (output ?? 0) + (reasoning ?? 0);
  if (whole !== undefined) tokens.output_tokens = whole;
  if (reasoning !== undefined) tokens.reasoning_tokens = Math.min(reasoning, whole ?? 0);
  return tokens;
}

const MICROS_PER_USD = 1e6;
const TOTALS = [
  "gen_ai.usage.cost",
  "gen_ai.usage.total_cost",
  "llm.cost.total",
  "operation.cost",
  "cost_usd",
];
const PARTS = ["llm.cost.prompt", "llm.cost.completion"];

/** US dollars as the sender reports them; undefined where it does not. */
export function costOf(attributes: Attributes): number | undefined {
  const micros = numberOf(attributes.get("cost_usd_micros"));
  const candidates = [micros === undefined ? undefined : micros / MICROS_PER_USD];
  for (const key of TOTALS) candidates.push(numberOf(attributes.get(key)));
  const parts = PARTS.map((key) => numberOf(attributes.get(key)));
  if (parts.some((part) => part !== undefined))
    candidates.push(parts.reduce<number>((sum, part) => sum + (part ?? 0), 0));
  return candidates.find((cost) => cost !== undefined && cost >= 0 && cost <= MAX_USD_PER_CALL);
}
