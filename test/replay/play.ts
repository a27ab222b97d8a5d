/** A short log written by hand, folded. Times are seconds after noon; seq follows the order of writing. */
import type { Json, StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { strict } from "../../schema/state/testing.ts";
import { findTask } from "../../schema/state/select.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import type { Task } from "../../schema/state/entity/task.ts";

export const NOON_MS = Date.UTC(2026, 10, 22, 12);

export interface Step {
  type: string;
  /** Seconds after noon; one more than the step before when absent. */
  at?: number;
  agent?: string;
  role?: string;
  task?: string;
  feature?: string;
  metadata?: { [key: string]: Json };
  metrics?: { [key: string]: number };
}

export function written(steps: readonly Step[], after_seq = 0): StoredEvent[] {
  let at_s = 0;
  return steps.map((step, index) => {
    at_s = step.at ?? at_s + 1;
    return {
      id: `e${after_seq + index + 1}`,
      seq: after_seq + index + 1,
      timestamp: new Date(NOON_MS + at_s * 1000).toISOString(),
      received_at: new Date(NOON_MS + 24 * 3600 * 1000).toISOString(),
      event_type: step.type,
      agent_id: step.agent ?? "coder-a",
      ...(step.role === undefined ? {} : { agent_role: step.role }),
      ...(step.task === undefined ? {} : { task_id: step.task }),
      ...(step.feature === undefined ? {} : { feature_id: step.feature }),
      ...(step.metadata === undefined ? {} : { metadata: step.metadata }),
      ...(step.metrics === undefined ? {} : { metrics: step.metrics }),
      source: "api",
      key_id: "k",
      v: 1,
    };
  });
}

export function play(steps: readonly Step[], state = createState()): ProjectState {
  for (const event of written(steps, state.seq)) apply(state, event, strict);
  return state;
}

/** The task `T` after steps that are all about it. */
export function playTask(steps: readonly Step[]): Task {
  const task = findTask(play(steps.map((step) => ({ task: "T", ...step }))), "T");
  if (task === undefined) throw new Error("no step made the task T");
  return task;
}
