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

export const TASK_STATUSES = [
  "pending",
  "claimed",
  "in_progress",
  "blocked",
  "review",
  "done",
  "failed",
  "merged",
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** `done` is a feature closed as finished without a recorded merge. */
export const FEATURE_STATUSES = [
  "requested",
  "planned",
  "in_progress",
  "done",
  "merged",
  "abandoned",
] as const;
export type FeatureStatus = (typeof FEATURE_STATUSES)[number];

export const AGENT_STATUSES = ["active", "idle", "stopped", "crashed"] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/**
 * Tokens and money of model calls. Only `tokens_used` adds here (M1).
 * Calls whose cost nobody knows are `calls - reported_calls - priced_calls` (M2).
 */
export interface Usage {
  calls: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  /** A subset of `output_tokens`. */
  reasoning_tokens: number;
  reported_calls: number;
  reported_usd: number;
  priced_calls: number;
  priced_usd: number;
}

/**
 * What nobody assigned: events that name no feature, and no task of one when they were folded.
 * With the features', forgotten ones included, its usage adds up to the project's.
 */
export interface Unassigned {
  /** Of known types; Clusterfork's own are not work and are not counted. */
  events: number;
  usage: Usage;
}

export type CheckResult = "passed" | "failed";

/** What the moves of a task decide, and nothing else does: see `course.ts`. */
export interface Course {
  status: TaskStatus;
  /** Event time at which the status last changed. */
  status_at: number;
  /** True between an approval and the next change request. */
  approved: boolean;
  /** Times that work on it began: claims and starts after a failure count anew. */
  attempts: number;
  claimed_at: number | null;
  started_at: number | null;
  /** First submission to review. */
  submitted_at: number | null;
  /** When it became done, failed or merged; null while open. */
  closed_at: number | null;
  merged_at: number | null;
}

/** What the fold places a late event by. Of others `stage.ts` alone reads it. */
export interface TaskPast {
  /** By time, the newest ones: ms since the epoch times 16, and what it was (`course.ts`). */
  moves: number[];
  /** The course before `moves`; null while they are all there were. */
  base: Course | null;
  /** The newest progress that was told as a number. */
  measured: number | null;
  /** Event time of the newest title. */
  titled_at: number | null;
  /** Event time of the newest description. */
  described_at: number | null;
  /** Event time at which the assignee was named; null where a start alone lets it be guessed. */
  assigned_at: number | null;
  /** Event time of the newest test result. */
  tested_at: number | null;
}

export interface FeaturePast {
  /** As of a task; the codes are those of `feature-course.ts`. */
  moves: number[];
  titled_at: number | null;
  described_at: number | null;
  /** Event time at which the requester was named; null where the first request alone lets it be guessed. */
  requested_at: number | null;
  /** What tells the files apart that its tasks named (schema/event/file-mark.ts): the first `MAX_FEATURE_FILES`. */
  files: number[];
}

/** All times are ms since the epoch, by event time; null where no event said so. */
export interface Task extends Course {
  id: string;
  title: string | null;
  feature_id: string | null;
  /** The task this one is a part of. */
  parent_id: string | null;
  /** The sender's kind of work item: `task`, `bug`, `chore`, … */
  kind: string | null;
  /** 0 is the most urgent, as senders give it. */
  priority: number | null;
  /** Ids of tasks or features that must be finished first; they may be unknown, and may form cycles. */
  dependencies: string[];
  assignee: string | null;
  /** Of the assignee, as it was at its last event about this task. */
  role: string | null;
  model: string | null;
  /** 0 to 1; null when nobody reported any. */
  progress: number | null;
  blocked_reason: string | null;
  failure_reason: string | null;
  files: string[];
  /** The most files that one event names or counts; null while none does. `files` may be cut, this is not. */
  file_count: number | null;
  /** Times that a reviewer asked for changes or rejected. */
  review_cycles: number;
  tests_passed: number;
  tests_failed: number;
  last_test: CheckResult | null;
  /** Of the work that is not submitted yet; `counted` once a submission has been told its result. */
  last_lint: CheckResult | "counted" | null;
  /** Whether the newest result of lint was a failure, whatever became of the submission; null while none is known. */
  lint_failing: boolean | null;
  /** Times that it was escalated to a person. */
  escalations: number;
  created_at: number | null;
  /** Event time of the newest event about it. */
  updated_at: number;
  first_seq: number;
  last_seq: number;
  events: number;
  usage: Usage;
  /** Known only from events that mention it: no `task_created` seen, or forgotten and met again. */
  partial: boolean;
  past: TaskPast;
}

export interface Feature {
  id: string;
  title: string | null;
  /** A feature that this one is a part of. */
  parent_id: string | null;
  kind: string | null;
  priority: number | null;
  status: FeatureStatus;
  dependencies: string[];
  /** Who asked for it: an agent or a person. */
  requested_by: string | null;
  /** Distinct files that its tasks named, or the most that one of them or an event about it counts, if more; null while unknown. */
  file_count: number | null;
  /** They are at least as many: more than `MAX_FEATURE_FILES` were named, or a task counted files without naming them. */
  file_count_is_least: boolean;
  /** The first bug that was reported within seven days of a merge of it, also when it was merged again since. */
  bug_at: number | null;
  created_at: number | null;
  /** When work on it was first seen. */
  started_at: number | null;
  closed_at: number | null;
  updated_at: number;
  status_at: number;
  first_seq: number;
  last_seq: number;
  events: number;
  usage: Usage;
  partial: boolean;
  past: FeaturePast;
}

/** Why an agent's last work asks for a Performance Improvement Plan (schema/metric/pip.ts), while it does. */
export interface AgentPip {
  /** A metric's id, or `failed_tasks`. */
  metric: string;
  /** In the metric's unit, and what it is held against; null where a view does not show it. */
  value: number | null;
  target: number | null;
  /** When the first of the failed tasks closed, or the first of the missed windows began, ms; null: not told. */
  since: number | null;
  opened_at: number;
  seq: number;
}

export interface Agent {
  id: string;
  role: string | null;
  model: string | null;
  status: AgentStatus;
  current_task: string | null;
  /** Event time of its newest word of work; null: none yet. */
  worked_at: number | null;
  /** Of its newest word that nothing is left to do for it: handed in, judged, done, idle. */
  rested_at: number | null;
  /** Of its newest heartbeat. */
  beat_at: number | null;
  /** Event time of its newest event. */
  last_seen: number;
  first_seen: number;
  first_seq: number;
  last_seq: number;
  events: number;
  tasks_completed: number;
  tasks_failed: number;
  usage: Usage;
  pip: AgentPip | null;
}

export interface FileLock {
  path: string;
  agent_id: string;
  task_id: string | null;
  since: number;
}

/** Somebody waits for a file that somebody else holds. */
export interface LockConflict {
  path: string;
  agent_id: string;
  task_id: string | null;
  holder_agent_id: string | null;
  holder_task_id: string | null;
  since: number;
  seq: number;
}

/** Something a person or the Board was asked to look at. */
export interface Escalation {
  seq: number;
  time: number;
  agent_id: string;
  task_id: string | null;
  feature_id: string | null;
  to: "user" | "board";
  reason: string | null;
  /** Event time of `human_intervened` on the same task, else null. */
  resolved_at: number | null;
}

export interface Decision {
  seq: number;
  time: number;
  agent_id: string;
  task_id: string | null;
  feature_id: string | null;
  title: string | null;
  rationale: string | null;
  alternatives: string[];
}

export const BUDGET_SCOPES = ["project", "feature", "agent", "role"] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];
/** `month` is a month of UTC, by event time. */
export const BUDGET_PERIODS = ["month", "lifetime"] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];
export const BUDGET_UNITS = ["usd", "tokens"] as const;
export type BudgetUnit = (typeof BUDGET_UNITS)[number];

/** What one budget counted in one of its periods. Amounts are in the budget's unit. */
export interface BudgetAccount {
  /** When the period began, ms; 0: the budget's whole lifetime. */
  from: number;
  usage: Usage;
  /** What was reserved for calls whose cost nobody knows: it stands in the place of that cost. */
  assumed: number;
  /** Calls that came after their reservation had expired or was given back. */
  late_calls: number;
  /** Calls above what was reserved for them, and by how much together. */
  over_calls: number;
  over: number;
  /** The highest threshold that was told of, in percent; 0: none yet. */
  announced: number;
}

/** What was spent on one day of UTC, by event time: days since the epoch. */
export interface BudgetDay {
  day: number;
  usd: number;
  tokens: number;
}

export interface Budget {
  id: string;
  title: string | null;
  scope: BudgetScope;
  /** The one of these that `scope` names; the others are null. */
  feature_id: string | null;
  agent: string | null;
  role: string | null;
  period: BudgetPeriod;
  unit: BudgetUnit;
  /** Null: hidden from a shared view. */
  limit: number | null;
  /** Reservations are refused when it is used up. */
  hard: boolean;
  /** How often it was set. */
  revision: number;
  set_at: number;
  set_by: string | null;
  /** Calls before it are not in the first period; null: all there were are. */
  counted_from: number | null;
  /** Event time of the earliest call that was counted one by one. */
  first_at: number | null;
  /** In order of `from`. */
  accounts: BudgetAccount[];
  /** The newest days with calls, in order. */
  days: BudgetDay[];
}

/** Part of the budgets that is held for a call until it is settled, given back, or expires. */
export interface Reservation {
  id: string;
  /** Id of the key that asked for it; null: a person did, or it is older than that this is kept. */
  key_id: string | null;
  agent: string | null;
  role: string | null;
  feature_id: string | null;
  task_id: string | null;
  usd: number | null;
  tokens: number | null;
  made_at: number;
  expires_at: number;
  /** What the calls that named it came to. */
  calls: number;
  settled_usd: number;
  settled_tokens: number;
  released: boolean;
}

export interface Spending {
  /** The whole project's usage by month (its beginning in UTC, ms), so that a budget that is set later knows it. */
  months: Map<number, Usage>;
  budgets: Map<string, Budget>;
  /** Neither settled nor given back; some have expired. */
  held: Map<string, Reservation>;
  /** Settled, given back, or expired long ago; the newest last. */
  ended: Map<string, Reservation>;
}

export interface WireSpending {
  months: { from: number; usage: Usage }[];
  budgets: Budget[];
  held: Reservation[];
  ended: Reservation[];
}

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What was measured, beside what should be; in the unit of the alert's metric. */
export interface AlertFigures {
  value: number | null;
  target: number | null;
  /** How many observations the value rests on. */
  samples: number | null;
}

/** One episode of something that somebody should look at. */
export interface Alert extends AlertFigures {
  id: string;
  /** The rule that found it. */
  rule: string;
  metric: string | null;
  severity: Severity;
  title: string | null;
  /** What happened, since when, and what to do next. */
  message: string | null;
  /** Whom it is about. */
  agent_id: string | null;
  task_id: string | null;
  feature_id: string | null;
  /** The file that it is about; absent in what was stored before that was told. */
  path?: string | null;
  /** How often it was raised, the first time included. */
  times: number;
  /** Event time at which what it tells of began; null: nobody said. Of an import it lies long before it was raised. */
  since: number | null;
  raised_at: number;
  /** Of the words and figures: how things stood then. */
  said_at: number;
  updated_at: number;
  cleared_at: number | null;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  /** Nobody is told of it before; null: it is not silent. */
  snoozed_until: number | null;
  assignee: string | null;
  first_seq: number;
  last_seq: number;
}

/** What like work may take, as it was last recalibrated; null where a view does not show it. */
export interface LearnedTarget {
  /** `lead`, `work`: ms; `tokens`; `cost`: US dollars. */
  metric: string;
  /** The stratum: what it is, its kind, its complexity. */
  scope: string;
  method: string | null;
  target: number | null;
  previous: number | null;
  samples: number | null;
  /** Event time, ms. */
  at: number;
  seq: number;
}

/** What was foretold of a task or feature, and what came; figures in the unit of the metric. */
export interface Foretold {
  id: string;
  metric: string;
  method: string | null;
  task_id: string | null;
  feature_id: string | null;
  predicted: number | null;
  low: number | null;
  high: number | null;
  /** The share of truths that the interval is to hold. */
  coverage: number | null;
  samples: number | null;
  actual: number | null;
  made_at: number | null;
  scored_at: number | null;
  seq: number;
}

/** What a team set out to finish, and until when. */
export interface Sprint {
  id: string;
  title: string | null;
  goal: string | null;
  /** Ids in the order given, known or not; none: whatever is open. */
  features: string[];
  started_at: number;
  /** When it is to end; null: nobody said. */
  ends_at: number | null;
  /** When it was ended. */
  ended_at: number | null;
  /** Of the newest event about it. */
  seq: number;
}

/** A way of working that was adopted, in its newest version. */
export interface Sop {
  id: string;
  version: string | null;
  title: string | null;
  /** Null: nothing is said any more. */
  text: string | null;
  /** Whom it is for; none: everybody. */
  roles: string[];
  /** For which kinds of tasks; none: all. */
  kinds: string[];
  agent_id: string;
  adopted_at: number;
  /** Of its newest adoption. */
  seq: number;
}

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
  /** Running maximum of event time, ms; the state's "now". 0 before the first event. */
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
