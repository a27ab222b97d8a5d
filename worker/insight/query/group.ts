/**
 * Numbers for groups: each distinct tuple of key values gets the next id. Within a segment a value is looked up
 * once per distinct value, not once per event.
 */
import type { Column } from "../../../schema/column/column.ts";
import type { Value } from "../../../schema/column/field.ts";
import { MAX_GROUPS } from "./limits.ts";
import type { Cells } from "./scan.ts";

/** Of events whose group is one too many. */
export const NO_GROUP = -1;
/** Ids are below it, so that a pair of them is one exact number. */
const PAIR = 2 ** 26;

/** Distinct values of one key. */
class Values {
  readonly known: (Value | null)[] = [];
  readonly #ids = new Map<Value | null, number>();

  id(value: Value | null): number {
    let id = this.#ids.get(value);
    if (id === undefined) {
      if (this.known.length >= MAX_GROUPS) return NO_GROUP;
      id = this.known.length;
      this.known.push(value);
      this.#ids.set(value, id);
    }
    return id;
  }
}

/** Numbers pairs of an id and another: groups of several keys, or steps of a series. */
export class Pairs {
  readonly first: number[] = [];
  readonly second: number[] = [];
  readonly #ids = new Map<number, number>();

  id(first: number, second: number): number {
    if (first === NO_GROUP || second === NO_GROUP) return NO_GROUP;
    const pair = first * PAIR + second;
    let id = this.#ids.get(pair);
    if (id === undefined) {
      if (this.first.length >= MAX_GROUPS) return NO_GROUP;
      id = this.first.length;
      this.first.push(first);
      this.second.push(second);
      this.#ids.set(pair, id);
    }
    return id;
  }
}

export class Groups {
  readonly #fields: readonly string[];
  readonly #values: Values[];
  /** One fewer than fields: each joins the group so far with the next key. */
  readonly #pairs: Pairs[];

  constructor(fields: readonly string[]) {
    this.#fields = fields;
    this.#values = fields.map(() => new Values());
    this.#pairs = fields.slice(1).map(() => new Pairs());
  }

  /** Without a key there is one group, also of no events. */
  get count(): number {
    return this.#pairs.at(-1)?.first.length ?? this.#values[0]?.known.length ?? 1;
  }

  /** The group of each chosen cell. */
  ids(cells: Cells, chosen: Uint16Array): Int32Array {
    const ids = new Int32Array(chosen.length);
    if (chosen.length === 0) return ids;
    for (const [key, field] of this.#fields.entries()) {
      const values = this.#values[key];
      if (values === undefined) continue;
      const idOf = idsOf(cells.column(field), values);
      const pairs = key === 0 ? null : this.#pairs[key - 1];
      for (let i = 0; i < chosen.length; i += 1) {
        const id = idOf(chosen[i] ?? 0);
        ids[i] = pairs === null ? id : (pairs?.id(ids[i] ?? NO_GROUP, id) ?? NO_GROUP);
      }
    }
    return ids;
  }

  key(id: number): (Value | null)[] {
    const key: (Value | null)[] = [];
    let rest = id;
    for (let at = this.#fields.length - 1; at >= 0; at -= 1) {
      const pairs = this.#pairs[at - 1];
      const value = pairs === undefined ? rest : (pairs.second[rest] ?? 0);
      key.unshift(this.#values[at]?.known[value] ?? null);
      if (pairs !== undefined) rest = pairs.first[rest] ?? 0;
    }
    return key;
  }
}

function idsOf(column: Column | null, values: Values): (cell: number) => number {
  if (column === null) {
    const absent = values.id(null);
    return () => absent;
  }
  if (column.kind === "numbers") {
    const { numbers } = column;
    return (cell) => {
      const number = numbers[cell] ?? NaN;
      return values.id(Number.isNaN(number) ? null : number);
    };
  }
  const { codes } = column;
  const UNASKED = -2;
  const ids = new Int32Array(column.values.length + 1).fill(UNASKED);
  return (cell) => {
    const code = codes[cell] ?? 0;
    let id = ids[code] ?? UNASKED;
    // Only values that chosen events have make groups.
    if (id === UNASKED) ids[code] = id = values.id(code === 0 ? null : (column.values[code - 1] ?? null));
    return id;
  };
}
