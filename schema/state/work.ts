/**
 * Work on a task, in order of event time (`course.ts`).
 *
 * | event           | status afterwards                                                          |
 * |-----------------|----------------------------------------------------------------------------|
 * | task_claimed    | pending, failed → claimed; taken over from in_progress or review → claimed.  |
 * |                 | Blocked, done and merged stay: who takes finished work over has not begun  |
 * |                 | it anew, and a claim removes no obstacle                                   |
 * | task_started    | in_progress                                                                |
 * | task_progress   | pending, claimed → in_progress, else as it is                              |
 * | task_blocked    | blocked                                                                    |
 * | task_unblocked  | blocked → in_progress if it ever was, claimed if it ever was, else pending |
 * | task_reopened   | done, failed, merged → the same                                            |
 * | handoff         | as it is; the assignee changes                                             |
 *
 * The claimer is `metadata.assignee`, else the event's agent. A start names the
 * assignee only where none is known. `attempts` counts every way from pending
 * or closed into work.
 */
import type { StoredEvent } from "../event/event.ts";
import { assign, guess } from "./assignee.ts";
import { isClosed } from "./course.ts";
import { isBefore, MOVE } from "./move.ts";
import { nameIn, numberIn, textIn } from "./field.ts";
import { MAX_REASON_CHARS } from "./limits.ts";
import { move } from "./status.ts";
import type { ProjectState } from "./state.ts";
import type { Fold, Subject } from "./subject.ts";
import { touchFiles } from "./task.ts";

/** The task that an agent works on now, unless the agent has said something newer. */
function takeUp(state: ProjectState, agent_id: string, event: StoredEvent, subject: Subject): void {
  const { agent, task, time_ms } = subject;
  if (task === null || isClosed(task.status)) return;
  if (agent_id === event.agent_id) {
    if (agent !== null && subject.agent_is_current) agent.current_task = task.id;
    return;
  }
  const other = state.agents.get(agent_id);
  if (other !== undefined && time_ms >= other.last_seen) other.current_task = task.id;
}

export const foldClaimed: Fold = (state, event, subject) => {
  const { task, time_ms } = subject;
  if (task === null) return;
  const claimer = nameIn(event, "assignee") ?? event.agent_id;
  touchFiles(state, event, task);
  move(state, task, assign(task, claimer, true, time_ms), time_ms);
  takeUp(state, claimer, event, subject);
};

export const foldStarted: Fold = (state, event, subject) => {
  const { task, time_ms } = subject;
  if (task === null) return;
  const named = nameIn(event, "assignee");
  if (named === null) guess(task, event.agent_id, time_ms);
  else move(state, task, assign(task, named, false, time_ms), time_ms);
  touchFiles(state, event, task);
  move(state, task, MOVE.start, time_ms);
  takeUp(state, event.agent_id, event, subject);
};

/** 0 to 1, from either scale. */
function progressIn(event: StoredEvent): number | null {
  const progress = numberIn(event, "progress");
  if (progress !== null) return Math.min(1, Math.max(0, progress));
  const percent = numberIn(event, "percent");
  return percent === null ? null : Math.min(1, Math.max(0, percent / 100));
}

export const foldProgress: Fold = (state, event, subject) => {
  const { task, time_ms } = subject;
  if (task === null) return;
  touchFiles(state, event, task);
  const progress = progressIn(event);
  if (progress === null) move(state, task, MOVE.progress, time_ms);
  else {
    if (!isBefore(time_ms, task.past.moves, isMeasure)) task.past.measured = progress;
    move(state, task, MOVE.measure, time_ms);
  }
  takeUp(state, event.agent_id, event, subject);
};

function isMeasure(code: number): boolean {
  return code === MOVE.measure;
}

export const foldBlocked: Fold = (state, event, { task, time_ms }) => {
  if (task === null) return;
  move(state, task, MOVE.block, time_ms);
  if (task.status !== "blocked") return;
  const reason = textIn(event, "reason", MAX_REASON_CHARS);
  if (!isBefore(time_ms, task.past.moves, isBlock)) task.blocked_reason = reason;
};

function isBlock(code: number): boolean {
  return code === MOVE.block;
}

export const foldUnblocked: Fold = (state, _event, { task, time_ms }) => {
  if (task !== null) move(state, task, MOVE.unblock, time_ms);
};

export const foldReopened: Fold = (state, _event, { task, time_ms }) => {
  if (task !== null) move(state, task, MOVE.reopen, time_ms);
};

export const foldHandoff: Fold = (state, event, subject) => {
  const { task, time_ms } = subject;
  const to = nameIn(event, "to_agent");
  if (task === null || to === null) return;
  move(state, task, assign(task, to, false, time_ms), time_ms);
  if (isClosed(task.status)) return;
  const from = state.agents.get(nameIn(event, "from_agent") ?? event.agent_id);
  if (from !== undefined && from.current_task === task.id) from.current_task = null;
  if (to !== event.agent_id) takeUp(state, to, event, subject);
};
