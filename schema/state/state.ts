/**
 * What the log means: the live state of one project.
 *
 *   StoredEvent ──apply──▶ ProjectState ──encode──▶ WireState (snapshot, GET /v1/state)
 *                               ▲                        │
 *                               └────────decode──────────┘
 *
 * `ProjectState` is mutable and owned by one holder (the room, a browser tab,
 * a test); `apply` changes it in place. It uses Maps, because ids are hostile
 * text (`__proto__` is a legal task id) and insertion order carries meaning:
 * the oldest entry is forgotten first. Everything in it is bounded by count
 * (limits.ts), and forgetting is part of `apply`, so a replay forgets alike.
 * Whoever stores a state stores the version of its fold beside it, and folds
 * the log anew when that has changed.
 */
import type { StoredEvent } from "../event/event.ts";
import type { Agent } from "./entity/agent.ts";
import type { Alert } from "./entity/alert.ts";
import type { Spending, WireSpending } from "./entity/budget.ts";
import type { Decision } from "./entity/decision.ts";
import type { Escalation } from "./entity/escalation.ts";
import type { Feature } from "./entity/feature.ts";
import type { Foretold } from "./entity/forecast.ts";
import type { FileLock, LockConflict } from "./entity/lock.ts";
import type { Sop } from "./entity/sop.ts";
import type { Sprint } from "./entity/sprint.ts";
import type { LearnedTarget } from "./entity/target.ts";
import type { Task } from "./entity/task.ts";
import type { Unassigned, Usage } from "./entity/usage.ts";

export interface Counters {
  events: number;
  /** Per event type; beyond the limit of distinct names, `other`. */
  by_type: Map<string, number>;
  /** Entries that left the hot state by its limits. */
  forgotten_tasks: number;
  forgotten_features: number;
  forgotten_agents: number;
  /** Event time of the earliest and the latest event; null before the first. */
  first_time: number | null;
  last_time: number | null;
}

/** How much the lists of all hot entries hold together; counted, so that a limit costs no scan. */
export interface Totals {
  dependencies: number;
  files: number;
}

export interface ProjectState {
  /** The last event folded; 0 before the first. */
  seq: number;
  /** The newest moment of senders' work, ms, the state's "now" (`clockAfter`). 0 before there is any. */
  time: number;
  open_tasks: Map<string, Task>;
  /** In order of closing, the oldest first. */
  closed_tasks: Map<string, Task>;
  open_features: Map<string, Feature>;
  closed_features: Map<string, Feature>;
  agents: Map<string, Agent>;
  /** By path. */
  locks: Map<string, FileLock>;
  /** By `conflictKey(path, agent_id)`. */
  conflicts: Map<string, LockConflict>;
  escalations: Escalation[];
  decisions: Decision[];
  /** In order of raising. */
  open_alerts: Map<string, Alert>;
  /** In order of clearing. */
  closed_alerts: Map<string, Alert>;
  /** By `targetKey(metric, scope)`. */
  targets: Map<string, LearnedTarget>;
  /** Whose truth has not come. */
  open_forecasts: Map<string, Foretold>;
  /** In order of scoring, the oldest first. */
  scored_forecasts: Map<string, Foretold>;
  /** In the order in which they were told of. */
  sprints: Map<string, Sprint>;
  /** In the order of their first adoption. */
  sops: Map<string, Sop>;
  usage: Usage;
  unassigned: Unassigned;
  spending: Spending;
  counters: Counters;
  totals: Totals;
  /** Whoever counts what passes here; no part of the state, and never encoded or copied. */
  observer?: Observer;
}

/** Whom and what a known event is about. */
export interface Seen {
  /** Event time, ms. */
  time_ms: number;
  /** Null for Clusterfork's own agents, which are no part of the team. */
  agent: Agent | null;
  task: Task | null;
  feature: Feature | null;
}

/** Sees each known event once, as it is folded, and each entry that leaves the hot state by its limits. */
export interface Observer {
  /** Agent, task and feature are as they were before this event, but for being met: new ones exist already. */
  note(event: StoredEvent, seen: Seen, now_ms: number): void;
  retireTask(task: Task): void;
  retireFeature(feature: Feature): void;
}

/**
 * `ProjectState` as JSON: the same fields, each Map an array of its values,
 * `by_type` an array of pairs; `totals` are counted again when it is decoded.
 */
export interface WireState {
  seq: number;
  time: number;
  open_tasks: Task[];
  closed_tasks: Task[];
  open_features: Feature[];
  closed_features: Feature[];
  agents: Agent[];
  locks: FileLock[];
  conflicts: LockConflict[];
  escalations: Escalation[];
  decisions: Decision[];
  open_alerts: Alert[];
  closed_alerts: Alert[];
  targets: LearnedTarget[];
  open_forecasts: Foretold[];
  scored_forecasts: Foretold[];
  sprints: Sprint[];
  sops: Sop[];
  usage: Usage;
  unassigned: Unassigned;
  spending: WireSpending;
  counters: Omit<Counters, "by_type"> & { by_type: [string, number][] };
}
