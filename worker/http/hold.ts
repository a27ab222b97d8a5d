/**
 * Keys that were told to wait, and for how long. Who sends on all the same hears the refusal again from here: its
 * body is not parsed and its room is not asked, so a sender at many times its limit costs its neighbours next to nothing.
 *
 * What is held is what was asked: after a batch that is too much now, a smaller one of the same key is still asked of
 * the room, which may grant it. Sizes count by powers of two, so that a sender who shrinks his batch byte by byte has
 * one try for each halving. And it is held no longer than until the limit would grant it, to the millisecond: let in
 * by whole seconds, all that was held would come at once, and the neighbours with it would wait.
 *
 * Beside the refusal stand the headers of the reply that it became: whoever does not wait is sent the same once more
 * (turn-away.ts), and nothing else is made for him.
 *
 * In memory, of this isolate alone: the room decides, this only repeats what it said. It never lets anybody in, and
 * its word ends with the wait. A key that is revoked meanwhile hears 429 until then, and 401 after.
 */
import type { Failure } from "../../schema/wire/error.ts";

/** Some 200 bytes each, and a few more for each further size. Beyond it those that were noted first are asked of their rooms again, which refuse as well. */
const MAX_HELD = 10_000;
/**
 * The shortest hold: the room of who does not wait is asked 25 times a second at most. He was told a second or more.
 * What the limit grants meanwhile comes in at its end all at once, so that a longer one is felt by the neighbours.
 */
const MIN_HOLD_MS = 40;

/** A request that its room refused. */
export interface Refused {
  /** Whose it was, and of which kind. */
  who: string;
  /** Of its body; 0 where a smaller one would hear the same. */
  bytes: number;
  failure: Failure;
}

interface Held {
  until_ms: number;
  failure: Failure;
  headers: Record<string, string>;
}

/** What somebody hears again, with what is left of his wait. */
export interface Repeated {
  failure: Failure;
  /** Of the reply that he was given first. */
  headers: Readonly<Record<string, string>>;
}

export class Holds {
  /** In the order in which they were noted; for each what was refused, by its size. */
  readonly #held = new Map<string, Map<number, Held>>();

  /** The refusal that still holds for a request of so many bytes, with what is left of its wait; null when it may go on. */
  refusal(who: string, bytes: number, now_ms: number): Repeated | null {
    const sizes = this.#held.get(who);
    if (sizes === undefined) return null;
    let longest: Held | null = null;
    for (const [size, held] of sizes) {
      if (held.until_ms <= now_ms) sizes.delete(size);
      else if (size <= sizeOf(bytes) && held.until_ms > (longest?.until_ms ?? 0)) longest = held;
    }
    if (sizes.size === 0) this.#held.delete(who);
    if (longest === null) return null;
    const { failure, headers, until_ms } = longest;
    return { failure: { ...failure, retry_after_s: Math.ceil((until_ms - now_ms) / 1_000) }, headers };
  }

  /** `headers`: of the reply to it. */
  note({ who, bytes, failure }: Refused, headers: Record<string, string>, now_ms: number): void {
    if (failure.code !== "rate_limited" || failure.retry_after_s === undefined) return;
    const wait_ms = Math.max(MIN_HOLD_MS, failure.retry_after_ms ?? failure.retry_after_s * 1_000);
    const sizes = this.#held.get(who) ?? new Map<number, Held>();
    sizes.set(sizeOf(bytes), { until_ms: now_ms + wait_ms, failure, headers });
    this.#held.delete(who);
    this.#held.set(who, sizes);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= MAX_HELD) return;
      this.#held.delete(oldest);
    }
  }

  get size(): number {
    return this.#held.size;
  }
}

/** Of a body whose length nobody said, which is no less than any. */
export const UNKNOWN_BYTES = Infinity;

const sizeOf = (bytes: number): number => Math.floor(Math.log2(Math.max(1, bytes)));
