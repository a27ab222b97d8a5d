/**
 * Who works.
 *
 * | event                     | what it does to its agent                                       |
 * |---------------------------|-----------------------------------------------------------------|
 * | any known one             | seen: counts, `last_seen`, role; active                         |
 * | agent_heartbeat           | an idle agent stays idle                                        |
 * | agent_initialized         | model and role                                                  |
 * | tokens_used               | model                                                           |
 * | agent_idle                | idle, no current task                                           |
 * | agent_stopped, _crashed   | stopped or crashed, no current task, its locks are released     |
 * | task_completed, agent_submitted, agent_idle, … (`ENDS_WORK`) | at rest, until it says something else of work |
 * | tool_called, task_started, task_progress | its open task becomes the current task           |
 *
 * - Status, role and current task follow event time: a straggler, older than
 *   the agent's newest event, counts and changes none of them.
 * - Only senders are agents. A name in metadata (assignee, reviewer) makes none:
 *   an importer that knows who took an issue sends the claim as that agent.
 * - `clusterfork:*` agents are the service itself and no part of the team.
 */
import type { StoredEvent } from "../event/event.ts";
import { speaksAsClusterfork } from "../event/own.ts";
import { cut, labelIn } from "./field.ts";
import { forgetIdle } from "./forget.ts";
import { MAX_AGENTS, MAX_LABEL_CHARS } from "./limits.ts";
import { releaseLocksOfAgent } from "./lock.ts";
import type { Agent, AgentStatus } from "./entity/agent.ts";
import type { ProjectState } from "./state.ts";
import type { Fold } from "./subject.ts";
import { createUsage } from "./usage.ts";

function createAgent(id: string, seq: number, time_ms: number): Agent {
  return {
    id,
    role: null,
    model: null,
    status: "active",
    current_task: null,
    worked_at: null,
    rested_at: null,
    beat_at: null,
    last_seen: time_ms,
    first_seen: time_ms,
    first_seq: seq,
    last_seq: seq,
    events: 0,
    tasks_completed: 0,
    tasks_failed: 0,
    usage: createUsage(),
    pip: null,
  };
}

/** The event's agent, made when it is new; null for Clusterfork's own. */
export function meetAgent(state: ProjectState, event: StoredEvent, time_ms: number): Agent | null {
  const id = event.agent_id;
  const known = state.agents.get(id);
  if (known !== undefined) return known;
  if (speaksAsClusterfork(event)) return null;
  const agent = createAgent(id, event.seq, time_ms);
  state.agents.set(id, agent);
  if (forgetIdle(state.agents, MAX_AGENTS, event.seq) !== null) state.counters.forgotten_agents += 1;
  return agent;
}

function statusAfter(event_type: string, status: AgentStatus): AgentStatus {
  switch (event_type) {
    case "agent_idle":
      return "idle";
    case "agent_stopped":
      return "stopped";
    case "agent_crashed":
      return "crashed";
    case "agent_heartbeat":
      return status === "idle" ? "idle" : "active";
    default:
      return "active";
  }
}

/** After such a word of its own an agent waits for others, or for work: its silence is nobody's loss. */
const ENDS_WORK: ReadonlySet<string> = new Set([
  ...["agent_initialized", "agent_idle", "agent_stopped"],
  ...["task_completed", "task_failed", "task_merged", "task_blocked", "handoff"],
  ...["agent_submitted", "review_requested", "coder_resubmitted"],
  ...["reviewer_approved", "reviewer_changes_requested", "reviewer_rejected"],
  ...["feature_completed", "feature_merged", "feature_abandoned"],
]);
/** They come at work and after it. */
const SAYS_NOTHING_OF_WORK: ReadonlySet<string> = new Set([
  ...["agent_heartbeat", "agent_crashed", "agent_recovered", "tokens_used"],
]);

/** By event time, whatever order they come in. */
function noteWord(agent: Agent, event_type: string, time_ms: number): void {
  if (event_type === "agent_heartbeat") agent.beat_at = Math.max(agent.beat_at ?? time_ms, time_ms);
  if (SAYS_NOTHING_OF_WORK.has(event_type)) return;
  const name = ENDS_WORK.has(event_type) ? "rested_at" : "worked_at";
  agent[name] = Math.max(agent[name] ?? time_ms, time_ms);
}

/** Nothing is left to do for it, as far as it said. */
export function isAtRest({ worked_at, rested_at }: Pick<Agent, "worked_at" | "rested_at">): boolean {
  return worked_at === null || (rested_at !== null && rested_at >= worked_at);
}

/** Counts the event for its agent; returns whether it tells how the agent is now. */
export function seeAgent(agent: Agent, event: StoredEvent, time_ms: number): boolean {
  agent.events += 1;
  agent.last_seq = event.seq;
  noteWord(agent, event.event_type, time_ms);
  if (time_ms < agent.first_seen) agent.first_seen = time_ms;
  if (time_ms < agent.last_seen) {
    if (agent.role === null && event.agent_role !== undefined)
      agent.role = cut(event.agent_role, MAX_LABEL_CHARS);
    return false;
  }
  agent.last_seen = time_ms;
  agent.status = statusAfter(event.event_type, agent.status);
  if (event.agent_role !== undefined) agent.role = cut(event.agent_role, MAX_LABEL_CHARS);
  return true;
}

export const foldInitialized: Fold = (_state, event, { agent, agent_is_current }) => {
  if (agent === null) return;
  if (agent_is_current || agent.model === null) agent.model = labelIn(event, "model") ?? agent.model;
  if (agent_is_current || agent.role === null) agent.role = labelIn(event, "role") ?? agent.role;
};

export const foldIdle: Fold = (_state, _event, { agent, agent_is_current }) => {
  if (agent !== null && agent_is_current) agent.current_task = null;
};

/** An agent that ended holds nothing any more, or nobody could ever take its files. */
export const foldEnded: Fold = (state, _event, { agent, agent_is_current }) => {
  if (agent === null || !agent_is_current) return;
  agent.current_task = null;
  releaseLocksOfAgent(state, agent.id);
};

export const foldTool: Fold = (_state, _event, { agent, agent_is_current, task }) => {
  if (agent !== null && agent_is_current && task !== null && task.closed_at === null)
    agent.current_task = task.id;
};
