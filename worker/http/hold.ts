/**
 * Keys that were told to wait, and for how long. Who sends on all the same hears the refusal again from here: its
 * body is not parsed and its room is not asked, so a sender at many times its limit costs its neighbours next to nothing.
 *
 * In memory, of this isolate alone: the room decides, this only repeats what it said. It never lets anybody in, and
 * its word ends with the wait. A key that is revoked meanwhile hears 429 until then, and 401 after.
 */
import type { Failure } from "../../schema/wire/error.ts";

/** Some 200 bytes each. Beyond it those that wait longest are asked of their rooms again, which refuse as well. */
const MAX_HELD = 10_000;

interface Held {
  until_ms: number;
  failure: Failure;
}

export class Holds {
  /** In the order in which they were noted. */
  readonly #held = new Map<string, Held>();

  /** The refusal that still holds, with what is left of its wait; null when the request may go on. */
  refusal(who: string, now_ms: number): Failure | null {
    const held = this.#held.get(who);
    if (held === undefined) return null;
    const left_ms = held.until_ms - now_ms;
    if (left_ms > 0) return { ...held.failure, retry_after_s: Math.ceil(left_ms / 1_000) };
    this.#held.delete(who);
    return null;
  }

  /** `failure`: what its room answered. Only one that says how long to wait is kept. */
  note(who: string, failure: Failure, now_ms: number): void {
    if (failure.code !== "rate_limited" || failure.retry_after_s === undefined) return;
    this.#held.delete(who);
    this.#held.set(who, { until_ms: now_ms + failure.retry_after_s * 1_000, failure });
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= MAX_HELD) return;
      this.#held.delete(oldest);
    }
  }

  get size(): number {
    return this.#held.size;
  }
}
