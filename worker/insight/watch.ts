/**
 * What a project is told of its own numbers, as the room's watch asks for it (schema/event/watcher.ts): forecasts when
 * work begins, what came of them when it ends, and targets that moved.
 *
 *   look ─▶ learn from the state ─▶ began: forecast_made ── ended: forecast_scored
 *              └ every 20 closings, or each hour in which something closed: target_recalibrated
 *
 * All of it follows from the state, so after the memory was lost it is learned anew; and what already stands in the
 * state is not said twice. Only forecasts with an interval are said: without one nobody knows how much to believe.
 */
import type { Json, StoredEvent } from "../../schema/event/event.ts";
import type { OwnEvent } from "../../schema/event/own.ts";
import type { Watcher } from "../../schema/event/watcher.ts";
import { findTask } from "../../schema/state/select.ts";
import type { Foretold, ProjectState } from "../../schema/state/state.ts";
import { Learner, type Begun } from "./forecast/learn.ts";
import { MISS } from "./forecast/band.ts";
import { recalibrate, targetKey } from "./target/recalibrate.ts";
import { measured, MEASURES, recordOfTask, type Measure } from "./work/record.ts";

const ORGAN = "insight";
const AGENT = `clusterfork:${ORGAN}`;
/** Closings after which targets are looked at. */
export const RECALIBRATE_CLOSINGS = 20;
/** Or this time after the last look, where anything closed. */
export const RECALIBRATE_MS = 60 * 60_000;
/** Events said at one look; the rest is said at the next. A batch of that size is one small row of the log. */
const MAX_SAID = 200;
/** Work that began longer ago is not foretold: it was imported, and its truth may stand in the log already. */
const NEWS_MS = 10 * 60_000;

/** Looks at which something is said again that does not arrive. */
const MAX_TIMES = 5;

const isoOf = (time_ms: number): string => new Date(time_ms).toISOString();

export class Insight implements Watcher<ProjectState> {
  readonly #learner = new Learner();
  #calibrated = { closings: 0, at_ms: -Infinity };

  /** Begun or moved, and not in the log yet as far as is known here: the event, and how often it was said. */
  readonly #unsaid = new Map<string, { event: OwnEvent; times: number }>();

  /** What it said is in the log. All else that it needs stands in the state. */
  note(event: StoredEvent): void {
    if (event.agent_id === AGENT) this.#unsaid.delete(keyOf(event));
  }

  look(state: ProjectState, now_ms: number): { events: OwnEvent[]; next_ms: number | null } {
    const begun = this.#learner.learn(state);
    for (const event of begun.flatMap((one) => madeOf(one, state, now_ms))) this.#say(event);
    for (const event of this.#recalibrated(state, now_ms)) this.#say(event);
    const scored = scoredOf(state);
    const events = [...scored, ...this.#again()];
    const waits = this.#learner.closings > this.#calibrated.closings;
    return {
      events: events.slice(0, MAX_SAID),
      next_ms: events.length > MAX_SAID ? now_ms : waits ? this.#calibrated.at_ms + RECALIBRATE_MS : null,
    };
  }

  #say(event: OwnEvent): void {
    this.#unsaid.set(keyOf(event), { event, times: 0 });
  }

  /** What the log has already is a duplicate there, and never noted: it is not said for ever. */
  #again(): OwnEvent[] {
    const events: OwnEvent[] = [];
    for (const [key, said] of this.#unsaid) {
      said.times += 1;
      if (said.times > MAX_TIMES) this.#unsaid.delete(key);
      else if (events.length < MAX_SAID) events.push(said.event);
    }
    return events;
  }

  #recalibrated(state: ProjectState, now_ms: number): OwnEvent[] {
    const { closings } = this.#learner;
    const since = closings - this.#calibrated.closings;
    if (since === 0) return [];
    if (since < RECALIBRATE_CLOSINGS && now_ms - this.#calibrated.at_ms < RECALIBRATE_MS) return [];
    this.#calibrated = { closings, at_ms: now_ms };
    const newest = [...state.closed_tasks.values()].at(-1);
    if (newest === undefined) return [];
    const stood = new Map<string, number>();
    for (const { metric, scope, target } of state.targets.values())
      if (target !== null) stood.set(targetKey(metric as Measure, scope), target);
    return MEASURES.flatMap((measure) =>
      recalibrate(this.#learner.forecasters[measure].pool, stood).map(
        ({ stratum, value, previous, n, method, alpha, shrunk_from }): OwnEvent => ({
          organ: ORGAN,
          cause: ["target", measure, stratum, newest.id, newest.closed_at ?? 0],
          event_type: "target_recalibrated",
          timestamp: isoOf(state.time),
          metadata: {
            metric: measure,
            scope: stratum,
            method: method ?? "order statistic",
            ...(shrunk_from === undefined ? {} : { reason: `too few of its own; moved from ${shrunk_from}` }),
          },
          metrics: {
            target: value,
            value: 1 - alpha,
            samples: n,
            ...(previous === null ? {} : { previous }),
          },
        }),
      ),
    );
  }
}

const idOf = (measure: Measure, task_id: string): string => `${measure}:${task_id}`;

function madeOf({ record, at_ms, forecasts }: Begun, state: ProjectState, now_ms: number): OwnEvent[] {
  if (record.outcome !== "open" || now_ms - at_ms > NEWS_MS) return [];
  return MEASURES.flatMap((measure): OwnEvent[] => {
    const forecast = forecasts[measure];
    const forecast_id = idOf(measure, record.id);
    if (forecast === undefined || forecast.interval === null) return [];
    if (isSaid(state, forecast_id, at_ms)) return [];
    const { value, interval, way, n } = forecast;
    return [
      {
        organ: ORGAN,
        cause: ["forecast", forecast_id, at_ms],
        event_type: "forecast_made",
        timestamp: isoOf(at_ms),
        ...aboutOf(record),
        metadata: { forecast_id, metric: measure, method: way },
        metrics: { predicted: value, low: interval.low, high: interval.high, coverage: 1 - MISS, samples: n },
      },
    ];
  });
}

/** A forecast of that beginning stands, or was scored. */
function isSaid(state: ProjectState, id: string, at_ms: number): boolean {
  const known = state.open_forecasts.get(id) ?? state.scored_forecasts.get(id);
  return known !== undefined && (known.made_at === null || known.made_at >= at_ms);
}

/** Those whose truth stands in the state; they leave the open ones once it is in the log. */
function scoredOf(state: ProjectState): OwnEvent[] {
  const events: OwnEvent[] = [];
  for (const made of state.open_forecasts.values()) {
    const task = made.task_id === null ? undefined : findTask(state, made.task_id);
    const measure = MEASURES.find((one) => one === made.metric);
    if (task === undefined || task.closed_at === null || measure === undefined) continue;
    const found = measured(recordOfTask(task), measure);
    if (found.ok) events.push(scoreOf(made, found.value, task.closed_at, aboutOf(task)));
  }
  return events;
}

function scoreOf(
  made: Foretold,
  actual: number,
  at_ms: number,
  about: Pick<OwnEvent, "task_id" | "feature_id">,
): OwnEvent {
  const figures: [string, number | null][] = [
    ["predicted", made.predicted],
    ["low", made.low],
    ["high", made.high],
    ["coverage", made.coverage],
    ["samples", made.samples],
    ["actual", actual],
    ["error", made.predicted === null ? null : actual - made.predicted],
  ];
  const metadata: { [key: string]: Json } = { forecast_id: made.id, metric: made.metric };
  if (made.method !== null) metadata["method"] = made.method;
  return {
    organ: ORGAN,
    cause: ["forecast scored", made.id, made.made_at ?? 0, at_ms],
    event_type: "forecast_scored",
    timestamp: isoOf(at_ms),
    ...about,
    metadata,
    metrics: Object.fromEntries(figures.filter((figure): figure is [string, number] => figure[1] !== null)),
  };
}

function aboutOf({
  id,
  feature_id,
}: {
  id: string;
  feature_id: string | null;
}): Pick<OwnEvent, "task_id" | "feature_id"> {
  return { task_id: id, ...(feature_id === null ? {} : { feature_id }) };
}

/** Tells what was said apart; the same of the event that is stored. */
function keyOf({
  event_type,
  timestamp,
  metadata = {},
}: Pick<OwnEvent, "event_type" | "timestamp" | "metadata">): string {
  const { forecast_id = null, metric = null, scope = null } = metadata;
  return JSON.stringify([event_type, timestamp, forecast_id, metric, scope]);
}
