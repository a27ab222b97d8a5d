/**
 * Answers a question on the log.
 *
 *   columns ─▶ in range ─▶ fitting ─┬─ groups ─▶ calculations ─▶ the first of them in order
 *                                   ├─ groups × steps of time ─▶ series
 *                                   └─ time × number ─▶ heatmap
 */
import type { Value } from "../../../schema/column/field.ts";
import type { LogQuery, QueryResponse, Truncation } from "../../../schema/wire/query.ts";
import { writeCalculation } from "../../../schema/wire/query-write.ts";
import { Aggregate } from "./aggregate.ts";
import { conditionsOf, fitting, inRange } from "./filter.ts";
import { First } from "./first.ts";
import { Groups, NO_GROUP, Pairs } from "./group.ts";
import { HeatmapCells } from "./heatmap.ts";
import { MAX_HELD_VALUES } from "./limits.ts";
import { Scan, type Cells } from "./scan.ts";
import type { LogSource, Refused } from "./source.ts";

/** What naming and placing a group costs, beside a look at a cell. */
const CELLS_PER_GROUP = 32;

export type Answer = Omit<QueryResponse, "elapsed_ms">;

export function fieldsOf(query: LogQuery): string[] {
  const { where, group_by, calculations, heatmap, step_ms } = query;
  const fields = [
    ...where.map(({ field }) => field),
    ...group_by,
    ...calculations.flatMap(({ field }) => field ?? []),
    ...(heatmap === null ? [] : [heatmap.field]),
  ];
  return [...new Set(step_ms === null && heatmap === null ? fields : [...fields, "time"])];
}

export async function answer<R extends Refused>(
  source: LogSource<R>,
  query: LogQuery,
): Promise<{ ok: true; answer: Answer } | R> {
  const scan = new Scan(source);
  const conditions = conditionsOf(query.where);
  const groups = new Groups(query.group_by);
  const totals = new Aggregate(query.calculations);
  const series = query.step_ms === null ? null : new Series(query);
  const heatmap = query.heatmap === null ? null : new HeatmapCells(query.heatmap);
  const work = (cells: number) => scan.work(cells);
  let scanned = 0;
  let matched = 0;
  let grouped = true;

  const refused = await scan.read(query, fieldsOf(query), (cells, is_inside): Truncation | null => {
    const range = inRange(cells, is_inside, query);
    const chosen = fitting(cells, range, conditions);
    const ids = groups.ids(cells, chosen);
    scanned += range.length;
    matched += chosen.length;
    grouped &&= !ids.includes(NO_GROUP);
    totals.add(cells, chosen, ids);
    grouped = (series?.add(cells, chosen, ids) ?? true) && grouped;
    heatmap?.add(cells, chosen);
    const held = totals.held + (series?.held ?? 0) + (heatmap?.count ?? 0);
    return held > MAX_HELD_VALUES ? "values" : null;
  });
  if (refused !== null) return refused;

  await totals.close(work);
  await series?.close(work);
  const rows = new First<Row>(query.limit, (a, b) => ordered(a, b, query.order));
  for (let id = 0; id < groups.count; id += 1) {
    rows.add({ id, key: groups.key(id), values: totals.values(id) });
    await work(CELLS_PER_GROUP);
  }
  const truncated_by: Answer["truncated_by"] = scan.truncated_by === null ? [] : [scan.truncated_by];
  if (!grouped) truncated_by.push("groups");
  return {
    ok: true,
    answer: {
      seq: scan.head_seq,
      from: query.from,
      to: query.to,
      scanned,
      matched,
      truncated: truncated_by.length > 0,
      truncated_by,
      group_by: query.group_by,
      calculations: query.calculations.map(writeCalculation),
      groups: rows.kept.map(({ id, key, values }) => ({
        key,
        values,
        ...(series === null ? {} : { series: series.of(id) }),
      })),
      group_count: groups.count,
      heatmap: heatmap === null ? null : await heatmap.close(query, work),
    },
  };
}

/** The same calculations per step of time. */
class Series {
  readonly #step_ms: number;
  readonly #steps = new Pairs();
  readonly #aggregate: Aggregate;
  /** Steps by group, found once at the end. */
  #byGroup = new Map<number, number[]>();
  /** Counted from the first step met, as ids must be small and not negative. */
  readonly #times: number[] = [];
  readonly #places = new Map<number, number>();

  constructor({ step_ms, calculations }: LogQuery) {
    this.#step_ms = step_ms ?? 1;
    this.#aggregate = new Aggregate(calculations);
  }

  get held(): number {
    return this.#aggregate.held;
  }

  /** False when some step had to be left out. */
  add(cells: Cells, chosen: Uint16Array, groups: Int32Array): boolean {
    const time = cells.column("time");
    if (time?.kind !== "numbers") throw new Error("a series needs times");
    const ids = new Int32Array(groups.length);
    // Events come in runs of the same step and often of the same group.
    let last = { at: NaN, step: 0, group: NO_GROUP, id: NO_GROUP };
    for (let i = 0; i < groups.length; i += 1) {
      const group = groups[i] ?? NO_GROUP;
      const at = Math.floor((time.numbers[chosen[i] ?? 0] ?? 0) / this.#step_ms);
      if (at !== last.at || group !== last.group) {
        const step = at === last.at ? last.step : this.#step(at);
        last = { at, step, group, id: this.#steps.id(group, step) };
      }
      ids[i] = last.id;
    }
    this.#aggregate.add(cells, chosen, ids);
    return !ids.includes(NO_GROUP);
  }

  #step(at: number): number {
    const known = this.#places.get(at);
    if (known !== undefined) return known;
    this.#places.set(at, this.#times.length);
    return this.#times.push(at * this.#step_ms) - 1;
  }

  async close(work: (cells: number) => Promise<void>): Promise<void> {
    await this.#aggregate.close(work);
    for (const [id, group] of this.#steps.first.entries()) {
      const steps = this.#byGroup.get(group);
      if (steps === undefined) this.#byGroup.set(group, [id]);
      else steps.push(id);
    }
  }

  of(group: number): (number | null)[][] {
    const rows = (this.#byGroup.get(group) ?? []).map((id) => [
      this.#times[this.#steps.second[id] ?? 0] ?? 0,
      ...this.#aggregate.values(id),
    ]);
    return rows.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  }
}

interface Row {
  id: number;
  key: (Value | null)[];
  values: (number | null)[];
}

/** What is unknown comes last either way; ties in order of key, so that an answer is the same each time. */
function ordered(a: Row, b: Row, order: LogQuery["order"]): number {
  if (order.by !== "key") {
    const [left = null, right = null] = [a.values[order.by], b.values[order.by]];
    if (left !== right) {
      if (left === null) return 1;
      if (right === null) return -1;
      return order.descending ? right - left : left - right;
    }
  }
  for (const [i, value] of a.key.entries()) {
    const sign = compareValues(value, b.key[i] ?? null);
    if (sign !== 0) return order.by === "key" && order.descending ? -sign : sign;
  }
  return 0;
}

const RANK = ["number", "string", "boolean"];

/** Numbers by size, then texts, then truth values, then what is absent. */
export function compareValues(a: Value | null, b: Value | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a !== typeof b) return RANK.indexOf(typeof a) - RANK.indexOf(typeof b);
  return a < b ? -1 : 1;
}
