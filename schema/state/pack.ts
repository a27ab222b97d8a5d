/** WireState → lines, see packing.ts. */
import {
  type Column,
  type Entry,
  MASK_COLUMNS,
  PACKED_LISTS,
  type PackedEnd,
  type PackedHead,
  type PackedList,
  type PackedSlice,
  PACKING_VERSION,
  type PlainSlice,
  SLICE_ENTRIES,
} from "./packing.ts";
import type { WireState } from "./state.ts";

/** What is usual in a column is looked for among so many entries. */
const SAMPLE_ENTRIES = 32;

/** Lines without their ends. */
export function* packLines(state: WireState): Generator<string> {
  const short: WireState = { ...state };
  for (const list of PACKED_LISTS) short[list] = [];
  const head: PackedHead = { packed: PACKING_VERSION, seq: state.seq, time: state.time, state: short };
  yield JSON.stringify(head);
  for (const list of PACKED_LISTS) {
    const entries: readonly object[] = state[list];
    for (let at = 0; at < entries.length; at += SLICE_ENTRIES)
      yield JSON.stringify(packSlice(list, entries.slice(at, at + SLICE_ENTRIES) as Entry[]));
  }
  yield JSON.stringify({ end: true } satisfies PackedEnd);
}

export function packText(state: WireState): string {
  let text = "";
  for (const line of packLines(state)) text += `${line}\n`;
  return text;
}

function packSlice(list: PackedList, entries: Entry[]): PackedSlice | PlainSlice {
  const [first] = entries;
  const columns = first === undefined ? [] : columnsOf(first);
  if (columns.length > 2 * MASK_COLUMNS || !entries.every((entry) => hasShape(entry, columns)))
    return { list, plain: entries };
  const sample = entries.slice(0, SAMPLE_ENTRIES);
  const blank = columns.map((column) => usual(sample.map((entry) => valueIn(entry, column))));
  return { list, columns, blank, rows: entries.map((entry) => packRow(entry, columns, blank)) };
}

function packRow(
  entry: Entry,
  columns: readonly Column[],
  blank: readonly unknown[],
): PackedSlice["rows"][number] {
  const row: PackedSlice["rows"][number] = [0, 0];
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index];
    if (column === undefined) break;
    const value = valueIn(entry, column);
    if (isSame(value, blank[index])) continue;
    if (index < MASK_COLUMNS) row[0] |= 1 << index;
    else row[1] |= 1 << (index - MASK_COLUMNS);
    row.push(value);
  }
  return row;
}

/** Objects inside of an entry have their fields as columns; one that may also be null is a value like any other. */
const NESTED = ["usage", "past"];

function columnsOf(entry: Entry): Column[] {
  const columns: Column[] = [];
  for (const [key, value] of Object.entries(entry)) {
    if (isNested(key, value)) for (const field of Object.keys(value)) columns.push([key, field]);
    else columns.push([key]);
  }
  return columns;
}

function isNested(key: string, value: unknown): value is Entry {
  return NESTED.includes(key) && typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** The same keys in the same order. */
function hasShape(entry: Entry, columns: readonly Column[]): boolean {
  let index = 0;
  for (const key in entry) {
    const value = entry[key];
    if (isNested(key, value)) {
      for (const field in value) {
        const column = columns[index++];
        if (column?.[0] !== key || column[1] !== field) return false;
      }
    } else {
      const column = columns[index++];
      if (column?.[0] !== key || column[1] !== undefined || value === undefined) return false;
    }
  }
  return index === columns.length;
}

function valueIn(entry: Entry, [key, field]: Column): unknown {
  return field === undefined ? entry[key] : (entry[key] as Entry)[field];
}

/** Of what can be usual: a primitive, or the empty list. */
function usual(values: readonly unknown[]): unknown {
  const counts = new Map<unknown, number>();
  let most: unknown = null;
  let count = 0;
  for (const value of values) {
    const key = isEmptyList(value) ? EMPTY : value;
    if (typeof value === "object" && value !== null && key !== EMPTY) continue;
    const times = (counts.get(key) ?? 0) + 1;
    counts.set(key, times);
    if (times > count) [most, count] = [value, times];
  }
  return most;
}

const EMPTY = Symbol("the empty list");
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
const isSame = (value: unknown, blank: unknown): boolean =>
  value === blank || (isEmptyList(blank) && isEmptyList(value));
