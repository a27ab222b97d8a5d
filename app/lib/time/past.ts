/**
 * Any earlier state of the project, folded here by the same reducer as the
 * live one (S2), from what is kept:
 *
 *   keyframe ──copy──▶ + events of its page ──▶ state at seq      look(seq), synchronous
 *      ▲                        ▲
 *   GET …/state?at=<page start>   GET …/events?since=<page start>   load(seq)
 *
 * `look` costs a copy and at most two pages of events, wherever in the log;
 * a step forward costs one `apply`. `load` makes a moment lookable.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { copyState } from "../../../schema/state/copy.ts";
import type { ProjectState, WireState } from "../../../schema/state/state.ts";
import type { Fold } from "../feed/fold.ts";
import type { Moment } from "./address.ts";
import { Keyframes } from "./keyframes.ts";
import { type EventPage, EventPages, firstAfter, PAGE_EVENTS, pageOf, startOf } from "./pages.ts";
import { grouped } from "../ui/grouped.ts";

export interface PastFailure {
  ok: false;
  message: string;
  request_id: string | undefined;
}
export interface PastReader {
  state(moment: Moment): Promise<{ ok: true; seq: number; state: WireState } | PastFailure>;
  /** The events after `since` up to `since + PAGE_EVENTS`. */
  page(since: number): Promise<({ ok: true } & EventPage) | PastFailure>;
}

/** Events of one look: more would be felt, so a keyframe is fetched instead. */
const MAX_FOLDED_EVENTS = 2 * PAGE_EVENTS;
/** Whoever steps back goes on stepping back: a keyframe is left so far behind each long fold. */
const STRIDE_EVENTS = 64;
/** Events listed before a moment, as many as the live list keeps. */
const LISTED_EVENTS = 2_000;

export class Past {
  readonly frames = new Keyframes();
  readonly pages = new EventPages();
  #fold: Fold;
  #read: PastReader;
  /** What was looked at last, after every event up to `seq`: withheld events leave their seqs. */
  #here: { seq: number; state: ProjectState } | null = null;
  /** What is being fetched: a second asker waits for the same reply. */
  #fetching = new Map<string, Promise<PastFailure | null>>();

  constructor(fold: Fold, read: PastReader) {
    this.#fold = fold;
    this.#read = read;
  }

  /** The state at `seq`, if what is here suffices; it changes in place with the next look. */
  look(seq: number): ProjectState | null {
    const frame_seq = seq === 0 ? 0 : this.frames.nearest(seq);
    // Nearer than a jump: the next look is likely to be a little earlier still.
    const back = this.#here !== null && this.#here.seq > seq && this.#here.seq - seq <= PAGE_EVENTS;
    const stay = this.#here !== null && this.#here.seq <= seq && this.#here.seq >= frame_seq;
    const from = stay ? (this.#here?.seq ?? 0) : frame_seq;
    if (from < 0 || !this.#covers(from, seq)) return null;
    if (!stay) {
      const state = this.frames.take(frame_seq) ?? (frame_seq === 0 ? this.#fold.empty() : null);
      if (state === null) return null;
      this.#here = { seq: frame_seq, state };
    }
    const behind = seq - STRIDE_EVENTS;
    if (back && behind - frame_seq > STRIDE_EVENTS) {
      const state = this.#advance(behind);
      if (state !== null) this.frames.put(behind, copyState(state));
    }
    return this.#advance(seq);
  }

  #covers(from: number, seq: number): boolean {
    if (seq <= from) return true;
    if (seq - from > MAX_FOLDED_EVENTS) return false;
    for (let page = pageOf(from + 1); page <= pageOf(seq); page++)
      if (!this.pages.covers(page, seq)) return false;
    return true;
  }

  #advance(seq: number): ProjectState | null {
    const here = this.#here;
    if (here === null) return null;
    while (here.seq < seq) {
      const index = pageOf(here.seq + 1);
      const end = Math.min(seq, startOf(index + 1));
      const events = this.pages.get(index)?.events ?? [];
      for (let at = firstAfter(events, here.seq); at < events.length; at++) {
        const event = events[at];
        if (event === undefined || event.seq > end) break;
        this.#fold.apply(here.state, event);
      }
      here.seq = end;
      if (end === startOf(index + 1) && !this.frames.has(end)) this.frames.put(end, copyState(here.state));
    }
    return here.state;
  }

  /** The event after `seq`, where it is here. */
  next(seq: number): StoredEvent | undefined {
    const events = this.pages.get(pageOf(seq + 1))?.events ?? [];
    return events[firstAfter(events, seq)];
  }

  /** The last events up to `seq` that are here without a hole, the oldest first. */
  newest(seq: number): StoredEvent[] {
    let listed: StoredEvent[] = [];
    for (let index = pageOf(seq); index >= 0 && listed.length < LISTED_EVENTS; index--) {
      if (!this.pages.covers(index, seq)) break;
      const events = this.pages.get(index)?.events ?? [];
      listed = [...events.slice(0, firstAfter(events, seq)), ...listed];
    }
    return listed.slice(-LISTED_EVENTS);
  }

  /** Fetches what `look(seq)` needs. Null: it has come, though it may be forgotten again by now. */
  async load(seq: number): Promise<PastFailure | null> {
    const index = pageOf(seq);
    const start = startOf(index);
    const nearest = Math.max(this.frames.nearest(seq), this.#within(start, seq));
    const [events, frame] = await Promise.all([
      this.pages.covers(index, seq) ? null : this.#loadPage(index),
      // A keyframe before the page serves as well, where all events between are here.
      nearest >= start || (nearest >= 0 && this.#covers(nearest, start)) ? null : this.#loadFrame(start),
    ]);
    return events ?? frame ?? this.#unreached(index, seq);
  }

  /** The log may end before `seq`: then no waiting helps. */
  #unreached(index: number, seq: number): PastFailure | null {
    const through = this.pages.get(index)?.through;
    if (through === undefined || this.pages.covers(index, seq)) return null;
    const message = `Event ${grouped(seq)} has not happened: the log ends at ${grouped(through)}.`;
    return { ok: false, message, request_id: undefined };
  }

  /** The state on screen, where it can be folded on to `seq`; -1 where it cannot. */
  #within(start: number, seq: number): number {
    const here = this.#here?.seq ?? -1;
    return here >= start && here <= seq ? here : -1;
  }

  /** The state at a time; its seq is only known then. */
  async find(moment: Moment): Promise<{ ok: true; seq: number } | PastFailure> {
    const answer = await this.#read.state(moment);
    if (!answer.ok) return answer;
    this.frames.put(answer.seq, this.#fold.decode(answer.state));
    return { ok: true, seq: answer.seq };
  }

  #loadPage(index: number): Promise<PastFailure | null> {
    return this.#once(`page ${String(index)}`, async () => {
      const answer = await this.#read.page(startOf(index));
      if (!answer.ok) return answer;
      this.pages.put(index, answer);
      return null;
    });
  }

  #loadFrame(seq: number): Promise<PastFailure | null> {
    return this.#once(`frame ${String(seq)}`, async () => {
      if (seq === 0) {
        this.frames.put(0, this.#fold.empty());
        return null;
      }
      const answer = await this.#read.state({ seq });
      if (!answer.ok) return answer;
      this.frames.put(seq, this.#fold.decode(answer.state));
      return null;
    });
  }

  #once(name: string, work: () => Promise<PastFailure | null>): Promise<PastFailure | null> {
    const known = this.#fetching.get(name);
    if (known !== undefined) return known;
    const started = work().finally(() => this.#fetching.delete(name));
    this.#fetching.set(name, started);
    return started;
  }
}
