/**
 * What can be said of a project's future, from its live state alone: of a task, of a feature, and of all.
 *
 *   state ─▶ Learner (learns what is new in it) ─▶ ofTask, ofFeature, overview
 */
import type { ComplexityBounds } from "../../../schema/metric/complexity.ts";
import { allTasks, findFeature, findTask } from "../../../schema/state/select.ts";
import { currentSprint } from "../../../schema/state/sprint.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import type {
  FeatureForecast,
  ForecastOverview,
  MeasureForecast,
  TaskForecast,
} from "../../../schema/wire/forecast.ts";
import { breachRisk } from "../target/breach.ts";
import { recordOfTask, UNITS, type WorkRecord } from "../work/record.ts";
import { MISS } from "../forecast/band.ts";
import { calibrationOf } from "../forecast/calibration.ts";
import { FeatureFinishes, type FeatureFinish } from "../forecast/feature-finish.ts";
import type { Live } from "../forecast/finish.ts";
import type { Forecast } from "../forecast/forecaster.ts";
import { Learner } from "../forecast/learn.ts";
import { liveOf } from "../forecast/live.ts";
import { ReviewLearner } from "../forecast/review-state.ts";
import { sprintRisk } from "../forecast/sprint.ts";
import { forecastWords } from "../forecast/words.ts";
import { CLOSED, infoOf, isoOf, momentOf } from "./finish-info.ts";
import { sprintForecast } from "./sprint-forecast.ts";

/** Features of an overview: each has its futures imagined. */
export const MAX_LISTED = 16;
/** Tasks of a feature with times of their own in its answer, the earliest first: more than a picture of it draws. */
const MAX_TASK_TIMES = 500;
/** Closings learned from at once: samples hold 100 of a stratum, and all 2,250 of a full state cost 0.7 s of CPU. */
const MAX_LEARNED = 500;
/** Dependencies left out of a circle that are named: who mends some asks again. */
const MAX_CYCLES = 200;
/** In that share of the futures a task must lie on the longest chain to be called critical. */
const CRITICAL_SHARE = 0.5;

type WorkMeasure = MeasureForecast["metric"];
const MEASURES: readonly WorkMeasure[] = ["work", "tokens", "cost"];

export class Outlook {
  readonly #learner: Learner;
  readonly #finishes = new FeatureFinishes();
  readonly #reviews = new ReviewLearner();
  /** The newest state that it learned from. */
  seq = 0;

  /** `bounds`: the project's own. */
  constructor(bounds?: ComplexityBounds) {
    this.#learner = new Learner({ newest: MAX_LEARNED, bounds });
  }

  learn(state: ProjectState): void {
    this.#learner.learn(state);
    this.seq = state.seq;
  }

  /** Null: the live state does not know it. */
  ofTask(state: ProjectState, id: string, now_ms: number): TaskForecast | null {
    const task = findTask(state, id);
    if (task === undefined) return null;
    const record = recordOfTask(task, this.#learner.bounds);
    const open = record.outcome === "open";
    const forecasts = MEASURES.map((metric) => ({
      metric,
      forecast: open ? this.#learner.forecasters[metric].forecast(record) : null,
    }));
    return {
      seq: state.seq,
      task_id: id,
      words: open
        ? forecastWords(
            forecasts.map(({ forecast }) => forecast),
            "task",
          )
        : `unknown: ${CLOSED}`,
      measures: forecasts.map(({ metric, forecast }) => measureOf(metric, forecast, open)),
      breach: this.#breach(state, record, now_ms),
      changes_requested: this.#changes(state, task),
    };
  }

  #breach(state: ProjectState, record: WorkRecord, now_ms: number): TaskForecast["breach"] {
    const unknown = (why: string) => ({ probability: null, target: null, samples: 0, why });
    if (record.outcome !== "open") return unknown(CLOSED);
    if (record.started_at === null) return unknown("nobody has begun it");
    const running = [...state.open_tasks.values()].map((task) => recordOfTask(task, this.#learner.bounds));
    const risk = breachRisk(this.#learner.forecasters.work.pool, record, running, now_ms);
    const why =
      risk.target === null
        ? "too few finished tasks for a target"
        : risk.probability === null
          ? "no finished task lasted as long as this one has"
          : null;
    return { probability: risk.probability, target: risk.target, samples: risk.n, why };
  }

  #changes(state: ProjectState, task: Task): TaskForecast["changes_requested"] {
    const unknown = (why: string) => ({ probability: null, reasons: [], samples: 0, why });
    if (task.closed_at !== null) return unknown(CLOSED);
    if (task.status !== "review") return unknown("it is not handed in");
    this.#reviews.learn(state);
    const risk = this.#reviews.riskOf(task.id);
    if (risk === null) return unknown("too few verdicts of reviewers are known");
    return { probability: risk.probability, reasons: risk.reasons, samples: risk.n, why: null };
  }

  /** `by_ms`: the moment that lateness is measured against. */
  ofFeature(state: ProjectState, id: string, now_ms: number, by_ms?: number): FeatureForecast | null {
    const feature = findFeature(state, id);
    if (feature === undefined) return null;
    const live = liveOf(state, now_ms, this.#learner);
    const finish = state.open_features.has(id) ? this.#finishes.forecast(id, live) : null;
    const place = new Map(live.graph.order.map((task, index) => [task.id, index]));
    const critical = (finish?.critical ?? []).filter(({ share }) => share >= CRITICAL_SHARE);
    return {
      seq: state.seq,
      ...infoOf(feature, finish, live),
      status: feature.status,
      closed_at: feature.closed_at === null ? null : isoOf(feature.closed_at),
      critical_path: critical
        .map((task) => task.id)
        .sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)),
      tasks: (finish?.tasks ?? [])
        .toSorted((a, b) => a.p50_ms - b.p50_ms)
        .slice(0, MAX_TASK_TIMES)
        .map(({ id: task_id, p50_ms, p80_ms }) => ({
          task_id,
          p50_at: momentOf(finish, p50_ms),
          p80_at: momentOf(finish, p80_ms),
        })),
      cycles_broken: (finish?.cycles ?? []).slice(0, MAX_CYCLES),
      cost: this.#cost(state, feature),
      late: by_ms === undefined ? null : lateOf(id, finish, by_ms),
    };
  }

  overview(state: ProjectState, now_ms: number): ForecastOverview {
    const live = liveOf(state, now_ms, this.#learner);
    const with_work = new Set(live.tasks.map((task) => task.feature_id));
    const open = [...state.open_features.values()]
      .filter(({ id }) => with_work.has(id))
      .sort((a, b) => b.updated_at - a.updated_at);
    const listed = open.slice(0, MAX_LISTED);
    const whole: Live = { ...live, whole_only: true };
    const finishes = new Map<string, FeatureFinish | null>();
    const finish = (id: string): FeatureFinish | null => {
      const known = finishes.get(id);
      if (known !== undefined) return known;
      const made = this.#finishes.forecast(id, whole);
      finishes.set(id, made);
      return made;
    };
    const sprint = currentSprint(state);
    return {
      seq: state.seq,
      sprint:
        sprint === null
          ? null
          : sprintForecast(state, sprint, {
              live,
              finish,
              finishAll: (ids) => this.#finishes.forecastAll(ids, whole),
            }),
      calibration: calibrationOf(state.scored_forecasts.values()),
      features: listed.map((feature) => infoOf(feature, finish(feature.id), live)),
      omitted_features: open.length - listed.length,
    };
  }

  #cost(state: ProjectState, feature: Feature): FeatureForecast["cost"] {
    const { usage } = feature;
    const priced_calls = usage.reported_calls + usage.priced_calls;
    const unpriced_calls = usage.calls - priced_calls;
    const known_usd = usage.reported_usd + usage.priced_usd;
    const unknown = (why: string) => ({
      spent: usage.calls > 0 && priced_calls === 0 ? null : known_usd,
      ...{ unpriced_calls, predicted: null, why },
    });
    if (unpriced_calls > 0)
      return unknown(`the price of ${unpriced_calls} of its ${usage.calls} calls is unknown`);
    // Nothing is left of it: what it took is what it took.
    if (feature.closed_at !== null)
      return usage.calls === 0
        ? unknown("no call of it was reported")
        : { spent: known_usd, unpriced_calls, predicted: known_usd, why: null };
    let left = 0;
    for (const task of allTasks(state)) {
      if (task.feature_id !== feature.id || task.closed_at !== null) continue;
      const record = recordOfTask(task, this.#learner.bounds);
      const forecast = this.#learner.forecasters.cost.forecast(record);
      if (forecast === null) return unknown("no finished task has a known cost");
      left += Math.max(0, forecast.value - (record.cost_usd ?? 0));
    }
    return { spent: known_usd, unpriced_calls, predicted: known_usd + left, why: null };
  }
}

function measureOf(metric: WorkMeasure, forecast: Forecast | null, open: boolean): MeasureForecast {
  const interval = forecast?.interval ?? null;
  return {
    metric,
    unit: UNITS[metric],
    predicted: forecast?.value ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    coverage: interval === null ? null : 1 - MISS,
    samples: forecast?.n ?? 0,
    method: forecast?.way ?? null,
    why: !open
      ? CLOSED
      : forecast === null
        ? "no finished task has this measured"
        : interval === null
          ? "too few forecasts were scored for an interval"
          : null,
  };
}

function lateOf(id: string, finish: FeatureFinish | null, by_ms: number): FeatureForecast["late"] {
  const { late, word } = sprintRisk(id, finish, by_ms);
  return { by: isoOf(by_ms), probability: late, word };
}
