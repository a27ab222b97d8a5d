/** Busy of total per role: who could take work, and who has some. */
import type { Agent } from "../../../schema/state/state.ts";

export interface RoleCapacity {
  role: string;
  busy: number;
  total: number;
}

/** Agents that stopped or crashed are no capacity; an idle one with a task still has it. */
export function capacityByRole(agents: Iterable<Agent>): RoleCapacity[] {
  const roles = new Map<string, RoleCapacity>();
  for (const agent of agents) {
    if (agent.status === "stopped" || agent.status === "crashed" || agent.id.startsWith("clusterfork:"))
      continue;
    const role = agent.role === null || agent.role.trim() === "" ? "no role" : agent.role;
    const capacity = roles.get(role) ?? { role, busy: 0, total: 0 };
    capacity.total++;
    if (agent.current_task !== null) capacity.busy++;
    roles.set(role, capacity);
  }
  return [...roles.values()].sort((a, b) => a.role.localeCompare(b.role, "en"));
}
