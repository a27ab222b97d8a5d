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
import { measureDays, type Day } from "../../../schema/metric/days.ts";
import { NOTHING_SET, type Held, type Known, type Measuring } from "../../../schema/metric/ask.ts";
import { DAY_MS, floorTo, HOUR_MS } from "../../../schema/metric/slot.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { Detectors } from "../../insight/anomaly/detect.ts";
import { Hands } from "../../insight/anomaly/hands.ts";
import { evaluate, type Evaluation, type Gone } from "./engine.ts";
import { foundIn, type Hours } from "./found.ts";
import { hoursHeard, steadinessOf } from "./heard.ts";
import { standingPlans } from "./plan.ts";
import { Recent } from "./recent.ts";
import { RULES } from "./rules.ts";

export class Alerts implements Watcher<ProjectState, Known> {
  readonly #recent = new Recent();
  readonly #hands = new Hands();
  readonly #measuring: Measuring;
  readonly #detectors = new Detectors();
  #gone: Gone | null = null;
  /** Of the closed tasks, those up to here were judged: ms of closing, the ids of that moment, and the log's end then. */
  #judged: { at_ms: number; ids: Set<string>; seq: number } = { at_ms: -Infinity, ids: new Set(), seq: 0 };
  #days: { day_ms: number; held: Held | null; days: Day[] } = { day_ms: NaN, held: null, days: [] };
  #hours: Hours = { hour_ms: NaN, heard: [] };

  constructor(measuring = NOTHING_SET) {
    this.#measuring = measuring;
  }

  prepare(now_ms: number): Promise<void> {
    return this.#measuring.refresh(now_ms);
  }

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
    const { plans, events: told } = standingPlans(state, days, now_ms);
    const scene = {
      ...{
        state,
        recent: this.#recent,
        now_ms,
        days,
        plans,
        steady: steadinessOf(this.#hours.heard, lastHeard(state)),
      },
      findings: foundIn(state, this.#detectors, this.#hours, { now_ms, ...this.#measuring.held }),
    };
    const { events, next_ms } = evaluate(RULES, scene, this.#gone);
    const tomorrow = this.#awaitsTomorrow(state, now_ms) ? floorTo(now_ms, DAY_MS) + DAY_MS : Infinity;
    const next = Math.min(next_ms ?? Infinity, tomorrow);
    return {
      events: [...told, ...events],
      next_ms: next === Infinity ? null : next,
    };
  }

  /** Those that closed since, in order of closing. */
  #judge(state: ProjectState): void {
    const { at_ms, ids, seq } = this.#judged;
    const ended: [Task, number][] = [];
    for (const task of state.closed_tasks.values())
      if (
        task.last_seq > seq &&
        task.closed_at !== null &&
        (task.closed_at > at_ms || (task.closed_at === at_ms && !ids.has(task.id)))
      )
        ended.push([task, task.closed_at]);
    ended.sort(([, a], [, b]) => a - b);
    for (const [task, closed_at] of ended) {
      this.#detectors.noteEnd(task, task.last_seq, this.#measuring.held.complexity);
      if (closed_at > this.#judged.at_ms) this.#judged = { at_ms: closed_at, ids: new Set(), seq };
      this.#judged.ids.add(task.id);
    }
    this.#judged.seq = state.seq;
  }

  #measure(known: () => Known, now_ms: number): void {
    const day_ms = floorTo(now_ms, DAY_MS);
    const { held } = this.#measuring;
    if (this.#days.day_ms !== day_ms || this.#days.held !== held)
      this.#days = { day_ms, held, days: measureDays(known, now_ms, held) };
    const hour_ms = floorTo(now_ms, HOUR_MS);
    if (this.#hours.hour_ms !== hour_ms) this.#hours = { hour_ms, heard: hoursHeard(known(), now_ms) };
  }

  /** Only where days are compared and something may be new about them: a project at rest is let sleep. */
  #awaitsTomorrow(state: ProjectState, now_ms: number): boolean {
    return lastHeard(state) >= floorTo(now_ms, DAY_MS) - DAY_MS && state.closed_tasks.size > 0;
  }
}

/** Of the team; Clusterfork's own events are no sign of it. 0: nobody was. */
function lastHeard({ agents }: ProjectState): number {
  let newest_ms = 0;
  for (const { last_seen } of agents.values()) newest_ms = Math.max(newest_ms, last_seen);
  return newest_ms;
}

/**
 * What is away when the memory is new has been so since the last event, at the latest: a room that sleeps between two
 * looks would else begin to wait anew at each, and clear nothing (B3). What holds is struck out as it is looked at.
 */
function goneBefore(state: ProjectState, now_ms: number): Gone {
  const gone: Gone = new Map();
  // Clusterfork's own count: a limit that was raised has cleared an alert as well as work may.
  const last_ms = state.counters.last_time ?? 0;
  for (const { id, updated_at } of state.open_alerts.values())
    gone.set(id, Math.min(now_ms, Math.max(last_ms, updated_at)));
  return gone;
}
