/**
 * Events of the log that are kept, in pages of equal seqs: page n holds the
 * seqs n · PAGE_EVENTS + 1 … (n + 1) · PAGE_EVENTS. Bounded; the page used
 * longest ago goes first.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";

/** As many as the API gives at once, and folded in some 5 ms: the longest way from a keyframe at its start. */
export const PAGE_EVENTS = 1_000;
/** Pages kept: ~40 MB at 1 KB an event. Scrubbing back and forth over 40,000 events asks the server nothing. */
export const MAX_PAGES = 40;
/** Characters of all pages as they arrived; a page of large events counts as many. */
export const MAX_PAGE_CHARS = 40_000_000;

export interface EventPage {
  /** Ascending. Withheld and destroyed events are missing. */
  events: StoredEvent[];
  /** Every event up to this seq is here; less than the page's end at the head of the log. */
  through: number;
  /** Length of the JSON it came in. */
  chars: number;
}

/** Of the page with this seq; page 0 has seq 0 as well, the state before the first event. */
export const pageOf = (seq: number) => Math.max(0, Math.ceil(seq / PAGE_EVENTS) - 1);
export const startOf = (page: number) => page * PAGE_EVENTS;

export class EventPages {
  #pages = new Map<number, EventPage>();
  #chars = 0;

  get size(): number {
    return this.#pages.size;
  }

  put(index: number, page: EventPage): void {
    const known = this.#pages.get(index);
    // A late reply may know less of the log's last page than an earlier one.
    if (known !== undefined && known.through >= page.through) return;
    this.#chars += page.chars - (known?.chars ?? 0);
    this.#pages.delete(index);
    this.#pages.set(index, page);
    for (const [oldest, { chars }] of this.#pages) {
      const fits = this.#pages.size <= MAX_PAGES && this.#chars <= MAX_PAGE_CHARS;
      if (fits || oldest === index) break;
      this.#pages.delete(oldest);
      this.#chars -= chars;
    }
  }

  /** Whether page `index` is here up to `seq`. */
  covers(index: number, seq: number): boolean {
    return (this.#pages.get(index)?.through ?? -1) >= Math.min(seq, startOf(index + 1));
  }

  get(index: number): EventPage | undefined {
    const page = this.#pages.get(index);
    if (page === undefined) return undefined;
    this.#pages.delete(index);
    this.#pages.set(index, page);
    return page;
  }
}

/** The position of the first event after `seq`, by bisection: pages are ascending. */
export function firstAfter(events: readonly StoredEvent[], seq: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.seq ?? Infinity) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
