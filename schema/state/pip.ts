/**
 * That an agent's work asks for a Performance Improvement Plan, as Clusterfork found it (worker/governance/alert).
 *
 * | event      | what it does to the agent that it names            |
 * |------------|----------------------------------------------------|
 * | pip_opened | its plan is this one: metric, gap, since when      |
 * | pip_closed | it has none                                        |
 *
 * An agent that the state does not know (any more) gets none: a name makes no agent.
 */
import type { StoredEvent } from "../event/event.ts";
import { anyFigureIn, labelIn, momentIn, nameIn } from "./field.ts";
import type { Agent } from "./entity/agent.ts";
import type { ProjectState } from "./state.ts";
import type { Fold } from "./subject.ts";

export const foldPipOpened: Fold = (state, event, { time_ms }) => {
  const agent = agentIn(state, event);
  if (agent === undefined) return;
  agent.pip = {
    metric: labelIn(event, "metric") ?? "",
    value: anyFigureIn(event, "value"),
    target: anyFigureIn(event, "target"),
    since: momentIn(event, "since"),
    opened_at: time_ms,
    seq: event.seq,
  };
};

export const foldPipClosed: Fold = (state, event) => {
  const agent = agentIn(state, event);
  if (agent !== undefined) agent.pip = null;
};

/** Who is not named is nobody, and not the one whose name is empty: under an alias that is another name (S2). */
function agentIn(state: ProjectState, event: StoredEvent): Agent | undefined {
  const name = nameIn(event, "agent");
  return name === null ? undefined : state.agents.get(name);
}
