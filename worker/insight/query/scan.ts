/**
 * Walks the log's columns from the newest segment to the oldest, within bounds and in slices.
 *
 *   LogSource.columns ─page─▶ segment ─decode─▶ Cells ─▶ each(cells)
 *                     └ a field that is not kept ─▶ LogSource.lines ─parse─┘
 *
 * Slices are counted in cells and not in time: on Cloudflare the clock stands still while nothing is awaited.
 */
import { decodeColumn, type Column } from "../../../schema/column/column.ts";
import type { ColumnsPage, SegmentPart } from "../../../schema/column/page.ts";
import type { SegmentMeta } from "../../../schema/column/segment.ts";
import { METADATA_PREFIX, METRICS_PREFIX, UNKEPT_FIELD } from "../../../schema/column/field.ts";
import type { Truncation } from "../../../schema/wire/query.ts";
import { MAX_FETCHED_BYTES, MAX_SCANNED_EVENTS, SLICE_CELLS } from "./limits.ts";
import { LogColumns } from "./log-columns.ts";
import type { LogSource, Refused } from "./source.ts";

/** One segment's events by the columns that a question needs. */
export interface Cells {
  events: number;
  /** Null: no event has it. */
  column(field: string): Column | null;
}

export interface Range {
  from: number | null;
  to: number | null;
}

/** A segment that is whole inside of the range needs no look at its times. */
export function isInside({ min_time, max_time }: SegmentMeta, { from, to }: Range): boolean {
  return (from === null || min_time >= from) && (to === null || max_time <= to);
}

export class Scan<R extends Refused> {
  head_seq = 0;
  /** The bound that ended the reading early; null when the whole range was read. */
  truncated_by: Truncation | null = null;
  readonly #source: LogSource<R>;
  readonly #log: LogColumns<R>;
  #events = 0;
  #bytes = 0;
  #cells = 0;

  constructor(source: LogSource<R>) {
    this.#source = source;
    this.#log = new LogColumns(source);
  }

  /** `each` returns a bound that it met, or null to go on. */
  async read(
    range: Range,
    fields: readonly string[],
    each: (cells: Cells, is_inside: boolean) => Truncation | null,
  ): Promise<R | null> {
    const time = fields.includes("time");
    const wanted = fields.filter((field) => field !== "time");
    let before: number | null = null;
    do {
      const page: ColumnsPage | R = await this.#source.columns({
        ...range,
        fields: wanted,
        time,
        before,
      });
      if (!page.ok) return page;
      const newest = page.segments[0];
      if (before === null) this.head_seq = page.head_seq;
      // A segment that reaches beyond where the last page ended was written since: events were destroyed.
      else if (newest !== undefined && newest.last_seq >= before) return this.#source.changed();
      for (const segment of page.segments) {
        const bound = this.#overBudget(segment);
        if (bound !== null) {
          this.truncated_by = bound;
          return null;
        }
        const cells = await this.#open(segment, wanted);
        if (cells === "log") {
          this.truncated_by = "log";
          return null;
        }
        if (!("events" in cells)) return cells;
        const met = each(cells, isInside(segment, range));
        if (met !== null) {
          this.truncated_by = met;
          return null;
        }
        await this.work(segment.events * (fields.length + 1));
      }
      before = page.before;
    } while (before !== null);
    return null;
  }

  /** Counts work done, and pauses when it was enough for one slice. */
  async work(cells: number): Promise<void> {
    this.#cells += cells;
    if (this.#cells < SLICE_CELLS) return;
    this.#cells = 0;
    await this.#source.pause();
  }

  #overBudget(segment: SegmentPart): Truncation | null {
    this.#events += segment.events;
    for (const column of segment.columns) this.#bytes += column?.length ?? 0;
    this.#bytes += segment.time?.length ?? 0;
    if (this.#events > MAX_SCANNED_EVENTS) return "events";
    return this.#bytes > MAX_FETCHED_BYTES ? "bytes" : null;
  }

  async #open(segment: SegmentPart, fields: readonly string[]): Promise<Cells | R | "log"> {
    const { events, overflows, columns, time } = segment;
    const in_log = fields.filter((field, i) => {
      const bytes = columns[i] ?? null;
      return bytes === null ? overflows && isSent(field) : bytes.length === 0;
    });
    const opened = new Map<string, Column | null>();
    if (in_log.length > 0) {
      const from_log = await this.#log.read(segment, in_log);
      if (!(from_log instanceof Map)) return from_log;
      for (const [field, column] of from_log) opened.set(field, column);
    }
    return {
      events,
      column(field) {
        let column = opened.get(field);
        if (column !== undefined) return column;
        const bytes = field === "time" ? time : (columns[fields.indexOf(field)] ?? null);
        column = bytes === null ? null : decodeColumn(bytes, events);
        opened.set(field, column);
        return column;
      },
    };
  }
}

/** Whether it is one of those that a segment may have without naming it. */
function isSent(field: string): boolean {
  return field.startsWith(METADATA_PREFIX) || field.startsWith(METRICS_PREFIX) || field === UNKEPT_FIELD;
}
