import { duration } from "../../../../schema/event/describe/duration.ts";
import { givenUp } from "./retry-budget.ts";
import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";

/** A block that outlasts this is a quarter of the day's smallest plan. */
const CRITICAL_AFTER_MS = 2 * 60 * MINUTE_MS;

/** The agent said that it cannot go on, and nothing has come since. */
export const blockedTask: Rule = {
  id: "task_blocked",
  hold_ms: 10 * MINUTE_MS,
  clear_ms: 2 * MINUTE_MS,
  believable:
    "An agent said so itself. Wrong only where a sender never sends task_unblocked or any work afterwards.",
  ages: true,
  *conditions({ state, recent, now_ms }: Scene): Generator<Condition> {
    const given_up = givenUp({ state, recent });
    for (const task of state.open_tasks.values()) {
      if (task.status !== "blocked" || given_up.has(task.id)) continue;
      // Answered, and still blocked: it waits anew, for the agent to take it up.
      const since_ms = Math.max(task.status_at, answeredAt(state, task.id));
      const blocked_ms = now_ms - since_ms;
      const waits_for = task.dependencies.filter((id) => state.open_tasks.has(id)).length;
      const next =
        waits_for > 0
          ? `It depends on ${String(waits_for)} open ${waits_for === 1 ? "task" : "tasks"}: finish or reassign those first.`
          : "Answer what it waits for, or unblock it.";
      yield {
        ...BARE,
        severity: blocked_ms >= CRITICAL_AFTER_MS ? "critical" : "warning",
        title: `Task ${task.id} is blocked`,
        message: `No work for ${duration(blocked_ms)}. ${next}`,
        metric: "blocked_ms",
        agent_id: task.assignee,
        task_id: task.id,
        feature_id: task.feature_id,
        value: blocked_ms,
        target: blockedTask.hold_ms,
        since_ms,
        worse_ms: since_ms + CRITICAL_AFTER_MS,
        evidence: [task.last_seq],
      };
    }
  },
};

/** When a person last took it up, ms. */
function answeredAt(state: Scene["state"], task_id: string): number {
  return state.escalations.reduce(
    (newest, entry) => (entry.task_id === task_id ? Math.max(newest, entry.resolved_at ?? 0) : newest),
    0,
  );
}
