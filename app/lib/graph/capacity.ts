/** Busy of total per role: who could take work, and who has some. */
import { isOfTeam } from "../../../schema/state/crew.ts";
import type { Agent } from "../../../schema/state/entity/agent.ts";

export interface RoleCapacity {
  role: string;
  busy: number;
  total: number;
}

/** An agent of which nothing was heard for so long, in ms of event time, is no capacity: it went without a word. */
export const SILENT_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Agents that stopped, crashed or fell silent are no capacity; an idle one with a task still has it.
 * `time` is the state's: silence is measured by the log's own clock, so a look at the past shows it as it was.
 */
export function capacityByRole(agents: Iterable<Agent>, time: number): RoleCapacity[] {
  const roles = new Map<string, RoleCapacity>();
  for (const agent of agents) {
    if (time - agent.last_seen > SILENT_AFTER_MS) continue;
    if (agent.status === "stopped" || agent.status === "crashed" || !isOfTeam(agent.id)) continue;
    const role = agent.role === null || agent.role.trim() === "" ? "no role" : agent.role;
    const capacity = roles.get(role) ?? { role, busy: 0, total: 0 };
    capacity.total++;
    if (agent.current_task !== null) capacity.busy++;
    roles.set(role, capacity);
  }
  return [...roles.values()].sort((a, b) => (a.role < b.role ? -1 : 1));
}
