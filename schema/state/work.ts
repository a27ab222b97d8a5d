/**
 * Work on a task.
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
 * or closed into work. A straggler that moves a closed task no more still fills
 * in the assignee and the times that nobody has told yet.
 */
import type { StoredEvent } from "../event/event.ts";
import { nameIn, numberIn, textIn } from "./field.ts";
import { MAX_REASON_CHARS } from "./limits.ts";
import { isClosed, mayMove, restingStatus, setStatus } from "./status.ts";
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
  if (!mayMove(task, time_ms)) {
    task.assignee ??= claimer;
    task.claimed_at ??= time_ms;
    return;
  }
  const changes_hands = task.assignee !== claimer;
  const status = task.status;
  task.assignee = claimer;
  task.claimed_at ??= time_ms;
  touchFiles(state, event, task);
  const in_other_hands = changes_hands && (status === "in_progress" || status === "review");
  if (status === "pending" || status === "failed" || in_other_hands)
    setStatus(state, task, "claimed", time_ms);
  takeUp(state, claimer, event, subject);
};

export const foldStarted: Fold = (state, event, subject) => {
  const { task, time_ms } = subject;
  if (task === null) return;
  if (!mayMove(task, time_ms)) {
    task.assignee ??= nameIn(event, "assignee") ?? event.agent_id;
    task.started_at ??= time_ms;
    return;
  }
  task.assignee = nameIn(event, "assignee") ?? task.assignee ?? event.agent_id;
  touchFiles(state, event, task);
  setStatus(state, task, "in_progress", time_ms);
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
  // What is finished stays finished; a number sent afterwards is a straggler in fact, if not by the clock.
  if (isClosed(task.status)) return;
  task.progress = progressIn(event) ?? task.progress;
  if (task.status === "pending" || task.status === "claimed") setStatus(state, task, "in_progress", time_ms);
  takeUp(state, event.agent_id, event, subject);
};

export const foldBlocked: Fold = (state, event, { task, time_ms }) => {
  if (task === null || !mayMove(task, time_ms)) return;
  setStatus(state, task, "blocked", time_ms);
  task.blocked_reason = textIn(event, "reason", MAX_REASON_CHARS);
};

export const foldUnblocked: Fold = (state, _event, { task, time_ms }) => {
  if (task !== null && task.status === "blocked") setStatus(state, task, restingStatus(task), time_ms);
};

export const foldReopened: Fold = (state, _event, { task, time_ms }) => {
  if (task === null || !isClosed(task.status) || time_ms < task.status_at) return;
  setStatus(state, task, restingStatus(task), time_ms);
};

export const foldHandoff: Fold = (state, event, subject) => {
  const { task } = subject;
  const to = nameIn(event, "to_agent");
  if (task === null || to === null || isClosed(task.status)) return;
  const from = state.agents.get(nameIn(event, "from_agent") ?? event.agent_id);
  if (from !== undefined && from.current_task === task.id) from.current_task = null;
  task.assignee = to;
  if (to !== event.agent_id) takeUp(state, to, event, subject);
};
