/**
 * A task or a feature as the statistics see it: plain numbers, each known, or null with a reason. What cannot be a
 * measurement (a negative duration, an unknown price) is never turned into one; it is excluded, and counted.
 */
import { taskBegan as beganAt } from "../../../schema/state/beginning.ts";
import { complexityOf, type Complexity, type ComplexityBounds } from "../../../schema/metric/complexity.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import type { Usage } from "../../../schema/state/entity/usage.ts";

export { beganAt };

/** `lead`: from its creation, waiting included. `work`: from its first claim or start. Both ms, to its end. */
export const MEASURES = ["lead", "work", "tokens", "cost"] as const;
export type Measure = (typeof MEASURES)[number];
export const UNITS: Readonly<Record<Measure, "ms" | "tokens" | "usd">> = {
  lead: "ms",
  work: "ms",
  tokens: "tokens",
  cost: "usd",
};

export type Outcome = "open" | "finished" | "failed" | "abandoned";

export interface WorkRecord {
  id: string;
  is: "task" | "feature";
  title: string;
  kind: string | null;
  /** Null where no file was named. */
  complexity: Complexity | null;
  agent_id: string | null;
  parent_id: string | null;
  feature_id: string | null;
  dependencies: readonly string[];
  files: readonly string[];
  created_at: number | null;
  /** First claim or start. */
  started_at: number | null;
  closed_at: number | null;
  /** Times that a reviewer asked for changes. */
  cycles: number;
  outcome: Outcome;
  /** Of all calls so far. */
  tokens: number | null;
  /** Null unless every call's price is known. */
  cost_usd: number | null;
}

export type Exclusion =
  | "not finished"
  | "no beginning known"
  | "ends before it begins"
  | "took no time"
  | "no call seen"
  | "price of a call unknown"
  | "no amount";

export type Measured = { ok: true; value: number } | { ok: false; why: Exclusion };

const ENDS: Readonly<Record<Task["status"] | Feature["status"], Outcome>> = {
  pending: "open",
  claimed: "open",
  in_progress: "open",
  blocked: "open",
  review: "open",
  requested: "open",
  planned: "open",
  done: "finished",
  merged: "finished",
  failed: "failed",
  abandoned: "abandoned",
};

export function recordOfTask(task: Task, bounds?: ComplexityBounds): WorkRecord {
  return {
    id: task.id,
    is: "task",
    title: task.title ?? "",
    kind: task.kind,
    complexity: complexityOf(task.file_count, bounds),
    agent_id: task.assignee,
    parent_id: task.parent_id,
    feature_id: task.feature_id,
    dependencies: task.dependencies,
    files: task.files,
    created_at: task.created_at,
    started_at: beganAt(task),
    closed_at: task.closed_at,
    cycles: task.review_cycles,
    outcome: ENDS[task.status],
    ...spent(task.usage),
  };
}

/** `files`: what its tasks touched. */
export function recordOfFeature(
  feature: Feature,
  files: readonly string[],
  bounds?: ComplexityBounds,
): WorkRecord {
  return {
    id: feature.id,
    is: "feature",
    title: feature.title ?? "",
    kind: feature.kind,
    complexity: complexityOf(feature.file_count, bounds),
    agent_id: null,
    parent_id: feature.parent_id,
    feature_id: feature.id,
    dependencies: feature.dependencies,
    files,
    created_at: feature.created_at,
    started_at: feature.started_at,
    closed_at: feature.closed_at,
    cycles: 0,
    outcome: ENDS[feature.status],
    ...spent(feature.usage),
  };
}

function spent(usage: Usage): Pick<WorkRecord, "tokens" | "cost_usd"> {
  if (!(usage.calls > 0)) return { tokens: null, cost_usd: null };
  const tokens =
    usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens + usage.output_tokens;
  const priced = usage.reported_calls + usage.priced_calls === usage.calls;
  return { tokens, cost_usd: priced ? usage.reported_usd + usage.priced_usd : null };
}

/** When the clock of a measure began to run; null where nobody said so. */
export function beginOf(record: WorkRecord, measure: Measure): number | null {
  return measure === "lead" ? record.created_at : record.started_at;
}

/** What a finished record measured. Only those above 0 are measurements: work takes time, and calls take tokens. */
export function measured(record: WorkRecord, measure: Measure): Measured {
  if (record.outcome !== "finished" || record.closed_at === null) return { ok: false, why: "not finished" };
  if (measure === "tokens" || measure === "cost") {
    const value = measure === "tokens" ? record.tokens : record.cost_usd;
    if (value !== null) return positive(value, "no amount");
    return { ok: false, why: record.tokens === null ? "no call seen" : "price of a call unknown" };
  }
  const begin_ms = beginOf(record, measure);
  if (begin_ms === null) return { ok: false, why: "no beginning known" };
  if (record.closed_at < begin_ms) return { ok: false, why: "ends before it begins" };
  // Entered when it was over: its time was not observed, and is not 0.
  return positive(record.closed_at - begin_ms, "took no time");
}

function positive(value: number, why: Exclusion): Measured {
  return Number.isFinite(value) && value > 0 ? { ok: true, value } : { ok: false, why };
}

/** How much has gone by, or been spent, while it runs; null where that is unknown. */
export function soFar(record: WorkRecord, measure: Measure, now_ms: number): number | null {
  if (measure === "tokens") return record.tokens ?? 0;
  if (measure === "cost") return record.tokens === null ? 0 : record.cost_usd;
  const begin_ms = beginOf(record, measure);
  return begin_ms === null ? null : Math.max(0, now_ms - begin_ms);
}
