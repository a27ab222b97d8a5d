/** What work consumes: tokens, money, context, and files that only one may hold. */
import * as z from "zod";
import {
  cost,
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
      /** `reported` by the sender, or `priced` by Clusterfork; absent: nobody knows. */
      cost_source: structure(z.enum(["reported", "priced"])),
      /** The price table that priced it. */
      price_version: structure(label),
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
};
