import { duration } from "../../../../schema/event/describe/duration.ts";
import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";

/** A crash was reported, and the agent has said nothing since: any later event of it makes it active again. */
export const failedAgent: Rule = {
  id: "agent_failed",
  hold_ms: 2 * MINUTE_MS,
  clear_ms: MINUTE_MS,
  believable:
    "Its runner reported the crash. Most restart within seconds, which is why it waits for two minutes. Wrong where a crashed agent goes on under another id.",
  ages: true,
  *conditions({ state, now_ms }: Scene): Generator<Condition> {
    const left = openWorkOf(state);
    for (const agent of state.agents.values()) {
      if (agent.status !== "crashed") continue;
      const tasks = left.get(agent.id) ?? 0;
      yield {
        ...BARE,
        severity: tasks > 0 ? "critical" : "warning",
        title: "An agent crashed and did not come back",
        message: `Silent for ${duration(now_ms - agent.last_seen)}. ${
          tasks > 0
            ? `It holds ${String(tasks)} open ${tasks === 1 ? "task" : "tasks"}: restart it, or hand them over.`
            : "It holds no open task: restart it when it is needed."
        }`,
        agent_id: agent.id,
        since_ms: agent.last_seen,
        evidence: [agent.last_seq],
      };
    }
  },
};

/** Tasks at work, by assignee. */
function openWorkOf(state: Scene["state"]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { assignee, status } of state.open_tasks.values()) {
    if (assignee === null || status === "pending") continue;
    counts.set(assignee, (counts.get(assignee) ?? 0) + 1);
  }
  return counts;
}
