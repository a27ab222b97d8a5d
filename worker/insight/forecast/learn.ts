/**
 * Forecasters and pools of one project, brought up to date from its live state: what is hot has begun and ended in
 * some order, and they live through it in that order. A state that has forgotten more teaches less, never otherwise.
 *
 *   state ─▶ what began or ended since ─▶ in order of time ─▶ begin, close
 */
import type { ComplexityBounds } from "../../../schema/metric/complexity.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { beganAt, recordOfTask, type Measure, type WorkRecord } from "../work/record.ts";
import { Forecaster, type Forecast } from "./forecaster.ts";

/** Foretold when work begins: its time, and what it will use. */
export const FORETOLD: readonly Measure[] = ["work", "tokens", "cost"];

export interface Begun {
  record: WorkRecord;
  at_ms: number;
  forecasts: Partial<Record<Measure, Forecast>>;
}

/** Tasks whose beginning and end are remembered; twice what a state holds, so that none that is hot is taken for new. */
const MAX_KNOWN = 10_000;

interface Known {
  begun: boolean;
  closed_at: number | null;
}

export class Learner {
  readonly forecasters: Readonly<Record<Measure, Forecaster>> = {
    lead: new Forecaster("lead"),
    work: new Forecaster("work"),
    tokens: new Forecaster("tokens"),
    cost: new Forecaster("cost"),
  };
  readonly #known = new Map<string, Known>();
  readonly #newest: number;
  /** What was said up to here is learned. */
  #seq = 0;
  /** Closings learned from. */
  closings = 0;

  /** The project's own, by which like work is told from other work. */
  readonly bounds: ComplexityBounds | undefined;

  /** `newest`: of what was closed before the first look, so many are learned from. */
  constructor({
    newest = Infinity,
    bounds,
  }: { newest?: number; bounds?: ComplexityBounds | undefined } = {}) {
    this.#newest = newest;
    this.bounds = bounds;
  }

  /** Cheap where little changed: of each hot task that nothing was said of since, its seq is read. Says what began. */
  learn(state: ProjectState): Begun[] {
    let skipped = this.#known.size === 0 ? Math.max(0, state.closed_tasks.size - this.#newest) : 0;
    const moments: { at_ms: number; ends: boolean; task: Task }[] = [];
    for (const tasks of [state.closed_tasks, state.open_tasks])
      for (const task of tasks.values()) {
        if (skipped > 0) {
          skipped -= 1;
          this.#note(task.id, { begun: true, closed_at: task.closed_at });
          continue;
        }
        if (task.last_seq <= this.#seq) continue;
        const known = this.#known.get(task.id);
        const started_at = beganAt(task);
        const is_new = started_at !== null && known?.begun !== true;
        if (is_new) moments.push({ at_ms: started_at, ends: false, task });
        if (task.closed_at !== null && known?.closed_at !== task.closed_at)
          moments.push({ at_ms: task.closed_at, ends: true, task });
        if (known === undefined || is_new || known.closed_at !== task.closed_at)
          this.#note(task.id, { begun: known?.begun === true || is_new, closed_at: task.closed_at });
      }
    this.#seq = state.seq;
    // Of one instant the beginnings first: what ends at once was foretold from what came before.
    moments.sort((a, b) => a.at_ms - b.at_ms || Number(a.ends) - Number(b.ends));
    const begun: Begun[] = [];
    for (const { at_ms, ends, task } of moments) {
      const record = recordOfTask(task, this.bounds);
      if (ends) this.#close(record, at_ms);
      else begun.push({ record, at_ms, forecasts: this.#begin(record, at_ms) });
    }
    return begun;
  }

  #begin(record: WorkRecord, at_ms: number): Begun["forecasts"] {
    const forecasts: Begun["forecasts"] = {};
    for (const measure of FORETOLD) {
      const forecast = this.forecasters[measure].begin(record, at_ms);
      if (forecast !== null) forecasts[measure] = forecast;
    }
    return forecasts;
  }

  #close(record: WorkRecord, at_ms: number): void {
    for (const forecaster of Object.values(this.forecasters)) forecaster.close(record, at_ms);
    this.closings += 1;
  }

  #note(id: string, known: Known): void {
    this.#known.delete(id);
    this.#known.set(id, known);
    if (this.#known.size <= MAX_KNOWN) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
