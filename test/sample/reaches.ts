/** Logs whose last event changes something that it does not name as its own agent, task or feature. */
import type { NewEvent, StoredEvent } from "../../schema/event/event.ts";

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, second)).toISOString();
export const log = (...events: (Partial<NewEvent> & { event_type: string })[]): StoredEvent[] =>
  events.map((event, index) => ({
    id: `e${index}`,
    agent_id: "worker",
    source: "api",
    key_id: "k",
    v: 1,
    timestamp: at(index),
    received_at: at(index),
    ...event,
    seq: index + 1,
  }));

const T = { task_id: "T" };
/** Each last event reaches something that it does not name as its own agent, task or feature. */
export const REACHES: [string, StoredEvent[]][] = [
  [
    "the agent for whom another claims (assignee)",
    log(
      { event_type: "agent_initialized", agent_id: "far" },
      { event_type: "task_claimed", ...T, metadata: { assignee: "far" } },
    ),
  ],
  [
    "the agent to whom another hands over (to_agent)",
    log(
      { event_type: "agent_initialized", agent_id: "far" },
      { event_type: "handoff", ...T, metadata: { to_agent: "far" } },
    ),
  ],
  [
    "the agent from whom a third hands over (from_agent)",
    log(
      { event_type: "tool_called", agent_id: "far", ...T },
      { event_type: "handoff", ...T, metadata: { from_agent: "far", to_agent: "worker" } },
    ),
  ],
  [
    "the agent whose work asks for a plan (agent)",
    log(
      { event_type: "agent_initialized", agent_id: "far" },
      { event_type: "pip_opened", metadata: { agent: "far", metric: "task_failures" } },
    ),
  ],
  [
    "the assignee, when another completes the task",
    log({ event_type: "task_claimed", agent_id: "far", ...T }, { event_type: "task_completed", ...T }),
  ],
  [
    "the assignee, when another fails the task",
    log({ event_type: "task_claimed", agent_id: "far", ...T }, { event_type: "task_failed", ...T }),
  ],
  [
    "the assignee, when another merges the task",
    log({ event_type: "task_claimed", agent_id: "far", ...T }, { event_type: "task_merged", ...T }),
  ],
  [
    "the feature that brought a bug in (caused_by)",
    log(
      { event_type: "feature_merged", feature_id: "F" },
      { event_type: "bug_reported", metadata: { caused_by: "F" } },
    ),
  ],
  [
    "the feature of the task that brought a bug in (caused_by)",
    log(
      { event_type: "task_completed", feature_id: "F", ...T },
      { event_type: "feature_merged", feature_id: "F" },
      { event_type: "bug_reported", task_id: "BUG", metadata: { caused_by: "T" } },
    ),
  ],
  [
    "the task's feature, when the event names only the task",
    log({ event_type: "task_created", feature_id: "F", ...T }, { event_type: "task_started", ...T }),
  ],
  [
    "the task's feature, when the event names another one",
    log(
      { event_type: "task_created", feature_id: "F", ...T },
      { event_type: "feature_requested", feature_id: "G" },
      { event_type: "task_started", feature_id: "G", ...T },
    ),
  ],
  [
    "the feature that work seen earlier starts, when a task turns out to be its",
    log(
      { event_type: "feature_requested", feature_id: "F" },
      { event_type: "task_started", ...T },
      { event_type: "task_progress", feature_id: "F", ...T },
    ),
  ],
];
