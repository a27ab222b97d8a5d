/** One round of sending: who stands at the same place and sees the same is sent the same text, made once. */
import type { Lens } from "../share/lens.ts";
import { frames, type Frame } from "./frame.ts";
import { MAX_FRAME_EVENTS } from "./limits.ts";
import type { Line } from "./log.ts";

export class Round {
  readonly #recent: readonly Line[];
  readonly #linesAfter: (seq: number) => Iterable<Line>;
  readonly #frames = new Map<Lens | null, Map<number, Frame>>();

  /** `recent`: the end of the log, as far as it is in memory. */
  constructor(recent: readonly Line[], linesAfter: (seq: number) => Iterable<Line>) {
    this.#recent = recent;
    this.#linesAfter = linesAfter;
  }

  /** The frame that begins after `seq`, as seen through `lens`; null when `affords` says no to redacting it. */
  frameAfter(seq: number, max_length: number, lens: Lens | null, affords: () => boolean): Frame | null {
    let known = this.#frames.get(lens);
    if (known === undefined) this.#frames.set(lens, (known = new Map<number, Frame>()));
    const made = known.get(seq);
    if (made !== undefined) return made;
    if (lens !== null && !affords()) return null;
    const lines = this.#lines(seq);
    for (const frame of frames(lens === null ? lines : seen(lines, lens), max_length)) {
      known.set(seq, frame);
      return frame;
    }
    throw new Error(`the log has nothing after seq ${String(seq)}, though the head is further`);
  }

  #lines(seq: number): Iterable<Line> {
    const [first] = this.#recent;
    const at = first === undefined ? -1 : seq + 1 - first.seq;
    if (at < 0 || at >= this.#recent.length) return this.#linesAfter(seq);
    // One more than a frame takes: what follows ends it.
    return this.#recent.slice(at, at + MAX_FRAME_EVENTS + 1);
  }
}

function* seen(lines: Iterable<Line>, lens: Lens): Generator<Line> {
  for (const { seq, text } of lines) yield { seq, text: lens.line(text) };
}
