/**
 * Earlier states that are kept, so that any moment near one is a short fold
 * away. Bounded by what they hold; the one used longest ago goes first.
 */
import { copyState, entriesOf } from "../../../schema/state/copy.ts";
import type { ProjectState } from "../../../schema/state/state.ts";

/** Entries (tasks, features, agents, …) of all keyframes: some 60 MB, twenty of the largest states or hundreds of usual ones. */
export const MAX_KEYFRAME_ENTRIES = 120_000;
/** Keyframes: finding the nearest one looks at all of them. */
export const MAX_KEYFRAMES = 256;

export class Keyframes {
  /** By seq, in order of use, the least recent first. */
  #frames = new Map<number, ProjectState>();
  #entries = 0;

  get size(): number {
    return this.#frames.size;
  }
  get entries(): number {
    return this.#entries;
  }
  has(seq: number): boolean {
    return this.#frames.has(seq);
  }

  /** `state` after every event up to `seq`. Takes it over: its giver folds no more into it. */
  put(seq: number, state: ProjectState): void {
    if (this.#frames.has(seq)) return;
    this.#frames.set(seq, state);
    this.#entries += entriesOf(state);
    for (const [oldest, held] of this.#frames) {
      const fits = this.#frames.size <= MAX_KEYFRAMES && this.#entries <= MAX_KEYFRAME_ENTRIES;
      // The newest stays even when it alone is too much: without it nothing could be shown.
      if (fits || oldest === seq) break;
      this.#frames.delete(oldest);
      this.#entries -= entriesOf(held);
    }
  }

  /** The seq of the newest at or before `seq`; -1 for none. */
  nearest(seq: number): number {
    let best = -1;
    for (const at of this.#frames.keys()) if (at <= seq && at > best) best = at;
    return best;
  }

  /** A copy to fold into. */
  take(seq: number): ProjectState | null {
    const frame = this.#frames.get(seq);
    if (frame === undefined) return null;
    this.#frames.delete(seq);
    this.#frames.set(seq, frame);
    return copyState(frame);
  }
}
