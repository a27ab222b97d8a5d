/** Columns that no segment keeps (ids, what overflowed): made of the log itself, slowly, and bounded. */
import type { Dictionary } from "../../../schema/column/column.ts";
import { fieldOf, type Value } from "../../../schema/column/field.ts";
import type { SegmentMeta } from "../../../schema/column/segment.ts";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { LOG_PAGE_EVENTS, MAX_LOG_CHARS, MAX_LOG_EVENTS, SLICE_CHARS } from "./limits.ts";
import type { LinesPage, LogSource, Refused } from "./source.ts";

export class LogColumns<R extends Refused> {
  readonly #source: LogSource<R>;
  #events = 0;
  #chars = 0;

  constructor(source: LogSource<R>) {
    this.#source = source;
  }

  /** `"log"`: no more may be read. */
  async read(segment: SegmentMeta, fields: readonly string[]): Promise<Map<string, Dictionary> | R | "log"> {
    this.#events += segment.events;
    if (this.#events > (this.#source.log_events ?? MAX_LOG_EVENTS)) return "log";
    const columns = fields.map((field) => ({
      field,
      places: new Map<Value, number>(),
      codes: new Uint16Array(segment.events),
    }));
    let cell = 0;
    let unpaused = 0;
    for (let since: number | null = segment.first_seq - 1; since !== null && since < segment.last_seq;) {
      const limit = Math.min(LOG_PAGE_EVENTS, segment.last_seq - since);
      const page: LinesPage | R = await this.#source.lines(since, limit);
      if (!page.ok) return page;
      for (const line of page.events) {
        this.#chars += line.length;
        unpaused += line.length;
        if (this.#chars > MAX_LOG_CHARS) return "log";
        const event = JSON.parse(line) as StoredEvent;
        // Forgotten events are missing from a page, so it may reach further.
        if (event.seq > segment.last_seq) break;
        for (const { field, places, codes } of columns) {
          const value = fieldOf(event, field);
          if (value === null) continue;
          let code = places.get(value);
          if (code === undefined) places.set(value, (code = places.size + 1));
          codes[cell] = code;
        }
        cell += 1;
        if (unpaused >= SLICE_CHARS) {
          unpaused = 0;
          await this.#source.pause();
        }
      }
      since = page.next;
    }
    if (cell !== segment.events) return this.#source.changed();
    return new Map(
      columns.map(({ field, places, codes }) => [
        field,
        { kind: "dictionary", values: [...places.keys()], codes },
      ]),
    );
  }
}
