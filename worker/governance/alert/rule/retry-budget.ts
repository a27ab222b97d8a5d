import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";

/** Retries ran out, and the task is still open: nobody will try again by itself. */
export const retryBudget: Rule = {
  id: "retry_budget_exhausted",
  hold_ms: 0,
  clear_ms: MINUTE_MS,
  believable:
    "The orchestrator said that it gives up. It ends when the task is closed, or a person takes it up.",
  *conditions({ state, recent }: Scene): Generator<Condition> {
    const told = new Set<string>();
    for (const { seq, time_ms, agent_id, task_id, feature_id, event_type } of recent.occurrences) {
      if (event_type !== "retry_budget_exhausted" || task_id === null || told.has(task_id)) continue;
      const task = state.open_tasks.get(task_id);
      if (task === undefined || resolvedAfter(state, task_id, time_ms)) continue;
      told.add(task_id);
      yield {
        ...BARE,
        severity: "critical",
        title: `Task ${task_id} has no retries left`,
        message: `${String(task.attempts)} ${task.attempts === 1 ? "attempt" : "attempts"}, ${String(task.review_cycles)} review cycles. Take it up yourself, change the plan, or close it.`,
        metric: "attempts",
        value: task.attempts,
        agent_id,
        task_id,
        feature_id: feature_id ?? task.feature_id,
        since_ms: time_ms,
        evidence: [seq],
      };
    }
  },
};

/** Tasks that a person was asked about: that they are blocked is no news beside it. */
export function givenUp({ state, recent }: Pick<Scene, "state" | "recent">): Set<string> {
  const tasks = new Set<string>();
  for (const { event_type, task_id, time_ms } of recent.occurrences)
    if (
      event_type === "retry_budget_exhausted" &&
      task_id !== null &&
      !resolvedAfter(state, task_id, time_ms)
    )
      tasks.add(task_id);
  return tasks;
}

function resolvedAfter(state: Scene["state"], task_id: string, time_ms: number): boolean {
  return state.escalations.some(
    (entry) => entry.task_id === task_id && entry.resolved_at !== null && entry.resolved_at >= time_ms,
  );
}
