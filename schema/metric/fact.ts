/**
 * What a task or a feature tells about itself: a pure function of how it stands. Each fact counts at the time of
 * what it is about, so an entry that changes changes its facts, and nothing has to be kept meanwhile. What is
 * missing or runs backwards (closed before opened) is counted as excluded, and never guessed.
 */
import { ESCAPE_MS } from "../state/feature.ts";
import type { Feature } from "../state/entity/feature.ts";
import type { Task } from "../state/entity/task.ts";
import type { Usage } from "../state/entity/usage.ts";
import type { Subjects } from "./cell.ts";
import { complexityOf, type ComplexityBounds } from "./complexity.ts";
import type { SumName } from "./sums.ts";

export type AddFact = (time_ms: number, name: SumName, amount: number) => void;

export function tokensOf(usage: Usage): number {
  return usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens + usage.output_tokens;
}

export function subjectsOfTask(task: Task, bounds?: ComplexityBounds): Subjects {
  return {
    feature: task.feature_id,
    role: task.role ?? null,
    agent: task.assignee,
    model: task.model ?? null,
    kind: task.kind,
    complexity: complexityOf(task.file_count ?? null, bounds),
  };
}

export function subjectsOfFeature(feature: Feature, bounds?: ComplexityBounds): Subjects {
  return {
    feature: feature.id,
    role: null,
    agent: null,
    model: null,
    kind: feature.kind,
    complexity: complexityOf(feature.file_count ?? null, bounds),
  };
}

export function taskFacts(task: Task, add: AddFact): void {
  const { claimed_at, submitted_at, created_at, merged_at, closed_at } = task;
  if (submitted_at !== null) duration(add, "review", claimed_at, submitted_at);
  if (merged_at !== null) duration(add, "merge", created_at, merged_at);
  if (task.approved) {
    const approved_at = closed_at ?? task.status_at;
    add(approved_at, "approved_tasks", 1);
    add(approved_at, "cycles", task.review_cycles);
  } else if (closed_at !== null && task.review_cycles > 0) add(closed_at, "unapproved_tasks", 1);
  if (closed_at === null) return;
  add(closed_at, task.status === "failed" ? "failed_tasks" : "completed_tasks", 1);
  if ((task.escalations ?? 0) > 0) add(closed_at, "escalated_tasks", 1);
  if (task.attempts > 0) add(closed_at, "retries", task.attempts - 1);
  else add(closed_at, "retried_tasks_unknown", 1);
  // Calls that say no tokens took some all the same: nobody knows how many.
  const tokens = tokensOf(task.usage);
  if (tokens > 0) {
    add(closed_at, "token_tasks", 1);
    add(closed_at, "task_tokens", tokens);
  } else add(closed_at, "token_tasks_excluded", 1);
}

function duration(add: AddFact, of: "review" | "merge", from_ms: number | null, to_ms: number): void {
  const took_ms = from_ms === null ? -1 : to_ms - from_ms;
  if (took_ms < 0) add(to_ms, `${of}s_excluded`, 1);
  else {
    add(to_ms, `${of}s`, 1);
    add(to_ms, `${of}_ms`, took_ms);
  }
}

export function featureFacts(feature: Feature, add: AddFact, bounds?: ComplexityBounds): void {
  const { status, closed_at, status_at, usage } = feature;
  if (closed_at !== null && (status === "done" || status === "merged")) {
    add(closed_at, "features", 1);
    const tokens = tokensOf(usage);
    if (tokens > 0) {
      const size = complexityOf(feature.file_count ?? null, bounds) ?? "unsized";
      add(closed_at, `features_${size}`, 1);
      add(closed_at, `tokens_${size}`, tokens);
    } else add(closed_at, "token_features_excluded", 1);
  }
  if (status !== "merged") return;
  add(status_at, "merged_features", 1);
  const bug_at = feature.bug_at ?? null;
  // Rows of the archive from before this was checked when the bug came in may hold a later one.
  if (bug_at !== null && bug_at - status_at <= ESCAPE_MS) add(status_at, "escaped_features", 1);
}
