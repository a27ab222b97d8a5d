/**
 * What a room counts of itself, in memory: a counter that begins anew after an eviction is what Prometheus
 * expects of a process, and `awake_since_ms` says when that was. What the log says is counted by the fold.
 */
import type { AgentStatus } from "../../schema/state/entity/agent.ts";
import type { FeatureStatus } from "../../schema/state/entity/feature.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import type { TaskStatus } from "../../schema/state/entity/task.ts";
import type { Unassigned, Usage } from "../../schema/state/entity/usage.ts";
import { AGENT_STATUSES } from "../../schema/state/entity/agent.ts";
import { FEATURE_STATUSES } from "../../schema/state/entity/feature.ts";
import { TASK_STATUSES } from "../../schema/state/entity/task.ts";
import type { Live } from "./memory.ts";
import { authorize } from "./access.ts";
import type { Appended, GaugesReply, Principal, Refusal } from "./contract.ts";

/** Bounds of the histogram of events per commit: one event, a small batch, the largest request, a full group. */
export const COMMIT_BOUNDS: readonly number[] = [0, 1, 10, 100, 1_000, 2_000];

/** So many of the events that cannot be folded are told to the operator's log, each with its error: the rest is alike. */
const MAX_UNFOLDABLE_TOLD = 20;

export type BackgroundJob =
  | "publish"
  | "record"
  | "drain"
  | "audit"
  | "forward"
  | "watch"
  | "ids"
  | "budget"
  | "notices"
  | "lessons"
  | "reflect";

/** The log's side: the fold's counters and the sizes of the live state. */
export interface LogGauges {
  head_seq: number;
  by_type: { event_type: string; count: number }[];
  tasks: Record<TaskStatus, number>;
  features: Record<FeatureStatus, number>;
  agents: Record<AgentStatus, number>;
  forgotten: { tasks: number; features: number; agents: number };
  locks: number;
  conflicts: number;
  open_escalations: number;
  usage: Usage;
  /** Of no feature. */
  unassigned: Unassigned;
  /** Event time of the newest event, ms; null before the first. */
  last_time: number | null;
}

/** The room's own side. */
export interface RoomGauges {
  awake_since_ms: number;
  append_requests: number;
  events: { accepted: number; duplicate: number; conflict: number };
  commits: { stored: number; failed: number };
  /** Commits by their events: one more than COMMIT_BOUNDS. */
  commit_sizes: number[];
  alarms: number;
  failures: Record<BackgroundJob, number>;
  /** Events that the fold could not take whole, since it woke, each as often as it was met. */
  unfoldable: number;
  sockets: number;
  database_bytes: number;
  /** The last commit was refused because the database is as large as it may be (full.ts). */
  storage_full: boolean;
  /** Events that the archive lacks, and since when the oldest of them waits; null without an archive. */
  drain: { lag_events: number; lag_ms: number } | null;
}

export class Gauges {
  readonly awake_since_ms: number;
  readonly #events = { accepted: 0, duplicate: 0, conflict: 0 };
  readonly #commits = { stored: 0, failed: 0 };
  readonly #commit_sizes = [...COMMIT_BOUNDS, Infinity].map(() => 0);
  readonly #failures = {
    publish: 0,
    record: 0,
    drain: 0,
    audit: 0,
    forward: 0,
    watch: 0,
    ids: 0,
    budget: 0,
    notices: 0,
    lessons: 0,
    reflect: 0,
  };
  #append_requests = 0;
  #unfoldable = 0;
  #storage_full = false;
  #alarms = 0;

  constructor(now_ms: number) {
    this.awake_since_ms = now_ms;
  }

  committed(replies: readonly (Appended | Refusal)[], stored_events: number): void {
    this.#append_requests += replies.length;
    this.#commits.stored += 1;
    this.#storage_full = false;
    const bucket = COMMIT_BOUNDS.findIndex((bound) => stored_events <= bound);
    const at = bucket === -1 ? COMMIT_BOUNDS.length : bucket;
    this.#commit_sizes[at] = (this.#commit_sizes[at] ?? 0) + 1;
    for (const reply of replies) {
      if (!reply.ok) continue;
      this.#events.accepted += reply.accepted;
      this.#events.duplicate += reply.duplicates;
      this.#events.conflict += reply.conflicts.length;
    }
  }

  notCommitted(requests: number, storage_full: boolean): void {
    this.#storage_full = storage_full;
    this.#append_requests += requests;
    this.#commits.failed += 1;
  }

  woken(): void {
    this.#alarms += 1;
  }

  failed(job: BackgroundJob): void {
    this.#failures[job] += 1;
  }

  /** A function by itself: it is handed on. */
  readonly unfoldable = (seq: number, error: unknown): void => {
    this.#unfoldable += 1;
    if (this.#unfoldable <= MAX_UNFOLDABLE_TOLD)
      console.error(`event ${String(seq)} could not be folded whole; it is stored`, error);
  };

  read(now: Pick<RoomGauges, "sockets" | "database_bytes" | "drain">): RoomGauges {
    return {
      awake_since_ms: this.awake_since_ms,
      append_requests: this.#append_requests,
      events: { ...this.#events },
      commits: { ...this.#commits },
      commit_sizes: [...this.#commit_sizes],
      alarms: this.#alarms,
      failures: { ...this.#failures },
      unfoldable: this.#unfoldable,
      storage_full: this.#storage_full,
      ...now,
    };
  }
}

/** For who may read. The room's own side is the operator's: for keys with the scope `admin`, not for people. */
export function readGauges(
  sql: SqlStorage,
  live: Pick<Live, "get">,
  gauges: Gauges,
  principal: Principal,
  now: Pick<RoomGauges, "sockets" | "drain">,
): GaugesReply | Refusal {
  if (principal.kind === "share") return { ok: false, reason: "not_shared" };
  const may_see_room = principal.kind === "key" && authorize(sql, principal, "admin") === null;
  return {
    ok: true,
    log: logGauges(live.get().state),
    room: may_see_room ? gauges.read({ ...now, database_bytes: sql.databaseSize }) : null,
    commit_bounds: COMMIT_BOUNDS,
  };
}

export function logGauges(state: ProjectState): LogGauges {
  const { counters } = state;
  return {
    head_seq: state.seq,
    by_type: Array.from(counters.by_type, ([event_type, count]) => ({ event_type, count })),
    tasks: byStatus(TASK_STATUSES, [state.open_tasks, state.closed_tasks]),
    features: byStatus(FEATURE_STATUSES, [state.open_features, state.closed_features]),
    agents: byStatus(AGENT_STATUSES, [state.agents]),
    forgotten: {
      tasks: counters.forgotten_tasks,
      features: counters.forgotten_features,
      agents: counters.forgotten_agents,
    },
    locks: state.locks.size,
    conflicts: state.conflicts.size,
    open_escalations: state.escalations.filter(({ resolved_at }) => resolved_at === null).length,
    usage: { ...state.usage },
    unassigned: { events: state.unassigned.events, usage: { ...state.unassigned.usage } },
    last_time: counters.last_time,
  };
}

/** Every status, also those that nothing has: a series that vanishes looks like an outage. */
function byStatus<S extends string>(
  statuses: readonly S[],
  maps: readonly ReadonlyMap<string, { status: S }>[],
): Record<S, number> {
  const counts = new Map<S, number>(statuses.map((status) => [status, 0]));
  for (const map of maps)
    for (const { status } of map.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
  return Object.fromEntries(counts) as Record<S, number>;
}
