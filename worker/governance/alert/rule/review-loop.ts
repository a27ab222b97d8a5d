import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";

/** The target of reviewer cycles is two (schema/metric); the third repeats is what a person can still stop. */
const MAX_CYCLES = 2;

/** Coder and reviewer send a task back and forth. */
export const reviewLoop: Rule = {
  id: "review_ping_pong",
  hold_ms: 0,
  clear_ms: MINUTE_MS,
  believable:
    "It counts change requests on a task that is still open. Legitimate where the plan itself changed meanwhile.",
  *conditions({ state }: Scene): Generator<Condition> {
    for (const task of state.open_tasks.values()) {
      if (task.review_cycles <= MAX_CYCLES || task.approved) continue;
      yield {
        ...BARE,
        severity: task.review_cycles > 2 * MAX_CYCLES ? "critical" : "warning",
        title: `Task ${task.id} was sent back ${String(task.review_cycles)} times`,
        message: `${String(task.review_cycles)} rounds, and it is not approved. Read the last two reviews: when they ask for different things, settle the requirement first.`,
        metric: "reviewer_cycles",
        value: task.review_cycles,
        target: MAX_CYCLES,
        agent_id: task.assignee,
        task_id: task.id,
        feature_id: task.feature_id,
        since_ms: task.status_at,
        evidence: [task.last_seq],
      };
    }
  },
};
