/**
 * What all viewers of a room together were sent and have not acknowledged.
 * One window bounds what one dead viewer costs, but thousands of windows are
 * more than the room's memory; so half of the budget goes to whoever comes
 * first, and of the other half each viewer has its equal share for certain (V2).
 */
import { MAX_FRAME_LENGTH } from "./limits.ts";
import type { Viewer } from "./viewer.ts";

export class Budget {
  readonly #max_length: number;
  #held_length = 0;
  #viewers = 0;

  /** `max_length`: UTF-16 units, of all together. */
  constructor(max_length: number) {
    this.#max_length = max_length;
  }

  join(viewer: Viewer): void {
    this.#viewers += 1;
    this.#held_length += held(viewer);
  }

  leave(viewer: Viewer): void {
    this.#viewers -= 1;
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
    return this.#max_length / 2 / Math.max(1, this.#viewers);
  }

  /** Whether a viewer may be sent one more frame. */
  allows(viewer: Viewer): boolean {
    const with_frame = this.#held_length + this.frame_length;
    if (with_frame <= this.#max_length / 2) return true;
    const own = held(viewer) + this.frame_length;
    return own <= this.#share && with_frame <= this.#max_length;
  }

  /** A snapshot cannot be cut: one always goes, however long, but not many long ones at once. */
  allowsSnapshot(length: number): boolean {
    return this.#held_length === 0 || this.#held_length + length <= this.#max_length;
  }

  get viewers(): number {
    return this.#viewers;
  }

  get held_length(): number {
    return this.#held_length;
  }
}

function held(viewer: Viewer): number {
  return viewer.unacked_length + viewer.snapshot_length;
}
