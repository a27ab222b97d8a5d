import { PIP_FAILURES, pipOf } from "../../../../schema/metric/pip.ts";
import type { Task } from "../../../../schema/state/state.ts";
import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";

/** The last tasks of an agent all failed: a Performance Improvement Plan is required (schema/metric/pip.ts). */
export const failingAgent: Rule = {
  id: "pip_required",
  hold_ms: 0,
  clear_ms: MINUTE_MS,
  believable:
    "It counts closed tasks of one agent, and one success ends it. By chance alone an agent that fails one task in ten does so once in a thousand.",
  *conditions({ state }: Scene): Generator<Condition> {
    for (const [agent_id, tasks] of closedByAgent(state)) {
      const pip = pipOf(tasks, []);
      if (pip === null) continue;
      yield {
        ...BARE,
        severity: "warning",
        title: `An agent failed ${String(pip.gap)} tasks in a row`,
        message:
          "Read the last of them before it gets another: its instructions, its model or the tasks have to change.",
        metric: pip.metric,
        value: pip.gap,
        target: PIP_FAILURES - 1,
        samples: tasks.length,
        agent_id,
        // When it became so many: before that nobody could say so.
        since_ms: becameAt(tasks),
        evidence: newestFirst(tasks)
          .slice(0, pip.gap)
          .map(({ last_seq }) => last_seq)
          .toReversed(),
      };
    }
  },
};

function closedByAgent(state: Scene["state"]): Map<string, Task[]> {
  const found = new Map<string, Task[]>();
  for (const task of state.closed_tasks.values()) {
    if (task.assignee === null) continue;
    const tasks = found.get(task.assignee);
    if (tasks === undefined) found.set(task.assignee, [task]);
    else tasks.push(task);
  }
  return found;
}

function newestFirst(tasks: readonly Task[]): Task[] {
  return tasks.toSorted((a, b) => (b.closed_at ?? 0) - (a.closed_at ?? 0));
}

/** When the last run of failures reached PIP_FAILURES. */
function becameAt(tasks: readonly Task[]): number {
  const newest = newestFirst(tasks);
  const end = newest.findIndex(({ status }) => status !== "failed");
  const run = end === -1 ? newest : newest.slice(0, end);
  return run.at(-PIP_FAILURES)?.closed_at ?? 0;
}
