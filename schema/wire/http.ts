/** Bodies of the machine API and of the dashboard's own routes, as TypeScript sees them. */
import type { StoredEvent } from "../event/event.ts";
import type { RejectionCode } from "../event/rejection.ts";
import type { Role } from "./permission.ts";
import type { Agent } from "../state/entity/agent.ts";
import type { Feature } from "../state/entity/feature.ts";
import type { Task } from "../state/entity/task.ts";
import type { Usage } from "../state/entity/usage.ts";
import type { WireState } from "../state/state.ts";

export type { RejectionCode };

export interface EventResult {
  /** Position in the request, from 0. */
  index: number;
  /** Null when the sender gave none that could be read. */
  id: string | null;
  status: "rejected" | "conflict";
  code: RejectionCode | "conflict";
  message: string;
}

/** `POST /v1/events`. `first_seq` and `last_seq` are null when nothing new was stored. */
export interface AppendResponse {
  accepted: number;
  duplicates: number;
  first_seq: number | null;
  last_seq: number | null;
  results?: EventResult[];
}

export interface Head {
  seq: number;
  /** Hex SHA-256 of the chain at `seq`; 64 zeros before the first event. */
  hash: string;
}

/** `GET /v1/events`. `next` is the `since` of the next page, null at the end of the log. */
export interface EventsPage {
  events: StoredEvent[];
  next: number | null;
  head: Head;
}

export interface StateResponse {
  seq: number;
  /** The newest moment of work in the state, ms; 0 before there is any. What Clusterfork says itself does not move it. */
  time: number;
  state: WireState;
}

/** What happened in one bucket of a timeline. */
export interface TimelineMark {
  /** Position in `seqs`. */
  bucket: number;
  event_type: string;
  /** The first of them. */
  seq: number;
  count: number;
}

/**
 * `GET /v1/timeline?buckets=`: the log's span of event time in equal steps.
 * Time here is the running maximum of event time, which never goes back; what Clusterfork
 * says itself moves it no further than the work that follows.
 */
export interface TimelineResponse {
  /** The last seq of the log. */
  seq: number;
  /** ms; null while the log is empty. */
  from: number | null;
  to: number | null;
  /**
   * Per bucket, the last seq whose time is not after the bucket's end, which is
   * `from + (to - from) * (i + 1) / buckets`, rounded down. The density of a
   * bucket is what it adds to the one before.
   */
  seqs: number[];
  marks: TimelineMark[];
  /** Ascending seqs at which `GET /v1/state?at=` answers without folding: fetch one, and fold the events after it. */
  checkpoints: number[];
}

export interface TasksResponse {
  tasks: Task[];
}
export interface FeaturesResponse {
  features: Feature[];
}
export interface FeatureResponse {
  feature: Feature;
  tasks: Task[];
}
export interface AgentsResponse {
  agents: Agent[];
}
/** `GET /v1/tasks/:id`, `/v1/agents/:id`: with their whole history. */
export interface TaskResponse {
  task: Task;
}
export interface AgentResponse {
  agent: Agent;
}

/**
 * `GET /v1/history/tasks`, `features`, `agents`: the archive in order of id, up
 * to a minute behind the log. `next` is the `after` of the next page, null at the end.
 */
export interface HistoryTasksResponse {
  tasks: Task[];
  next: string | null;
}
export interface HistoryFeaturesResponse {
  features: Feature[];
  next: string | null;
}
export interface HistoryAgentsResponse {
  agents: Agent[];
  next: string | null;
}
/** What happened in one hour of event time. */
export interface HistoryHour {
  /** Its beginning, ms. */
  time: number;
  events: number;
  by_type: [string, number][];
  usage: Usage;
}
/** `GET /v1/history/hours`: hours without events are left out. `next` is the `from` of the next page. */
export interface HistoryHoursResponse {
  hours: HistoryHour[];
  next: number | null;
}

export const SCOPES = ["ingest", "read", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export interface TeamRef {
  id: string;
  name: string;
  slug: string;
}
export interface ProjectRef {
  id: string;
  name: string;
  slug: string;
  /** Fed by the simulated team, and labelled so wherever it is shown. */
  sample: boolean;
}
/** `POST /api/signup` → 201, with a session cookie. The keys are shown this once. */
export interface SignupResponse {
  team: TeamRef;
  project: ProjectRef;
  keys: { ingest: string; read: string };
}
/** `GET /api/teams`: every team of the signed-in person, with its projects. */
export interface TeamsResponse {
  user: { id: string; name: string; email: string };
  teams: (TeamRef & { role: Role; projects: (ProjectRef & { created_at: string })[] })[];
}
export interface KeyInfo {
  id: string;
  name: string;
  scopes: Scope[];
  created_at: string;
  revoked_at: string | null;
}
/** `GET /api/keys?project=<id>`. */
export interface KeysResponse {
  keys: KeyInfo[];
}
/** `POST /api/keys` → 201. `secret` is the whole key, shown this once. */
export interface KeyCreatedResponse {
  key: KeyInfo;
  secret: string;
}
