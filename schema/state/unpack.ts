/**
 * Lines → WireState, see packing.ts. One call of `line` is one slice of work: whoever must not block for long rests
 * between them. The lines are our own server's: what does not fit together is refused, not repaired.
 */
import {
  type Column,
  type Entry,
  MASK_COLUMNS,
  PACKED_LISTS,
  type PackedEnd,
  type PackedHead,
  type PackedSlice,
  PACKING_VERSION,
  type PlainSlice,
} from "./packing.ts";
import type { WireState } from "./state.ts";

export interface Unpacked {
  seq: number;
  time: number;
  state: WireState;
}

export class Unpacking {
  #head: PackedHead | null = null;
  #ended = false;

  /** False: not what this version understands; nothing more of it is of use. */
  line(text: string): boolean {
    // The server's own text; its version is checked with the first line.
    const line = JSON.parse(text) as PackedHead | PackedSlice | PlainSlice | PackedEnd;
    if ("packed" in line) {
      if (line.packed !== PACKING_VERSION || this.#head !== null) return false;
      this.#head = line;
      return true;
    }
    if (this.#head === null || this.#ended) return false;
    if ("end" in line) {
      this.#ended = true;
      return true;
    }
    if (!PACKED_LISTS.includes(line.list)) return false;
    const entries = "plain" in line ? line.plain : unpackSlice(line);
    const list: unknown[] = this.#head.state[line.list];
    for (const entry of entries) list.push(entry);
    return true;
  }

  /** Null until the last line came. */
  get whole(): Unpacked | null {
    if (this.#head === null || !this.#ended) return null;
    const { seq, time, state } = this.#head;
    return { seq, time, state };
  }
}

function unpackSlice({ columns, blank, rows }: PackedSlice): Entry[] {
  const model = modelOf(columns, blank);
  const nested = Object.keys(model).filter((key) => isObject(model[key]));
  const lists = columns.filter((_, index) => Array.isArray(blank[index]));
  return rows.map((row) => {
    const entry: Entry = { ...model };
    for (const key of nested) entry[key] = { ...(model[key] as Entry) };
    // Every entry has lists of its own: the fold changes them in place.
    for (const column of lists) put(entry, column, []);
    let at = 2;
    for (let bits = row[0]; bits !== 0; bits &= bits - 1) put(entry, columns[lowest(bits)], row[at++]);
    for (let bits = row[1]; bits !== 0; bits &= bits - 1)
      put(entry, columns[MASK_COLUMNS + lowest(bits)], row[at++]);
    return entry;
  });
}

/** The place of the lowest bit that is set. */
const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);

function modelOf(columns: readonly Column[], blank: readonly unknown[]): Entry {
  const model: Entry = {};
  columns.forEach(([key, field], index) => {
    if (field === undefined) model[key] = blank[index];
    else ((model[key] ??= {}) as Entry)[field] = blank[index];
  });
  return model;
}

function put(entry: Entry, column: Column | undefined, value: unknown): void {
  if (column === undefined) return;
  // By index: taking a pair apart asks for an iterator, and this is the innermost loop.
  const field = column[1];
  if (field === undefined) entry[column[0]] = value;
  else (entry[column[0]] as Entry)[field] = value;
}

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
