import { duration } from "../../../../schema/event/describe/duration.ts";
import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";

/** Somebody waits for a file that another holds, for longer than an edit takes. */
export const lockContention: Rule = {
  id: "lock_contention",
  hold_ms: 10 * MINUTE_MS,
  clear_ms: 2 * MINUTE_MS,
  believable:
    "Both sides reported it. Wrong where a holder never releases what it no longer edits; a holder that stops or crashes releases all.",
  ages: true,
  *conditions({ state, now_ms }: Scene): Generator<Condition> {
    for (const { path, agent_id, task_id, since, seq, holder_task_id } of state.conflicts.values()) {
      const feature_id = (task_id === null ? undefined : state.open_tasks.get(task_id))?.feature_id ?? null;
      const holder = holder_task_id === null ? "another agent" : `task ${holder_task_id}`;
      yield {
        ...BARE,
        severity: "warning",
        title:
          task_id === null ? "An agent waits for a locked file" : `Task ${task_id} waits for a locked file`,
        message: `It has waited ${duration(now_ms - since)} for ${holder}. Let the holder finish or release the file, or give the waiting agent other work.`,
        metric: "lock_wait_ms",
        value: now_ms - since,
        target: lockContention.hold_ms,
        path,
        agent_id,
        task_id,
        feature_id,
        since_ms: since,
        evidence: [seq],
      };
    }
  },
};
