/**
 * What all viewers of a room together were sent and have not acknowledged.
 * One window bounds what one dead viewer costs, but thousands of windows are
 * more than the room's memory; so half of the budget goes to whoever comes
 * first, and of the other half each viewer has its equal share for certain (V2).
 *
 *   0 ── common, first come ── ½ ── also for those who acknowledge ── ¾ ── shares alone ── 1
 *
 * The silent would hold the common half until they are closed, and leave the others a share for each
 * acknowledgement. So those who acknowledge may have a quarter together, whatever the silent hold.
 */
import { LISTENING_MS, MAX_FRAME_LENGTH } from "./limits.ts";
import type { Viewer } from "./viewer.ts";

export class Budget {
  readonly #max_length: number;
  #held_length = 0;
  /** When each was heard last, ms. Of those who were: a room that woke has yet to hear them. */
  readonly #heard_ms = new Map<Viewer, number | null>();
  /** What those who do not acknowledge held when they were looked at last. */
  #silent_length = 0;

  /** `max_length`: UTF-16 units, of all together. */
  constructor(max_length: number) {
    this.#max_length = max_length;
  }

  join(viewer: Viewer): void {
    this.#heard_ms.set(viewer, null);
    this.#held_length += held(viewer);
  }

  leave(viewer: Viewer): void {
    this.#heard_ms.delete(viewer);
    this.#held_length -= held(viewer);
  }

  /** Does something to a viewer that changes how much it holds. */
  track<T>(viewer: Viewer, change: () => T): T {
    const before = held(viewer);
    const result = change();
    this.#held_length += held(viewer) - before;
    return result;
  }

  /** UTF-16 units of a frame. The more viewers, the smaller, so that there is one for each. */
  get frame_length(): number {
    return Math.min(MAX_FRAME_LENGTH, this.#share);
  }

  /** What each viewer has for certain, however much dead ones hold: one frame or more. */
  get #share(): number {
    return this.#max_length / 2 / Math.max(1, this.viewers);
  }

  /** It acknowledged something. */
  heard(viewer: Viewer, now_ms: number): void {
    this.#heard_ms.set(viewer, now_ms);
  }

  /** Tells the silent from the others, once for all that are served now. */
  look(now_ms: number): void {
    this.#silent_length = 0;
    for (const viewer of this.#heard_ms.keys())
      if (!this.#listens(viewer, now_ms)) this.#silent_length += held(viewer);
  }

  /** Who holds nothing has acknowledged all. */
  #listens(viewer: Viewer, now_ms: number): boolean {
    return held(viewer) === 0 || now_ms - (this.#heard_ms.get(viewer) ?? -Infinity) <= LISTENING_MS;
  }

  /** Whether a viewer may be sent one more frame. */
  allows(viewer: Viewer, now_ms: number): boolean {
    const with_frame = this.#held_length + this.frame_length;
    if (with_frame <= this.#max_length / 2) return true;
    const of_listeners = with_frame - this.#silent_length;
    const is_within = of_listeners <= this.#max_length / 4 && with_frame <= this.#max_length * 0.75;
    if (is_within && this.#listens(viewer, now_ms)) return true;
    const own = held(viewer) + this.frame_length;
    return own <= this.#share && with_frame <= this.#max_length;
  }

  /** A snapshot cannot be cut: one always goes, however long, but not many long ones at once. */
  allowsSnapshot(length: number): boolean {
    return this.#held_length === 0 || this.#held_length + length <= this.#max_length;
  }

  get viewers(): number {
    return this.#heard_ms.size;
  }

  get held_length(): number {
    return this.#held_length;
  }
}

function held(viewer: Viewer): number {
  return viewer.unacked_length + viewer.snapshot_length;
}
