/**
 * What a person or the Board was asked to look at.
 *
 * | event                      | what it does                                                    |
 * |----------------------------|-----------------------------------------------------------------|
 * | escalated_to_user, _board  | a new entry; a person's counts for its task                     |
 * | human_intervened           | resolves the open entries of its task; without a task, those of |
 * |                            | its feature that name no task; without both, those that name neither |
 *
 * `agent_escalated` asks another agent, not a person, and makes no entry.
 */
import { textIn } from "./field.ts";
import { MAX_ESCALATIONS, MAX_REASON_CHARS } from "./limits.ts";
import type { Escalation } from "./entity/escalation.ts";
import type { Fold } from "./subject.ts";

function escalate(to: Escalation["to"]): Fold {
  return (state, event, { time_ms, task }) => {
    if (to === "user" && task !== null) task.escalations += 1;
    state.escalations.push({
      seq: event.seq,
      time: time_ms,
      agent_id: event.agent_id,
      task_id: event.task_id ?? null,
      feature_id: event.feature_id ?? null,
      to,
      reason: textIn(event, "reason", MAX_REASON_CHARS),
      resolved_at: null,
    });
    if (state.escalations.length > MAX_ESCALATIONS) state.escalations.shift();
  };
}

export const foldEscalatedToUser = escalate("user");
export const foldEscalatedToBoard = escalate("board");

export const foldIntervened: Fold = (state, event, { time_ms }) => {
  const task_id = event.task_id ?? null;
  const feature_id = event.feature_id ?? null;
  for (const entry of state.escalations) {
    if (entry.resolved_at !== null || entry.task_id !== task_id) continue;
    if (task_id === null && entry.feature_id !== feature_id) continue;
    entry.resolved_at = time_ms;
  }
};
