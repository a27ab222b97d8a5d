/**
 * Tokens of one model call, log-normal by role. Medians and spreads follow
 * recorded coding sessions: almost everything is read from the cache, little is
 * written to it, the answer is short, and every part spreads by its own factor
 * (recorded: cache reads ln-sd 0.4, cache writes 1.0, output 1.2).
 */
import type { LogNormal, Random } from "./random.ts";

export interface Model {
  name: string;
  provider: string;
}

/** Prices in US dollars per million tokens, for who reports a cost; the others are priced by the server. */
export interface ReportedPrice {
  input: number;
  cache_read: number;
  output: number;
}

export interface Tokens {
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
}

export interface TokenModel {
  input: LogNormal;
  cache_read: LogNormal;
  cache_write: LogNormal;
  output: LogNormal;
  /** Part of the output that is thinking, 0 to 1. */
  reasoning_share: number;
}

/** Roles that call models. */
export type ThinkingRole = "scout" | "architect" | "coder" | "reviewer" | "qa";

export const TOKEN_MODELS: Record<ThinkingRole, TokenModel> = {
  // Reads widely, says little.
  scout: {
    input: { median: 900, sigma: 0.9 },
    cache_read: { median: 9_000, sigma: 0.5 },
    cache_write: { median: 1_500, sigma: 0.9 },
    output: { median: 220, sigma: 0.8 },
    reasoning_share: 0,
  },
  // Few calls, long answers.
  architect: {
    input: { median: 400, sigma: 0.8 },
    cache_read: { median: 16_000, sigma: 0.4 },
    cache_write: { median: 1_800, sigma: 0.8 },
    output: { median: 1_600, sigma: 0.7 },
    reasoning_share: 0.45,
  },
  coder: {
    input: { median: 60, sigma: 0.9 },
    cache_read: { median: 20_000, sigma: 0.4 },
    cache_write: { median: 500, sigma: 1 },
    output: { median: 260, sigma: 1.1 },
    reasoning_share: 0.1,
  },
  // Sees each change for the first time: nothing is cached yet.
  reviewer: {
    input: { median: 6_500, sigma: 0.6 },
    cache_read: { median: 3_000, sigma: 0.5 },
    cache_write: { median: 0, sigma: 0 },
    output: { median: 480, sigma: 0.8 },
    reasoning_share: 0.5,
  },
  qa: {
    input: { median: 2_500, sigma: 0.7 },
    cache_read: { median: 6_000, sigma: 0.5 },
    cache_write: { median: 0, sigma: 0 },
    output: { median: 180, sigma: 0.8 },
    reasoning_share: 0,
  },
};

/** `factor` is what a planted truth multiplies every part by; 1 is ordinary. */
export function drawTokens(model: TokenModel, factor: number, random: Random): Tokens {
  // Each part is drawn even where it is 0, so that a model's change shifts no other draw.
  const draw = (spread: LogNormal): number => Math.round(random.logNormal(spread) * factor);
  const input_tokens = draw(model.input);
  const cache_read_tokens = draw(model.cache_read);
  const cache_write_tokens = draw(model.cache_write);
  const output_tokens = Math.max(1, draw(model.output));
  return {
    input_tokens,
    cache_read_tokens,
    cache_write_tokens,
    output_tokens,
    reasoning_tokens: Math.floor(output_tokens * model.reasoning_share),
  };
}

/** Digits after the point of a reported cost, US dollars: a millionth of a cent. */
const COST_DIGITS = 8;

export function reportedCost(tokens: Tokens, price: ReportedPrice): number {
  const usd =
    (tokens.input_tokens * price.input +
      tokens.cache_read_tokens * price.cache_read +
      tokens.output_tokens * price.output) /
    1e6;
  return Number(usd.toFixed(COST_DIGITS));
}
