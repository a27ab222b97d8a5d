/** Which events of a segment fit: conditions are asked once per distinct value, and the codes looked up. */
import type { Value } from "../../../schema/column/field.ts";
import type { Filter } from "../../../schema/wire/query.ts";
import type { Cells, Range } from "./scan.ts";

export type Predicate = (value: Value | null) => boolean;

/** What a filter means for one value; null: the event has no such field. */
export function predicateOf({ op, values }: Filter): Predicate {
  const [first = ""] = values;
  switch (op) {
    case "eq":
    case "in":
      return oneOf(values);
    case "ne":
    case "not_in": {
      const is = oneOf(values);
      return (value) => !is(value);
    }
    case "lt":
      return compared((number) => number < Number(first));
    case "le":
      return compared((number) => number <= Number(first));
    case "gt":
      return compared((number) => number > Number(first));
    case "ge":
      return compared((number) => number >= Number(first));
    case "contains":
      return (value) => typeof value === "string" && value.includes(first);
    case "prefix":
      return (value) => typeof value === "string" && value.startsWith(first);
    case "exists":
      return (value) => value !== null;
    case "missing":
      return (value) => value === null;
  }
}

function oneOf(values: readonly string[]): Predicate {
  const texts = new Set(values);
  const numbers = new Set(values.filter((text) => text.trim() !== "").map(Number));
  return (value) => {
    if (typeof value === "number") return numbers.has(value);
    return value !== null && texts.has(String(value));
  };
}

function compared(fits: (number: number) => boolean): Predicate {
  return (value) => typeof value === "number" && fits(value);
}

export interface Condition {
  field: string;
  test: Predicate;
}

export function conditionsOf(filters: readonly Filter[]): Condition[] {
  return filters.map((filter) => ({ field: filter.field, test: predicateOf(filter) }));
}

/** All cells of a segment in range. */
export function inRange(cells: Cells, is_inside: boolean, { from, to }: Range): Uint16Array {
  const all = new Uint16Array(cells.events);
  for (let cell = 0; cell < all.length; cell += 1) all[cell] = cell;
  if (is_inside) return all;
  const time = cells.column("time");
  if (time?.kind !== "numbers") throw new Error("a segment on the range's edge came without its times");
  const { numbers } = time;
  const least = from ?? -Infinity;
  const most = to ?? Infinity;
  return all.filter((cell) => (numbers[cell] ?? NaN) >= least && (numbers[cell] ?? NaN) <= most);
}

/** Those of `chosen` that meet every condition, in order. */
export function fitting(cells: Cells, chosen: Uint16Array, conditions: readonly Condition[]): Uint16Array {
  let left = chosen;
  for (const { field, test } of conditions) {
    if (left.length === 0) break;
    const fits = fitsOf(cells, field, test);
    left = left.filter(fits);
  }
  return left;
}

function fitsOf(cells: Cells, field: string, test: Predicate): (cell: number) => boolean {
  const column = cells.column(field);
  const absent = test(null);
  if (column === null) return () => absent;
  if (column.kind === "dictionary") {
    const { codes } = column;
    const passes = [absent, ...column.values.map(test)];
    return (cell) => passes[codes[cell] ?? 0] ?? false;
  }
  const { numbers } = column;
  return (cell) => {
    const number = numbers[cell] ?? NaN;
    return Number.isNaN(number) ? absent : test(number);
  };
}
