/** How often each height of a number occurs at each time. */
import type { Heatmap, LogQuery } from "../../../schema/wire/query.ts";
import { numbersIn } from "./aggregate.ts";
import { SORT_CHUNK } from "./limits.ts";
import type { Cells, Range } from "./scan.ts";

type Wish = NonNullable<LogQuery["heatmap"]>;

export class HeatmapCells {
  readonly #wish: Wish;
  /** Pairs of time and number: their range is known only at the end. */
  #pairs = new Float64Array(4_096);
  count = 0;
  #left_out = 0;

  constructor(wish: Wish) {
    this.#wish = wish;
  }

  add(cells: Cells, chosen: Uint16Array): void {
    const column = cells.column(this.#wish.field);
    const time = cells.column("time");
    if (column === null || time?.kind !== "numbers") {
      this.#left_out += chosen.length;
      return;
    }
    const numberAt = numbersIn(column);
    for (const cell of chosen) {
      const number = numberAt(cell);
      if (Number.isNaN(number) || (this.#wish.scale === "log" && number <= 0)) this.#left_out += 1;
      else this.#push(time.numbers[cell] ?? 0, number);
    }
  }

  async close({ from, to }: Range, work: (cells: number) => Promise<void>): Promise<Heatmap> {
    const { field, scale, x, y } = this.#wish;
    const times = [Infinity, -Infinity] as [number, number];
    const numbers = [Infinity, -Infinity] as [number, number];
    for (let i = 0; i < this.count; i += 1) {
      widen(times, this.#pairs[2 * i] ?? 0);
      widen(numbers, this.#pairs[2 * i + 1] ?? 0);
      if (i % SORT_CHUNK === 0) await work(SORT_CHUNK);
    }
    const empty = { field, scale, x_edges: [], y_edges: [], cells: [], left_out: this.#left_out };
    if (this.count === 0) return empty;
    const x_edges = edges(from ?? times[0], to ?? times[1], x, "linear");
    const y_edges = edges(numbers[0], numbers[1], y, scale);
    const counts = new Uint32Array(x * y);
    for (let i = 0; i < this.count; i += 1) {
      const at = place(x_edges, this.#pairs[2 * i] ?? 0) * y + place(y_edges, this.#pairs[2 * i + 1] ?? 0);
      counts[at] = (counts[at] ?? 0) + 1;
      if (i % SORT_CHUNK === 0) await work(SORT_CHUNK * 4);
    }
    const cells: Heatmap["cells"] = [];
    for (const [at, count] of counts.entries())
      if (count > 0) cells.push([Math.floor(at / y), at % y, count]);
    return { ...empty, x_edges, y_edges, cells };
  }

  #push(time: number, number: number): void {
    if (2 * this.count === this.#pairs.length) {
      const pairs = new Float64Array(this.#pairs.length * 2);
      pairs.set(this.#pairs);
      this.#pairs = pairs;
    }
    this.#pairs[2 * this.count] = time;
    this.#pairs[2 * this.count + 1] = number;
    this.count += 1;
  }
}

function widen(span: [number, number], number: number): void {
  if (number < span[0]) span[0] = number;
  if (number > span[1]) span[1] = number;
}

/** Ends are exact, whatever rounding does between them. */
export function edges(least: number, most: number, steps: number, scale: Wish["scale"]): number[] {
  const ratio = Math.log(most) - Math.log(least);
  return Array.from({ length: steps + 1 }, (_, i) => {
    if (i === 0) return least;
    if (i === steps) return most;
    const part = i / steps;
    const edge =
      scale === "log" ? Math.exp(Math.log(least) + ratio * part) : least * (1 - part) + most * part;
    return Math.min(most, Math.max(least, edge));
  });
}

/** The last step whose lower edge is not above the number. */
export function place(bounds: readonly number[], number: number): number {
  let low = 0;
  let high = bounds.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((bounds[middle] ?? Infinity) <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}
