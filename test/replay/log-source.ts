/** A log by columns as the room keeps it, in memory, cut where a test wants it. */
import { fieldOf, type Value } from "../../schema/column/field.ts";
import type { ColumnsAsk, ColumnsPage, SegmentPart } from "../../schema/column/page.ts";
import { SegmentBuilder, UNKEPT, type EncodedSegment } from "../../schema/column/segment.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { LogSource } from "../../worker/insight/query/source.ts";

export interface Cut {
  /** Events per segment. */
  size: number;
  /** Segments per page. */
  page: number;
  /** Fields that no segment keeps: named without bytes, or not named at all. */
  unkept: readonly string[];
  unnamed: readonly string[];
}

export const CHANGED = { ok: false, reason: "changed" } as const;

export function sourceOf(log: readonly StoredEvent[], cut: Cut): LogSource<typeof CHANGED> {
  const segments: EncodedSegment[] = [];
  for (let from = 0; from < log.length; from += cut.size) {
    const builder = new SegmentBuilder(log[from]?.seq ?? 0);
    for (const event of log.slice(from, from + cut.size)) builder.add(event);
    const segment = builder.encode();
    for (const field of cut.unkept) if (segment.columns.has(field)) segment.columns.set(field, UNKEPT);
    for (const field of cut.unnamed) segment.columns.delete(field);
    segments.unshift({ ...segment, overflows: cut.unnamed.length > 0 });
  }
  return {
    columns: async (ask: ColumnsAsk): Promise<ColumnsPage> => {
      const { before } = ask;
      const from = ask.from ?? -Infinity;
      const to = ask.to ?? Infinity;
      const found = segments.filter(
        (one) => (before === null || one.first_seq < before) && one.max_time >= from && one.min_time <= to,
      );
      const page = found.slice(0, cut.page).map(({ columns, ...meta }): SegmentPart => {
        const needs_time = ask.time || meta.min_time < from || meta.max_time > to;
        return {
          ...meta,
          columns: ask.fields.map((field) => columns.get(field) ?? null),
          time: needs_time ? (columns.get("time") ?? null) : null,
        };
      });
      return {
        ok: true,
        head_seq: log.at(-1)?.seq ?? 0,
        segments: page,
        before: found.length > cut.page ? (page.at(-1)?.first_seq ?? null) : null,
      };
    },
    fields: async () => ({ ok: true, head_seq: log.length, fields: fieldsIn(log), complete: true }),
    lines: async (since, limit) => {
      const after = log.filter(({ seq }) => seq > since);
      const events = after.slice(0, limit);
      const next = after.length > limit ? (events.at(-1)?.seq ?? null) : null;
      return { ok: true, events: events.map((event) => JSON.stringify(event)), next };
    },
    pause: async () => {},
    changed: () => CHANGED,
  };
}

export function fieldsIn(log: readonly StoredEvent[]): string[] {
  const names = log.flatMap(({ metadata = {}, metrics = {} }) => [
    ...Object.keys(metadata).map((key) => `metadata.${key}`),
    ...Object.keys(metrics).map((key) => `metrics.${key}`),
  ]);
  return [...new Set(names)];
}

export const valuesOf = (event: StoredEvent, fields: readonly string[]): (Value | null)[] =>
  fields.map((field) => fieldOf(event, field));
