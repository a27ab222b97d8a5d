/**
 * The clock of a project on screen: the present, or a moment of the past.
 *
 *   address, slider, keys, player ──go(seq)──▶ Seek ──▶ Past ──▶ what `feed` shows
 *   the stream ──▶ live feed, folded all the while ─────────────▶ what `feed` shows at LIVE
 *
 * `feed` has the shape of the live one, so that a view follows the clock
 * without knowing of it. While a moment is fetched the last picture stays.
 */
import { eventTime } from "../../../schema/event/event.ts";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { clockAfter } from "../../../schema/state/clock.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Connection } from "../feed/connection.ts";
import { drawSoon } from "../feed/draw.ts";
import type { Feed } from "../feed/feed.ts";
import { projectFold } from "../feed/project-fold.ts";
import { DEFAULT_SPEED, type Moment, type Speed } from "./address.ts";
import { Past, type PastFailure, type PastReader } from "./past.ts";
import { PlayClock } from "./play.ts";
import type { TimelineReader } from "./read-past.ts";
import { placeOf, placeOfSeq, spanOf, type Timeline } from "./scale.ts";
import { Seek } from "./seek.ts";

/** Shorter waits are not worth a word. */
const LOADING_AFTER_MS = 300;
/** The reader rests: the pages beside the moment are fetched. */
const PREPARE_AFTER_MS = 150;
/** A step of playback where motion is reduced. */
const STILL_STEP_MS = 1_000;
/** A frame that came late (a hidden tab, a long task) does not leap. */
const MAX_FRAME_MS = 250;
/** Events that one frame of playback may pass: folded in some 10 ms. */
const MAX_FRAME_EVENTS = 2_000;

interface Shown {
  seq: number;
  /** The clock of its work; 0 before there was any. */
  time_ms: number;
  /** Of its newest event, Clusterfork's own as well. */
  last_ms: number;
}

export class Travel {
  readonly feed: Feed;
  readonly live: Feed;
  /** Nothing came for a while: said beside the clock. */
  loading = $state(false);
  failure = $state.raw<PastFailure | null>(null);
  playing = $state(false);
  speed = $state<Speed>(DEFAULT_SPEED);
  timeline = $state.raw<Timeline | null>(null);
  /** Where the playhead is; null at the present. The picture follows. */
  seq = $state.raw<number | null>(null);

  #shown = $state.raw<Shown | null>(null);
  /** Opened by an address with a moment: the present is not shown before it. */
  #opening = $state(false);
  #version = $state(0);
  #base_version = 0;
  #state: ProjectState;
  #events: StoredEvent[] | null = null;
  #read: PastReader & TimelineReader;
  #past: Past;
  #seek: Seek;
  #drawing: { request: () => void; stop: () => void };
  #timers = { loading: 0, prepare: 0, step: 0, frame: 0 };
  #finding = 0;
  /** A moment whose seq could not be asked for: what another try asks for again. */
  #unfound: Moment | null = null;
  #asked_timeline = 0;

  constructor(live: Feed, read: PastReader & TimelineReader) {
    this.live = live;
    this.#read = read;
    this.#state = live.state;
    this.#past = new Past(projectFold, read);
    this.#seek = new Seek(this.#past, {
      show: (state) => this.#show(state),
      failed: (failure) => this.#fail(failure),
    });
    this.#drawing = drawSoon(() => this.#follow());
    const connection = $derived.by((): Connection => {
      if (live.connection.kind === "revoked") return live.connection;
      if (this.#shown !== null)
        return { kind: "past", at: this.#momentOf(this.#shown), live_at: live_second };
      return this.#opening ? { kind: "connecting" } : live.connection;
    });
    /** In steps of a second, or every frame of the stream would redraw the pill. */
    const live_second = $derived.by(() => {
      void live.version;
      return Math.floor(this.#presentMoment() / 1_000) * 1_000;
    });
    const shows_past = () => this.#shown !== null;
    const version = () =>
      this.#opening ? 0 : (shows_past() ? this.#base_version : live.version) + this.#version;
    const state = () => (shows_past() ? this.#state : live.state);
    const events = () => {
      if (!shows_past()) return live.events;
      void this.#version;
      return (this.#events ??= this.#past.newest(this.#shown?.seq ?? 0));
    };
    this.feed = {
      get state() {
        return state();
      },
      get version() {
        return version();
      },
      get events() {
        return events();
      },
      get connection() {
        return connection;
      },
      close: () => this.close(),
    };
  }

  /** A past moment is on screen, or on its way there. */
  get past(): boolean {
    return this.seq !== null || this.#opening;
  }
  /** Why nothing can be changed now; null when it can. */
  get refusal(): string | null {
    return this.past ? "You are viewing the past. Return to live to act." : null;
  }
  /** Event time of the picture; null while there is none. */
  get time_ms(): number | null {
    if (this.#shown !== null) return this.#momentOf(this.#shown);
    void this.live.version;
    return this.live.state.seq === 0 ? null : this.#presentMoment();
  }
  #presentMoment(): number {
    const { time, counters } = this.live.state;
    return time > 0 ? time : (counters.last_time ?? 0);
  }
  /** What Clusterfork said before any work stands where the work begins, or at its own time while there is none. */
  #momentOf({ time_ms, last_ms }: Shown): number {
    if (time_ms > 0) return time_ms;
    return this.live.state.time > 0 ? Math.min(last_ms, this.timeline?.from ?? last_ms) : last_ms;
  }
  get head(): number {
    void this.live.version;
    return this.live.state.seq;
  }
  /** 0 to 1 along the slider. The picture's own time where it has come, the slider's guess before. */
  get place(): number {
    const timeline = this.timeline;
    if (timeline === null || this.seq === null) return 1;
    if (this.#shown?.seq !== this.seq) return placeOfSeq(timeline, this.seq);
    return timeline.to === timeline.from || !timeline.even
      ? placeOfSeq(timeline, this.seq)
      : placeOf(timeline, this.#momentOf(this.#shown));
  }

  /** Shows the state after the event `seq`. The last event of the log is a moment as well: it stays when others follow. */
  go(seq: number): void {
    this.#finding++;
    this.#unfound = null;
    this.pause();
    this.#move(seq);
  }

  #move(seq: number): void {
    this.seq = Math.max(1, Math.round(seq));
    this.failure = null;
    this.#drawing.request();
  }

  /** An address was opened. */
  async open(moment: Moment): Promise<void> {
    if (this.#shown === null && this.live.version === 0) this.#opening = true;
    if ("seq" in moment) return this.go(moment.seq);
    this.pause();
    const ticket = ++this.#finding;
    this.#unfound = null;
    this.failure = null;
    this.#wait();
    const found = await this.#past.find(moment);
    if (ticket !== this.#finding) return;
    if (found.ok) return this.#move(found.seq);
    this.#unfound = moment;
    this.#fail(found);
  }

  /** Back to the present, which is there already. */
  goLive(): void {
    this.#finding++;
    this.#unfound = null;
    this.pause();
    this.#seek.stop();
    this.#drawing.stop();
    this.#arrived();
    this.seq = null;
    this.failure = null;
    this.#opening = false;
    if (this.#shown === null) return;
    this.#shown = null;
    this.#events = null;
    this.#version++;
  }

  step(by: 1 | -1): void {
    const next = (this.seq ?? this.head) + by;
    if (next > this.head || (by === 1 && this.seq === null)) this.goLive();
    else if (next >= 1) this.go(next);
  }

  /** After a failure. */
  retry(): void {
    if (this.#unfound !== null) void this.open(this.#unfound);
    else if (this.seq !== null) this.#move(this.seq);
  }

  togglePlay(): void {
    if (this.playing) return this.pause();
    // From the present there is nothing to play: it begins at the beginning.
    const from = this.seq ?? 1;
    this.go(from);
    this.playing = true;
    this.#play();
  }

  pause(): void {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.#timers.frame);
    clearTimeout(this.#timers.step);
  }

  #play(): void {
    let clock: PlayClock | null = null;
    let last_ms = performance.now();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const tick = () => {
      if (!this.playing) return;
      const now_ms = performance.now();
      const elapsed_ms = still ? STILL_STEP_MS : Math.min(now_ms - last_ms, MAX_FRAME_MS);
      last_ms = now_ms;
      // The clock stands while a page is on its way.
      if (this.#shown !== null && this.#shown.seq === this.seq) {
        clock ??= new PlayClock(this.#momentOf(this.#shown));
        this.#pass(clock, elapsed_ms);
      }
      schedule();
    };
    const schedule = () => {
      if (!this.playing) return;
      if (still) this.#timers.step = window.setTimeout(tick, STILL_STEP_MS);
      else this.#timers.frame = requestAnimationFrame(tick);
    };
    schedule();
  }

  #pass(clock: PlayClock, elapsed_ms: number): void {
    let seq = this.#shown?.seq ?? 0;
    let time_ms = this.#shown === null ? 0 : this.#momentOf(this.#shown);
    let next = this.#past.next(seq);
    if (next === undefined) {
      if (seq >= this.head) this.goLive();
      else this.#move(seq + 1);
      return;
    }
    clock.tick(elapsed_ms, this.speed, clockAfter(next, eventTime(next), time_ms));
    for (let passed = 0; next !== undefined && passed < MAX_FRAME_EVENTS; passed++) {
      time_ms = clockAfter(next, eventTime(next), time_ms);
      if (time_ms > clock.time_ms) break;
      seq = next.seq;
      next = this.#past.next(seq);
    }
    if (seq !== this.seq) {
      this.seq = seq;
      this.#follow();
      this.#prepareLater();
    }
  }

  /** Once per frame: shows where the playhead is, or fetches it. */
  #follow(): void {
    if (this.seq === null) return;
    if (!this.#seek.to(this.seq)) this.#wait();
  }

  #show(state: ProjectState): void {
    const seq = this.seq;
    if (seq === null) return;
    this.#arrived();
    if (this.#shown === null) this.#base_version = this.live.version;
    this.#state = state;
    this.#shown = { seq, time_ms: state.time, last_ms: state.counters.last_time ?? state.time };
    this.#events = null;
    this.#opening = false;
    this.failure = null;
    this.#version++;
    if (!this.playing) this.#prepareLater();
  }

  #fail(failure: PastFailure): void {
    this.#arrived();
    this.pause();
    this.#opening = false;
    this.failure = failure;
  }

  #wait(): void {
    if (this.#timers.loading !== 0) return;
    this.#timers.loading = window.setTimeout(() => (this.loading = true), LOADING_AFTER_MS);
  }

  #arrived(): void {
    clearTimeout(this.#timers.loading);
    this.#timers.loading = 0;
    this.loading = false;
  }

  #prepareLater(): void {
    clearTimeout(this.#timers.prepare);
    this.#timers.prepare = window.setTimeout(() => {
      if (this.seq !== null) void this.#seek.prepare(this.seq, this.head);
    }, PREPARE_AFTER_MS);
  }

  /** Asks for the slider's picture in `buckets` steps. The newest answer stays. */
  async refreshTimeline(buckets: number): Promise<void> {
    const ticket = ++this.#asked_timeline;
    const answer = await this.#read.timeline(buckets);
    if (ticket !== this.#asked_timeline || !answer.ok) return;
    this.timeline = spanOf(answer.timeline);
  }

  close(): void {
    this.goLive();
    clearTimeout(this.#timers.prepare);
    this.#drawing.stop();
    this.live.close();
  }
}
