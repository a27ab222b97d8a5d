/** Calculations over groups: counts, sums and extremes as events pass by, percentiles at the end. */
import type { Column } from "../../../schema/column/column.ts";
import type { Calculation } from "../../../schema/wire/query.ts";
import { NO_GROUP } from "./group.ts";
import { Held, type SortedChunks } from "./held.ts";
import type { Cells } from "./scan.ts";

const PERCENT = { p50: 50, p95: 95, p99: 99 } as const;
type PercentileOp = keyof typeof PERCENT;

/** What is known of one field's numbers, by group. */
class FieldSums {
  readonly counts: number[] = [];
  readonly sums: number[] = [];
  readonly least: number[] = [];
  readonly most: number[] = [];
  readonly held: Held | null;

  constructor(holds: boolean) {
    this.held = holds ? new Held() : null;
  }

  add(id: number, number: number): void {
    this.counts[id] = (this.counts[id] ?? 0) + 1;
    this.sums[id] = (this.sums[id] ?? 0) + number;
    this.least[id] = Math.min(this.least[id] ?? Infinity, number);
    this.most[id] = Math.max(this.most[id] ?? -Infinity, number);
    this.held?.push(id, number);
  }
}

export class Aggregate {
  readonly #calculations: readonly Calculation[];
  readonly #fields = new Map<string, FieldSums>();
  readonly #sorted = new Map<string, SortedChunks[]>();
  /** Events by group. */
  readonly events: number[] = [];

  constructor(calculations: readonly Calculation[]) {
    this.#calculations = calculations;
    for (const { field } of calculations) {
      if (field === null || this.#fields.has(field)) continue;
      const holds = calculations.some((other) => other.field === field && isPercentile(other.op));
      this.#fields.set(field, new FieldSums(holds));
    }
  }

  /** Numbers held until the end. */
  get held(): number {
    let held = 0;
    for (const sums of this.#fields.values()) held += sums.held?.count ?? 0;
    return held;
  }

  /** `ids`: the group of each chosen cell. */
  add(cells: Cells, chosen: Uint16Array, ids: Int32Array): void {
    const { events } = this;
    for (const id of ids) if (id !== NO_GROUP) events[id] = (events[id] ?? 0) + 1;
    for (const [field, sums] of this.#fields) {
      const column = cells.column(field);
      if (column === null) continue;
      const numberAt = numbersIn(column);
      for (let i = 0; i < chosen.length; i += 1) {
        const id = ids[i] ?? NO_GROUP;
        const number = numberAt(chosen[i] ?? 0);
        if (id !== NO_GROUP && !Number.isNaN(number)) sums.add(id, number);
      }
    }
  }

  /** Once, when all events were added. */
  async close(work: (cells: number) => Promise<void>): Promise<void> {
    for (const [field, { held }] of this.#fields) {
      if (held !== null) this.#sorted.set(field, await held.sorted(this.events.length, work));
    }
  }

  values(id: number): (number | null)[] {
    return this.#calculations.map(({ op, field }) => {
      if (field === null) return this.events[id] ?? 0;
      const sums = this.#fields.get(field);
      const count = sums?.counts[id] ?? 0;
      if (sums === undefined || count === 0) return null;
      switch (op) {
        case "sum":
          return finite(sums.sums[id]);
        case "avg":
          return finite((sums.sums[id] ?? 0) / count);
        case "min":
          return finite(sums.least[id]);
        case "max":
          return finite(sums.most[id]);
        case "p50":
        case "p95":
        case "p99":
          return this.#sorted.get(field)?.[id]?.percentile(PERCENT[op]) ?? null;
        case "count":
          return count;
      }
    });
  }
}

/** JSON has no infinity: a sum beyond a double is unknown. */
function finite(number: number | undefined): number | null {
  return number !== undefined && Number.isFinite(number) ? number : null;
}

function isPercentile(op: Calculation["op"]): op is PercentileOp {
  return op in PERCENT;
}

/** The number of each cell; NaN where the field is absent or holds something else. */
export function numbersIn(column: Column): (cell: number) => number {
  if (column.kind === "numbers") {
    const { numbers } = column;
    return (cell) => numbers[cell] ?? NaN;
  }
  const { codes } = column;
  const byCode = Float64Array.of(
    NaN,
    ...column.values.map((value) => (typeof value === "number" ? value : NaN)),
  );
  return (cell) => byCode[codes[cell] ?? 0] ?? NaN;
}
