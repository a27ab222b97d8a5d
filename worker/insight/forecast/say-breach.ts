/**
 * Whether a task will take longer than its target: said once, when half of the target is over, and scored when the
 * task is finished. Earlier nothing is known that the target does not say; later little is left to foretell.
 */
import type { Learner } from "./learn.ts";
import type { OwnEvent } from "../../../schema/event/own.ts";
import { findTask } from "../../../schema/state/select.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import { breachRisk } from "../target/breach.ts";
import { strataOf } from "../target/stratum.ts";
import { targetOf } from "../target/target.ts";
import { beganAt, measured, recordOfTask, type WorkRecord } from "../work/record.ts";
import { aboutOf, isSaid, madeEvent, NEWS_MS, scoredEvent } from "./say.ts";

export const BREACH = "breach";
/** Each walks through all that runs. */
const MAX_PER_LOOK = 8;

export interface Breaches {
  events: OwnEvent[];
  /** When the next task reaches half of its target; Infinity: none will. */
  next_ms: number;
}

export function breachesMade(
  state: ProjectState,
  { forecasters, bounds }: Pick<Learner, "forecasters" | "bounds">,
  now_ms: number,
): Breaches {
  const { pool } = forecasters.work;
  const running: WorkRecord[] = [];
  for (const task of state.open_tasks.values())
    if (beganAt(task) !== null) running.push(recordOfTask(task, bounds));
  /** By the narrowest stratum, which has the others in it: many tasks are of few. */
  const targets = new Map<string, number | null>();
  const targetAt = (record: WorkRecord): number | null => {
    const strata = strataOf(record);
    const narrowest = strata[0] ?? "";
    let target = targets.get(narrowest);
    if (target === undefined) targets.set(narrowest, (target = targetOf(pool, strata).value));
    return target;
  };
  const due: { record: WorkRecord; at_ms: number }[] = [];
  let next_ms = Infinity;
  for (const record of running) {
    const target = targetAt(record);
    if (target === null || record.started_at === null) continue;
    const at_ms = Math.round(record.started_at + target / 2);
    if (at_ms > now_ms) next_ms = Math.min(next_ms, at_ms);
    else if (now_ms - at_ms <= NEWS_MS && now_ms - record.started_at < target) due.push({ record, at_ms });
  }
  const events = due
    // The moment moves with the target; said once since the work began is said.
    .filter(({ record }) => !isSaid(state, idOf(record.id), record.started_at ?? 0))
    .slice(0, MAX_PER_LOOK)
    .flatMap(({ record, at_ms }): OwnEvent[] => {
      const { probability, target, n } = breachRisk(pool, record, running, at_ms);
      if (probability === null || target === null) return [];
      const figures = { predicted: probability, high: target, samples: n };
      const about = aboutOf(record);
      return [madeEvent({ id: idOf(record.id), metric: BREACH, method: "survival", at_ms, about, figures })];
    });
  return { events, next_ms };
}

export function breachesScored(state: ProjectState): OwnEvent[] {
  return [...state.open_forecasts.values()].flatMap((made): OwnEvent[] => {
    if (made.metric !== BREACH || made.task_id === null || made.high === null) return [];
    const task = findTask(state, made.task_id);
    if (task === undefined || task.closed_at === null) return [];
    const found = measured(recordOfTask(task), "work");
    if (!found.ok) return [];
    return [scoredEvent(made, found.value > made.high ? 1 : 0, task.closed_at, aboutOf(task))];
  });
}

const idOf = (task_id: string): string => `${BREACH}:${task_id}`;
