/**
 * What is to be said of plans, by the rule of schema/metric/pip.ts: nothing that the state has already.
 *
 *   closed tasks, days ─▶ plansOf ─┬▶ begun ─▶ pip_opened
 *                                  └▶ over  ─▶ pip_closed
 */
import type { OwnEvent } from "../../../schema/event/own.ts";
import type { Days } from "../../../schema/metric/days.ts";
import { plansOf, type Plan } from "../../../schema/metric/pip.ts";
import type { Agent, AgentPip } from "../../../schema/state/entity/agent.ts";
import type { ProjectState } from "../../../schema/state/state.ts";

const ORGAN = "performance";

/** Plans that stand now, and those events. */
export function standingPlans(
  state: ProjectState,
  days: Days,
  now_ms: number,
): { plans: Map<string, Plan>; events: OwnEvent[] } {
  const plans = new Map<string, Plan>();
  const events: OwnEvent[] = [];
  const { agents, closed_tasks } = state;
  for (const [id, { is, plan }] of plansOf({
    agents: agents.values(),
    tasks: closed_tasks.values(),
    days,
    now_ms,
  })) {
    const agent = agents.get(id);
    if (agent === undefined) continue;
    if (is !== "over") plans.set(id, plan);
    if (is === "begun") events.push(opened(agent, plan, now_ms));
    else if (is === "over" && agent.pip !== null) events.push(ended(agent, agent.pip, now_ms));
  }
  return { plans, events };
}

function figuresOf(figures: Pick<Plan, "value" | "target" | "samples">): { [key: string]: number } {
  return Object.fromEntries(
    Object.entries(figures).filter((figure): figure is [string, number] => figure[1] !== null),
  );
}

const iso = (time_ms: number): string => new Date(time_ms).toISOString();

function opened({ id, role }: Agent, plan: Plan, now_ms: number): OwnEvent {
  const { metric, value, target, samples, since_ms, evidence } = plan;
  return {
    organ: ORGAN,
    cause: ["pip", id, metric, since_ms],
    event_type: "pip_opened",
    timestamp: iso(now_ms),
    metadata: {
      ...{ agent: id, metric, since: iso(since_ms), evidence: evidence.map(String) },
      ...(role === null ? {} : { role }),
    },
    metrics: figuresOf({ value, target, samples }),
  };
}

function ended({ id, role }: Agent, { metric, seq }: AgentPip, now_ms: number): OwnEvent {
  return {
    organ: ORGAN,
    cause: ["pip over", id, seq],
    event_type: "pip_closed",
    timestamp: iso(now_ms),
    metadata: { agent: id, metric, outcome: "met", ...(role === null ? {} : { role }) },
  };
}
