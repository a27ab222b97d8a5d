/**
 * The events page's memory: what the stream brought while the page was open,
 * and what was read backwards from the log; each seq once, the newest first.
 * The stream's own list keeps only the newest; this one keeps what was read.
 */
import { untrack } from "svelte";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { joinNews, mergeNewestFirst, type ReadLog, readBefore } from "./log.ts";

/** What a tab holds at most: ~20 MB of events at 1 KB each. Beyond it, the reader filters or narrows. */
const MAX_HELD_EVENTS = 20_000;

export class Archive {
  /** The newest first. */
  events = $state.raw<StoredEvent[]>([]);
  loading = $state(false);
  failure = $state.raw<{ message: string; request_id: string | undefined } | null>(null);
  /** The log's first event is here. */
  complete = $state(false);
  #read: ReadLog;
  /** Counts new beginnings: a page that was asked for before one belongs to nothing. */
  #began = 0;

  constructor(read: ReadLog) {
    this.#read = read;
  }

  get full(): boolean {
    return this.events.length >= MAX_HELD_EVENTS;
  }

  /**
   * Adds the feed's newest events (the oldest first, as it keeps them). `head`: the last seq on screen. Where
   * the clock went back to before everything held, the list begins anew there.
   */
  take(live: StoredEvent[], head: number): void {
    const held = untrack(() => this.events);
    const left = (held.at(-1)?.seq ?? 0) > head;
    const joined = joinNews(left ? [] : held, live);
    if (left) this.restart();
    if (joined === null) return;
    this.events = joined.events.slice(0, MAX_HELD_EVENTS);
    if (joined.restarted || this.full) this.complete = false;
  }

  /** The clock moved on over what is not here: the list begins anew. */
  restart(): void {
    this.#began++;
    this.loading = false;
    this.events = [];
    this.complete = false;
    this.failure = null;
  }

  /** `head`: where to begin when nothing is held yet. */
  async loadOlder(head: number): Promise<void> {
    if (this.loading || this.complete || this.full) return;
    this.loading = true;
    this.failure = null;
    const oldest = this.events.at(-1)?.seq ?? head + 1;
    const began = this.#began;
    const answer = await readBefore(this.#read, oldest);
    if (began !== this.#began) return;
    if (answer.ok) {
      this.events = mergeNewestFirst(this.events, answer.page.events);
      this.complete = answer.done === true;
    } else this.failure = answer;
    this.loading = false;
  }
}
