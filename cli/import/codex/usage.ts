/**
 * Tokens of a rollout. A `token_count` says what the last call used and what
 * the session used so far. It is written again whenever limits change, so one
 * whose sum did not move is no call; what the sum moved by is what was used.
 *
 *   cached input is part of the input, reasoning of the output
 *
 * A forked session, or a subagent, begins with a copy of its parent's history,
 * counts included, all stamped at the moment of the fork: there the same sums
 * are the parent's calls and are left out.
 */
import { createHash } from "node:crypto";
import { count, isObject, object, type JsonObject } from "../json-field.ts";
import { includingCache, usedAnything } from "../session/reading.ts";

/** input, cached, cache write, output, reasoning. */
type Amounts = readonly [number, number, number, number, number];

function amounts(usage: unknown): Amounts | null {
  if (!isObject(usage)) return null;
  const read = (...fields: string[]): number =>
    fields.map((field) => count(usage[field])).find((n) => n !== null) ?? 0;
  const input = count(usage["input_tokens"]) ?? count(usage["prompt"]);
  const output = count(usage["output_tokens"]) ?? count(usage["completion"]);
  if (input === null && output === null) return null;
  return [
    input ?? 0,
    read("cached_input_tokens", "cache_read_input_tokens"),
    read("cache_write_input_tokens"),
    output ?? 0,
    read("reasoning_output_tokens"),
  ];
}

export interface CallCounted {
  /** What the session had used after it: tells one call of a session from another. */
  key: string;
  usage: Record<string, number>;
}

/** The counts of one rollout, in order. */
export class TokenCounts {
  #sum: Amounts | null = null;
  #calls = 0;

  /** The call that a `token_count` tells of, or why it tells of none. */
  count(payload: JsonObject): CallCounted | string {
    const info = payload["info"];
    if (!isObject(info)) return "a token count without numbers: limits only";
    const total = amounts(info["total_token_usage"]);
    const last = amounts(info["last_token_usage"]) ?? (total === null ? amounts(info) : null);
    const before = this.#sum;
    if (total === null) return this.#one(last);
    this.#sum = total;
    if (before !== null && total.every((amount, index) => amount === before[index]))
      return "the same token count again";
    const moved =
      before === null ? null : (total.map((n, index) => n - (before[index] ?? 0)) as unknown as Amounts);
    // The first count of a file may stand on calls that are told elsewhere; a sum that fell began anew.
    const used = moved === null || moved.some((n) => n < 0) ? (last ?? total) : moved;
    return called(JSON.stringify([total, last]), used);
  }

  /** Early versions told the usage of a turn with its end. */
  turn(payload: JsonObject): CallCounted | string {
    return this.#one(amounts(payload["usage"]));
  }

  #one(used: Amounts | null): CallCounted | string {
    if (used === null) return "a token count without numbers: limits only";
    this.#calls += 1;
    return called(JSON.stringify([this.#calls, used]), used);
  }
}

function called(
  key: string,
  [input, cache_read, cache_write, output, reasoning]: Amounts,
): CallCounted | string {
  const usage = includingCache({ input, cache_read, cache_write, output, reasoning });
  return usedAnything(usage) ? { key, usage } : "a token count of nothing";
}

/** Rollouts hold no id of the provider's: the session and its sums name the call. */
export function callId(session: string, key: string): string {
  return `codex-${createHash("sha256").update(`${session}\n${key}`).digest("hex").slice(0, 32)}`;
}

export function hasCounts(payload: JsonObject): boolean {
  return object(payload["info"])["total_token_usage"] !== undefined;
}
