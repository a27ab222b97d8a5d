/**
 * What a budget begins with: the calls before it was set, where the state knows exactly which they were. Whose
 * entry was forgotten, is partial, or has calls of an earlier month beside those of this one, is counted from now on.
 */
import { monthOf } from "./budget-period.ts";
import { findFeature } from "./select.ts";
import type { Agent } from "./entity/agent.ts";
import type { Budget } from "./entity/budget.ts";
import type { ProjectState } from "./state.ts";
import type { Usage } from "./entity/usage.ts";
import { addUsage, createUsage } from "./usage.ts";

export interface Opening {
  from: number;
  usage: Usage;
}

type Wanted = Pick<Budget, "scope" | "feature_id" | "agent" | "role" | "period">;

/** Null: nobody knows. */
export function openAccounts(state: ProjectState, wanted: Wanted, time_ms: number): Opening[] | null {
  if (wanted.scope === "project" && wanted.period === "month")
    return [...state.spending.months]
      .map(([from, usage]) => ({ from, usage }))
      .sort((a, b) => a.from - b.from);
  const from = wanted.period === "month" ? monthOf(Math.max(time_ms, state.time)) : 0;
  const usage = usageSince(state, wanted, from);
  return usage === null ? null : [{ from, usage }];
}

function usageSince(
  state: ProjectState,
  { scope, feature_id, agent, role }: Wanted,
  from: number,
): Usage | null {
  switch (scope) {
    case "project":
      return state.usage;
    case "feature": {
      const feature = findFeature(state, feature_id ?? "");
      if (feature === undefined) return state.counters.forgotten_features === 0 ? createUsage() : null;
      const began = feature.partial ? null : feature.created_at;
      return feature.usage.calls === 0 || from === 0 || (began !== null && began >= from)
        ? whole(feature)
        : null;
    }
    case "agent": {
      const known = state.agents.get(agent ?? "");
      if (known === undefined) return state.counters.forgotten_agents === 0 ? createUsage() : null;
      return since([known], from);
    }
    case "role": {
      if (state.counters.forgotten_agents > 0) return null;
      return since(
        [...state.agents.values()].filter((each) => each.role === role),
        from,
      );
    }
  }
}

/** A partial entry may have been forgotten with what it had used. */
function whole({ partial, usage }: { partial: boolean; usage: Usage }): Usage | null {
  return partial ? null : usage;
}

function since(agents: readonly Agent[], from: number): Usage | null {
  const sum = createUsage();
  for (const { usage, first_seen } of agents) {
    if (usage.calls === 0) continue;
    if (from > 0 && first_seen < from) return null;
    addUsage(sum, usage);
  }
  return sum;
}
