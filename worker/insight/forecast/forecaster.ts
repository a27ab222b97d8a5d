/**
 * What a piece of work will take: the median of its stratum, or of work that reads like it where that has been
 * better, with the interval that holds nine of ten.
 *
 *   begins ─▶ say (median, neighbours) ──────────┐ kept while it runs
 *   closes ─▶ score what was said ─▶ learn from what came
 *
 * Past only: a record enters when it closes. The neighbours are asked where, over the last hundred of the stratum,
 * their error of logarithms was smaller than the median's by a one-sided paired test at 5 %.
 */
import { median } from "../../../schema/metric/statistic/median.ts";
import { Pool } from "../target/pool.ts";
import { strataOf } from "../target/stratum.ts";
import { beginOf, measured, type Measure, type WorkRecord } from "../work/record.ts";
import { Band, type Interval, type Said } from "./band.ts";
import { Deadlines } from "./deadline.ts";
import { Neighbours, type Likeness } from "./likeness.ts";

/** Values below which a median is that of the stratum above. */
const LEAST_MEDIAN = 5;
/** Pairs of errors compared, and how many must be there. */
const MAX_PAIRS = 100;
const LEAST_PAIRS = 40;
/** Standard deviations of a one-sided test at 5 %. */
const Z_ONE_SIDED = 1.645;
/** Forecasts whose truth is awaited; the oldest is forgotten. As many tasks may be open in a room. */
const MAX_AWAITED = 3_000;

const WAYS = ["median", "neighbours"] as const;
export type Way = (typeof WAYS)[number];

export interface Forecast {
  measure: Measure;
  value: number;
  /** Null: too few forecasts were scored yet to say how far off they are. */
  interval: Interval | null;
  way: Way;
  stratum: string;
  /** Finished pieces of work that the value rests on. */
  n: number;
}

/** All that was said of one piece of work, by each way. */
interface Awaited {
  strata: string[];
  made: number;
  center: Record<Way, number | null>;
  said: Record<Way, Said | null>;
}

interface Saying {
  awaited: Awaited;
  n: number;
  likeness: Likeness | null;
}

export class Forecaster {
  readonly pool: Pool;
  readonly #neighbours = new Neighbours();
  readonly #bands: Record<Way, Band> = { median: new Band(), neighbours: new Band() };
  readonly #deadlines: Record<Way, Deadlines> = { median: new Deadlines(), neighbours: new Deadlines() };
  /** |ln error| of the median less that of the neighbours, by stratum: above 0 the neighbours were nearer. */
  readonly #gains = new Map<string, number[]>();
  readonly #awaited = new Map<string, Awaited>();
  #made = 0;

  constructor(measure: Measure) {
    this.pool = new Pool(measure);
  }

  /** Null where nothing like it was ever finished. Changes nothing. */
  forecast(record: WorkRecord): Forecast | null {
    const saying = this.#say(record);
    return saying && this.#choose(saying);
  }

  /** Notes what is said of work that begins, so that it can be scored. */
  begin(record: WorkRecord, now_ms: number): Forecast | null {
    this.#tick(now_ms);
    const saying = this.#say(record);
    if (saying === null) return null;
    this.#await(record, saying.awaited);
    return this.#choose(saying);
  }

  /** What it measured; null where it is no measurement. */
  close(record: WorkRecord, now_ms: number): number | null {
    this.#tick(now_ms);
    const found = measured(record, this.pool.measure);
    const awaited = this.#awaited.get(record.id);
    this.#awaited.delete(record.id);
    this.pool.close(record);
    if (!found.ok) return null;
    if (awaited !== undefined) this.#score(awaited, found.value);
    this.#neighbours.add(record, found.value);
    return found.value;
  }

  #await(record: WorkRecord, awaited: Awaited): void {
    this.#awaited.delete(record.id);
    this.#awaited.set(record.id, awaited);
    if (this.#awaited.size > MAX_AWAITED) {
      const [oldest] = this.#awaited.keys();
      if (oldest !== undefined) this.#awaited.delete(oldest);
    }
    const { measure } = this.pool;
    const begin_ms = measure === "lead" || measure === "work" ? beginOf(record, measure) : null;
    if (begin_ms === null) return;
    for (const way of WAYS) {
      const said = awaited.said[way];
      const deadlines = this.#deadlines[way];
      if (said !== null) deadlines.add({ at_ms: begin_ms + said.high, id: record.id, made: awaited.made });
      // Those of work that is over are taken out when they are a majority.
      if (deadlines.size > 2 * MAX_AWAITED)
        deadlines.keep(({ id, made }) => this.#awaited.get(id)?.made === made);
    }
  }

  #tick(now_ms: number): void {
    for (const way of WAYS)
      for (const { id, made } of this.#deadlines[way].over(now_ms)) {
        const awaited = this.#awaited.get(id);
        const said = awaited?.said[way];
        if (awaited?.made !== made || said === null || said === undefined) continue;
        said.was_overdue = true;
        this.#bands[way].overdue(awaited.strata);
      }
  }

  #say(record: WorkRecord): Saying | null {
    const strata = strataOf(record);
    const index = strata.findIndex(
      (one) => (this.pool.sample(one)?.recent.values.length ?? 0) >= LEAST_MEDIAN,
    );
    const sample = this.pool.sample(strata[index] ?? "");
    const middle = median(sample?.recent.sorted ?? []);
    if (sample === undefined || middle === null) return null;
    const used = strata.slice(index);
    const likeness = this.#neighbours.nearest(record);
    const center: Awaited["center"] = { median: middle, neighbours: likeness?.value ?? null };
    const interval = (way: Way): Said | null => {
      const found = center[way] === null ? null : this.#bands[way].around(center[way], used);
      return found && { ...found, was_overdue: false };
    };
    const said = { median: interval("median"), neighbours: interval("neighbours") };
    return {
      awaited: { strata: used, made: ++this.#made, center, said },
      n: sample.recent.values.length,
      likeness,
    };
  }

  #choose({ awaited, n, likeness }: Saying): Forecast {
    const stratum = awaited.strata[0] ?? "";
    const way = awaited.said.neighbours !== null && this.#areNearer(stratum) ? "neighbours" : "median";
    const said = awaited.said[way];
    return {
      measure: this.pool.measure,
      value: awaited.center[way] ?? 0,
      interval: said && { low: said.low, high: said.high, n: said.n },
      way,
      stratum,
      n: way === "neighbours" ? (likeness?.ids.length ?? 0) : n,
    };
  }

  #score({ strata, center, said }: Awaited, actual: number): void {
    const errors = WAYS.map((way) => {
      const value = center[way];
      if (value === null) return null;
      this.#bands[way].score(actual, value, said[way], strata);
      return Math.abs(Math.log(actual / value));
    });
    const [by_median, by_neighbours] = errors;
    if (typeof by_median !== "number" || typeof by_neighbours !== "number") return;
    const stratum = strata[0] ?? "";
    const gains = this.#gains.get(stratum) ?? [];
    gains.push(by_median - by_neighbours);
    if (gains.length > MAX_PAIRS) gains.shift();
    this.#gains.set(stratum, gains);
  }

  #areNearer(stratum: string): boolean {
    const gains = this.#gains.get(stratum) ?? [];
    if (gains.length < LEAST_PAIRS) return false;
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (gains.length - 1);
    return mean > Z_ONE_SIDED * Math.sqrt(variance / gains.length);
  }
}
