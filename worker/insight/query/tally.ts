/** How often each value of one field occurs among selected events and among the rest. */
import type { Column } from "../../../schema/column/column.ts";
import type { Value } from "../../../schema/column/field.ts";
import { MAX_COMPARED_VALUES } from "./limits.ts";

export interface Occurrence {
  value: Value | null;
  range: { from: number | null; to: number | null } | null;
  selected: number;
  rest: number;
}

export class Tally {
  readonly #found = new Map<Value | null, Occurrence>();
  /** False when there were too many distinct values. */
  complete = true;

  /** `is_selected`: per cell of `chosen`. */
  add(column: Column | null, chosen: Uint16Array, is_selected: Uint8Array): void {
    if (column === null) {
      let selected = 0;
      for (const flag of is_selected) selected += flag;
      this.#count(null, selected, chosen.length - selected);
    } else if (column.kind === "dictionary")
      this.#addDictionary(column.values, column.codes, chosen, is_selected);
    else {
      for (let i = 0; i < chosen.length; i += 1) {
        const number = column.numbers[chosen[i] ?? 0] ?? NaN;
        const flag = is_selected[i] ?? 0;
        this.#count(Number.isNaN(number) ? null : number, flag, 1 - flag);
      }
    }
  }

  found(): Iterable<Occurrence> {
    return this.#found.values();
  }

  get size(): number {
    return this.#found.size;
  }

  #addDictionary(
    values: readonly Value[],
    codes: Uint16Array,
    chosen: Uint16Array,
    is_selected: Uint8Array,
  ): void {
    const selected = new Uint32Array(values.length + 1);
    const rest = new Uint32Array(values.length + 1);
    for (let i = 0; i < chosen.length; i += 1) {
      const code = codes[chosen[i] ?? 0] ?? 0;
      const side = is_selected[i] === 1 ? selected : rest;
      side[code] = (side[code] ?? 0) + 1;
    }
    for (let code = 0; code <= values.length; code += 1) {
      this.#count(code === 0 ? null : (values[code - 1] ?? null), selected[code] ?? 0, rest[code] ?? 0);
    }
  }

  #count(value: Value | null, selected: number, rest: number): void {
    if (selected + rest === 0) return;
    const key = typeof value === "number" ? stepOf(value) : value;
    let occurrence = this.#found.get(key);
    if (occurrence === undefined) {
      if (this.#found.size >= MAX_COMPARED_VALUES) {
        this.complete = false;
        return;
      }
      const range = typeof key === "number" ? rangeOf(key) : null;
      occurrence = { value: range === null ? value : null, range, selected: 0, rest: 0 };
      this.#found.set(key, occurrence);
    }
    occurrence.selected += selected;
    occurrence.rest += rest;
  }
}

/** 1, 2 and 5 times every power of ten that a double has, ascending. */
const BOUNDS = Array.from({ length: 633 }, (_, i) => [1, 2, 5].map((digit) => Number(`${digit}e${i - 324}`)))
  .flat()
  .filter((bound) => bound > 0 && Number.isFinite(bound));

/**
 * Numbers are compared by steps of 1, 2 and 5 times a power of ten: they need no look at the others. The step of a
 * number, negative for negative ones; 0 is a step of its own.
 */
export function stepOf(number: number): number {
  if (number === 0) return 0;
  const size = Math.abs(number);
  let low = 0;
  let high = BOUNDS.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((BOUNDS[middle] ?? Infinity) <= size) low = middle;
    else high = middle - 1;
  }
  return number > 0 ? low + 1 : -low - 1;
}

/** The bound nearer to 0 belongs to it; null: no double is beyond. */
export function rangeOf(step: number): { from: number | null; to: number | null } {
  if (step === 0) return { from: 0, to: 0 };
  const at = Math.abs(step) - 1;
  const [near = null, far = null] = [BOUNDS[at], BOUNDS[at + 1]];
  if (step > 0) return { from: near, to: far };
  return { from: far === null ? null : -far, to: near === null ? null : -near };
}
