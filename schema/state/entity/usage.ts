/**
 * Tokens and money of model calls. Only `tokens_used` adds here (M1).
 * Calls whose cost nobody knows are `calls - reported_calls - priced_calls` (M2).
 */
export interface Usage {
  calls: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  /** A subset of `output_tokens`. */
  reasoning_tokens: number;
  reported_calls: number;
  reported_usd: number;
  priced_calls: number;
  priced_usd: number;
}

/**
 * What nobody assigned: events that name no feature, and no task of one when they were folded.
 * With the features', forgotten ones included, its usage adds up to the project's.
 */
export interface Unassigned {
  /** Of known types; Clusterfork's own are not work and are not counted. */
  events: number;
  usage: Usage;
}
