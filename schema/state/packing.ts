/**
 * The state as lines that are a fifth as long as its JSON, and are read a slice at a time.
 *
 *   WireState ──packLines──▶ {"packed":1,"seq":…,"time":…,"state":{all but the long lists}}
 *                            {"list":"open_tasks","columns":[…],"blank":[…],"rows":[[3,0,"task-1","A title"],…]}
 *                            …
 *                            {"end":true}  ──Unpacking──▶ WireState
 *
 * Most fields of most entries say nothing: null, 0, an empty list. A slice names its columns once and what is usual in
 * each; a row has two masks of the columns that differ, and their values. Exact: the unpacked state has the same JSON,
 * its keys in the same order (S1). A browser parses 5 MB of JSON in one piece of its main thread, and draws nothing
 * meanwhile; a slice takes it some milliseconds at most.
 */
import type { WireState } from "./state.ts";

/** Raised when the form changes; who knows another one asks for the JSON. */
export const PACKING_VERSION = 1;
/** Entries of a slice: about 50 KB of tasks. */
export const SLICE_ENTRIES = 250;
/** Columns of one mask: bitwise operators see 32 bits, and the sign is one of them. */
export const MASK_COLUMNS = 30;

/** The lists that grow with the work; the others are short, and stay as they are. */
export const PACKED_LISTS = [
  "open_tasks",
  "closed_tasks",
  "open_features",
  "closed_features",
  "agents",
] as const satisfies (keyof WireState)[];
export type PackedList = (typeof PACKED_LISTS)[number];

export interface PackedHead {
  packed: typeof PACKING_VERSION;
  seq: number;
  time: number;
  /** The packed lists are empty. */
  state: WireState;
}

/** `usage` and `past` of an entry are objects of their own: their fields are columns `usage.calls`. */
export type Column = readonly [key: string] | readonly [key: string, field: string];

export interface PackedSlice {
  list: PackedList;
  columns: Column[];
  blank: unknown[];
  rows: [number, number, ...unknown[]][];
}

/** Entries that are not all of one shape. */
export interface PlainSlice {
  list: PackedList;
  plain: unknown[];
}

export interface PackedEnd {
  end: true;
}

export type Entry = Record<string, unknown>;
