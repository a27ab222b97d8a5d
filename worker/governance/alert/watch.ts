/**
 * The alerts of one project, as the room's watch asks for them (room/watch.ts).
 *
 *   note ─▶ recent, detectors (with whom had what in hand then)
 *   look ─▶ tasks that ended since ─▶ detectors ─▶ findings ┐
 *           the last days, measured once a day ─▶ plans     ├▶ rules ─▶ conditions ─▶ engine ─▶ events
 *           hours heard, once an hour ─▶ steadiness         ┘
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { foldTime } from "../../../schema/state/clock.ts";
import type { Watcher } from "../../../schema/event/watcher.ts";
import type { Known } from "../../../schema/metric/measure.ts";
import { DAY_MS, floorTo, HOUR_MS } from "../../../schema/metric/slot.ts";
import { targetKey } from "../../../schema/state/target.ts";
import type { ProjectState, Task } from "../../../schema/state/state.ts";
import { Detectors } from "../../insight/anomaly/detect.ts";
import type { Finding } from "../../insight/anomaly/finding.ts";
import { Hands } from "../../insight/anomaly/hands.ts";
import { overruns } from "../../insight/anomaly/overrun.ts";
import { strataOf } from "../../insight/target/stratum.ts";
import { recordOfTask, type Measure, type WorkRecord } from "../../insight/work/record.ts";
import { measureDays, type Day } from "./days.ts";
import { evaluate, type Evaluation, type Gone } from "./engine.ts";
import { steadinessOf, type Steadiness } from "./heard.ts";
import { planEvents, plansOf } from "./plan.ts";
import { Recent } from "./recent.ts";
import { RULES } from "./rules.ts";

const MEASURE_OF: Partial<Record<Finding["rule"], Measure>> = {
  task_duration: "work",
  task_tokens: "tokens",
  task_cost: "cost",
};

export class Alerts implements Watcher<ProjectState, Known> {
  readonly #recent = new Recent();
  readonly #hands = new Hands();
  readonly #detectors = new Detectors();
  #gone: Gone | null = null;
  /** Of the closed tasks, those up to here were judged: ms of closing, and the ids of that moment. */
  #judged: { at_ms: number; ids: Set<string> } = { at_ms: -Infinity, ids: new Set() };
  #days: { day_ms: number; days: Day[] } = { day_ms: NaN, days: [] };
  #steady: { hour_ms: number; steadiness: Steadiness | null } = { hour_ms: NaN, steadiness: null };

  note(event: StoredEvent): void {
    this.#recent.note(event);
    this.#hands.note(event);
    const { state } = this.#hands;
    // At the moment that the fold gives it: a clock that jumps must not make anybody silent.
    this.#detectors.noteEvent(
      { ...event, timestamp: new Date(foldTime(event, state.time)).toISOString() },
      state,
    );
  }

  look(state: ProjectState, now_ms: number, known: () => Known): Evaluation {
    this.#gone ??= goneBefore(state, now_ms);
    this.#judge(state);
    this.#measure(known, now_ms);
    const { days } = this.#days;
    const plans = plansOf(state, days);
    const scene = {
      ...{ state, recent: this.#recent, now_ms, days, plans, steady: this.#steady.steadiness },
      findings: this.#findings(state, now_ms),
    };
    const { events, next_ms } = evaluate(RULES, scene, this.#gone);
    const tomorrow = this.#awaitsTomorrow(state, now_ms) ? floorTo(now_ms, DAY_MS) + DAY_MS : Infinity;
    const next = Math.min(next_ms ?? Infinity, tomorrow);
    return {
      events: [...planEvents(state, plans, days, now_ms), ...events],
      next_ms: next === Infinity ? null : next,
    };
  }

  /** Those that closed since, in order of closing. */
  #judge(state: ProjectState): void {
    const { at_ms, ids } = this.#judged;
    const ended: [Task, number][] = [];
    for (const task of state.closed_tasks.values())
      if (
        task.closed_at !== null &&
        (task.closed_at > at_ms || (task.closed_at === at_ms && !ids.has(task.id)))
      )
        ended.push([task, task.closed_at]);
    ended.sort(([, a], [, b]) => a - b);
    for (const [task, closed_at] of ended) {
      this.#detectors.noteEnd(task, task.last_seq);
      if (closed_at > this.#judged.at_ms) this.#judged = { at_ms: closed_at, ids: new Set() };
      this.#judged.ids.add(task.id);
    }
  }

  #measure(known: () => Known, now_ms: number): void {
    const day_ms = floorTo(now_ms, DAY_MS);
    if (this.#days.day_ms !== day_ms) this.#days = { day_ms, days: measureDays(known, now_ms) };
    const hour_ms = floorTo(now_ms, HOUR_MS);
    if (this.#steady.hour_ms !== hour_ms)
      this.#steady = { hour_ms, steadiness: steadinessOf(known(), now_ms) };
  }

  /** Nothing is told of what lies within the recalibrated target, however rare it is. */
  #findings(state: ProjectState, now_ms: number): Finding[] {
    const least = (record: WorkRecord, measure: Measure): number | null => {
      for (const stratum of strataOf(record)) {
        const target = state.targets.get(targetKey(measure, stratum))?.target ?? null;
        if (target !== null) return target;
      }
      return null;
    };
    const found = this.#detectors.detect({ state, now_ms }).filter(({ rule, subject, value }) => {
      const measure = MEASURE_OF[rule];
      const task = subject.task_id === undefined ? undefined : state.closed_tasks.get(subject.task_id);
      return measure === undefined || task === undefined || value > (least(recordOfTask(task), measure) ?? 0);
    });
    return [...found, ...overruns(state, this.#detectors, now_ms, least)];
  }

  /** Only where days are compared and something may be new about them: a project at rest is let sleep. */
  #awaitsTomorrow(state: ProjectState, now_ms: number): boolean {
    const last_ms = Math.max(0, ...[...state.agents.values()].map(({ last_seen }) => last_seen));
    return last_ms >= floorTo(now_ms, DAY_MS) - DAY_MS && state.closed_tasks.size > 0;
  }
}

/**
 * What is away when the memory is new has been so since the last event, at the latest: a room that sleeps between two
 * looks would else begin to wait anew at each, and clear nothing (B3). What holds is struck out as it is looked at.
 */
function goneBefore(state: ProjectState, now_ms: number): Gone {
  const gone: Gone = new Map();
  for (const { id, updated_at } of state.open_alerts.values())
    gone.set(id, Math.min(now_ms, Math.max(state.time, updated_at)));
  return gone;
}
