/**
 * Some thousand consecutive events by columns.
 *
 *   event ──add──▶ SegmentBuilder ──encode──▶ EncodedSegment ──(stored, sent)──▶ decodeColumn
 *
 * Bounded whatever is sent: a field beyond the limits below is named or counted, but not kept, and a question
 * about it reads the log instead.
 */
import { eventTime, type StoredEvent } from "../event/event.ts";
import { encodeColumn, type Column, type Numbers } from "./column.ts";
import { METADATA_PREFIX, METRICS_PREFIX, TEXT_FIELDS, UNKEPT_FIELD, valueOf, type Value } from "./field.ts";

/**
 * Events of one segment: large enough that its rows cost nothing per event, small enough to be one slice of work,
 * and far below the 65,535 values that codes of 16 bits tell apart (column.ts).
 */
export const MAX_SEGMENT_EVENTS = 8_192;
/** Fields of metadata and metrics that a segment keeps: more than these are data, not fields. */
export const MAX_SEGMENT_FIELDS = 256;
/** UTF-16 units of a column's distinct values, and of all columns of a segment: what a room holds until it is stored. */
export const MAX_COLUMN_CHARS = 512 * 1024;
export const MAX_SEGMENT_CHARS = 4 * 1024 * 1024;
/** Distinct numbers beyond which a column of numbers alone is kept as numbers. */
const MAX_DICTIONARY_NUMBERS = 1_024;

export interface SegmentMeta {
  first_seq: number;
  last_seq: number;
  /** Of events that are there; forgotten ones are not. */
  events: number;
  /** Event time of the earliest and the latest, ms; 0 and -1 when there is none. */
  min_time: number;
  max_time: number;
  /** True when there are fields that it does not even name: an unknown one may be among them. */
  overflows: boolean;
}

export interface EncodedSegment extends SegmentMeta {
  /** By field; empty bytes: some events have it, but it is not kept, read the log. Absent: no event has it. */
  columns: Map<string, Uint8Array>;
}

/** Stands for a column that is in the log alone. */
export const UNKEPT = new Uint8Array(0);

class Entries {
  readonly places = new Map<Value, number>();
  /** Per event 1 + its value's place; 0 where it has none. */
  codes = new Uint16Array(MAX_SEGMENT_EVENTS);
  present = 0;
  only_numbers = true;
  chars = 0;
  kept = true;
  /** What came last: in a log the same session, task and model come in runs. */
  last: Value | null = null;
  last_code = 0;

  drop(): void {
    this.kept = false;
    this.places.clear();
    this.codes = new Uint16Array(0);
    this.chars = 0;
  }
}

export class SegmentBuilder {
  readonly first_seq: number;
  #last_seq: number;
  #times: number[] = [];
  #seqs: number[] = [];
  #overflows = false;
  #chars = 0;
  readonly #envelope = new Map<string, Entries>();
  readonly #metadata = new Map<string, Entries>();
  readonly #metrics = new Map<string, Entries>();

  constructor(first_seq: number) {
    this.first_seq = first_seq;
    this.#last_seq = first_seq - 1;
  }

  get events(): number {
    return this.#seqs.length;
  }

  get last_seq(): number {
    return this.#last_seq;
  }

  /** A seq whose event was forgotten. */
  skip(seq: number): void {
    this.#last_seq = seq;
  }

  get isFull(): boolean {
    return this.events >= MAX_SEGMENT_EVENTS;
  }

  /** Total, as the fold is: whatever a stored event holds, it can be added while the segment is not full. */
  add(event: StoredEvent): void {
    const cell = this.#seqs.length;
    this.#last_seq = event.seq;
    this.#seqs.push(event.seq);
    this.#times.push(eventTime(event));
    // One by one: a field named at run time is looked up in a table of all shapes that events have.
    const { event_type, agent_id, agent_role, task_id, feature_id, session_id, source, key_id } = event;
    const texts = [event_type, agent_id, agent_role, task_id, feature_id, session_id, source, key_id];
    for (let i = 0; i < texts.length; i += 1) {
      const text = texts[i];
      if (text !== undefined) this.#put(this.#envelope, TEXT_FIELDS[i] ?? "", cell, valueOf(text));
    }
    for (const key in event.metadata) this.#put(this.#metadata, key, cell, valueOf(event.metadata[key]));
    for (const key in event.metrics) this.#put(this.#metrics, key, cell, valueOf(event.metrics[key]));
  }

  meta(): SegmentMeta {
    let min_time = this.#times[0] ?? 0;
    let max_time = this.#times[0] ?? -1;
    for (const time of this.#times) {
      if (time < min_time) min_time = time;
      if (time > max_time) max_time = time;
    }
    return {
      first_seq: this.first_seq,
      last_seq: this.#last_seq,
      events: this.events,
      min_time,
      max_time,
      overflows: this.#overflows,
    };
  }

  /** All columns, or those asked for. */
  encode(only?: ReadonlySet<string>): EncodedSegment {
    const columns = new Map<string, Uint8Array>();
    for (const field of this.fields()) {
      if (only !== undefined && !only.has(field)) continue;
      const column = this.column(field);
      columns.set(field, column === null ? UNKEPT : encodeColumn(column));
    }
    return { ...this.meta(), columns };
  }

  *fields(): Generator<string> {
    if (this.events === 0) return;
    yield* ["seq", "time", UNKEPT_FIELD];
    yield* this.#envelope.keys();
    for (const key of this.#metadata.keys()) yield METADATA_PREFIX + key;
    for (const key of this.#metrics.keys()) yield METRICS_PREFIX + key;
  }

  /** Null when it is not kept or no event has it. */
  column(field: string): Column | null {
    if (field === "seq") return { kind: "numbers", numbers: Float64Array.from(this.#seqs) };
    if (field === "time") return { kind: "numbers", numbers: Float64Array.from(this.#times) };
    const entries = this.#find(field);
    if (entries === undefined || !entries.kept) return null;
    const numbers = numbersOf(entries, this.events);
    if (numbers !== null) return numbers;
    const codes = entries.codes.slice(0, this.events);
    return { kind: "dictionary", values: [...entries.places.keys()], codes };
  }

  #find(field: string): Entries | undefined {
    if (field.startsWith(METADATA_PREFIX)) return this.#metadata.get(field.slice(METADATA_PREFIX.length));
    if (field.startsWith(METRICS_PREFIX)) return this.#metrics.get(field.slice(METRICS_PREFIX.length));
    return this.#envelope.get(field);
  }

  #put(columns: Map<string, Entries>, key: string, cell: number, value: Value | null): void {
    if (value === null) return;
    let entries = columns.get(key);
    if (entries === undefined) {
      if (this.#metadata.size + this.#metrics.size >= MAX_SEGMENT_FIELDS && columns !== this.#envelope) {
        this.#overflows = true;
        return;
      }
      entries = new Entries();
      columns.set(key, entries);
    }
    if (!entries.kept) return;
    entries.present += 1;
    if (value === entries.last) {
      entries.codes[cell] = entries.last_code;
      return;
    }
    const code = entries.places.get(value) ?? this.#add(entries, value);
    entries.codes[cell] = code;
    entries.last = value;
    entries.last_code = code;
  }

  /** A new value's code; 0 when it was one too many, and the column is given up. */
  #add(entries: Entries, value: Value): number {
    if (typeof value !== "number") {
      const chars = String(value).length + 1;
      if (entries.chars + chars > MAX_COLUMN_CHARS || this.#chars + chars > MAX_SEGMENT_CHARS) {
        this.#chars -= entries.chars;
        entries.drop();
        return 0;
      }
      entries.only_numbers = false;
      entries.chars += chars;
      this.#chars += chars;
    }
    const code = entries.places.size + 1;
    entries.places.set(value, code);
    return code;
  }
}

/** As numbers, where a dictionary of them would be longer: mostly distinct, or many. */
function numbersOf(entries: Entries, events: number): Numbers | null {
  const distinct = entries.places.size;
  const many = distinct > MAX_DICTIONARY_NUMBERS || distinct * 4 > entries.present;
  if (!entries.only_numbers || !many) return null;
  const byCode = Float64Array.of(NaN, ...[...entries.places.keys()].map(Number));
  const numbers = new Float64Array(events);
  for (let cell = 0; cell < events; cell += 1) numbers[cell] = byCode[entries.codes[cell] ?? 0] ?? NaN;
  return { kind: "numbers", numbers };
}
