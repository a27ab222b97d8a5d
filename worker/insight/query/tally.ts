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
      for (const [i, cell] of chosen.entries()) {
        const number = column.numbers[cell] ?? NaN;
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
    const key = typeof value === "number" ? rangeStart(value) : value;
    let occurrence = this.#found.get(key);
    if (occurrence === undefined) {
      if (this.#found.size >= MAX_COMPARED_VALUES) {
        this.complete = false;
        return;
      }
      const range = typeof value === "number" ? rangeOf(value) : null;
      occurrence = { value: range === null ? value : null, range, selected: 0, rest: 0 };
      this.#found.set(key, occurrence);
    }
    occurrence.selected += selected;
    occurrence.rest += rest;
  }
}

/** Numbers are compared by steps of 1, 2 and 5 times a power of ten: they need no look at the others. */
function rangeStart(number: number): number {
  return rangeOf(number).from ?? -Infinity;
}

export function rangeOf(number: number): { from: number | null; to: number | null } {
  if (number === 0) return { from: 0, to: 0 };
  const size = Math.abs(number);
  // Read from the text, because a logarithm is a hair off at just the powers of ten.
  const exponent = Number(size.toExponential().split("e")[1]);
  const digit = Number(size.toExponential().split("e")[0]);
  const steps = digit < 2 ? [1, 2] : digit < 5 ? [2, 5] : [5, 10];
  const [low, high] = steps.map((step) => Number(`${step}e${exponent}`)) as [number, number];
  return number > 0 ? { from: low, to: finiteOr(high) } : { from: finiteOr(-high), to: -low };
}

function finiteOr(number: number): number | null {
  return Number.isFinite(number) ? number : null;
}
