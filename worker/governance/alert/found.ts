/**
 * What insight finds out of the ordinary, as far as alerts speak of it: nothing that lies within the recalibrated
 * target, and no time that is long by the clock alone.
 */
import { targetKey } from "../../../schema/state/target.ts";
import type { Held } from "../../../schema/metric/ask.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Detectors } from "../../insight/anomaly/detect.ts";
import type { Finding } from "../../insight/anomaly/finding.ts";
import { overruns } from "../../insight/anomaly/overrun.ts";
import { strataOf } from "../../insight/target/stratum.ts";
import { beganAt, recordOfTask, type Measure, type WorkRecord } from "../../insight/work/record.ts";
import { activeBetween } from "./heard.ts";

export interface Hours {
  /** Beginning of the hour that runs, ms; it counts as one with work. */
  hour_ms: number;
  /** Beginnings of the hours with work before it. */
  heard: readonly number[];
}

const MEASURE_OF: Partial<Record<Finding["rule"], Measure>> = {
  task_duration: "work",
  task_tokens: "tokens",
  task_cost: "cost",
};

export function foundIn(
  state: ProjectState,
  detectors: Detectors,
  { hour_ms, heard }: Hours,
  { now_ms, complexity }: { now_ms: number } & Pick<Held, "complexity">,
): Finding[] {
  const target = (record: WorkRecord, measure: Measure): number | null => {
    for (const stratum of strataOf(record)) {
      const learned = state.targets.get(targetKey(measure, stratum))?.target ?? null;
      if (learned !== null) return learned;
    }
    return null;
  };
  const active = (from_ms: number, to_ms: number): number =>
    activeBetween(heard, from_ms, Math.min(hour_ms, to_ms)) + Math.max(0, to_ms - Math.max(hour_ms, from_ms));
  const isBeyond = ({ rule, subject, value, target: limit }: Finding): boolean => {
    const measure = MEASURE_OF[rule];
    const task = subject.task_id === undefined ? undefined : state.closed_tasks.get(subject.task_id);
    if (measure === undefined || task === undefined) return true;
    const most = Math.max(limit, target(recordOfTask(task, complexity), measure) ?? 0);
    const began_ms = beganAt(task);
    if (measure !== "work" || began_ms === null || task.closed_at === null) return value > most;
    return active(began_ms, task.closed_at) > most;
  };
  const told = new Map<string, number>();
  for (const { rule, task_id, target: limit } of state.open_alerts.values())
    if (task_id !== null && limit !== null) told.set(`${rule} ${task_id}`, limit);
  const running = overruns(state, detectors, {
    ...{ now_ms, complexity },
    target,
    activeSince: (from_ms) => active(from_ms, now_ms),
    toldOf: (task_id, rule) => told.get(`${rule} ${task_id}`) ?? null,
  });
  return [...detectors.detect({ state, now_ms }).filter(isBeyond), ...running];
}
