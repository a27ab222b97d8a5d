/** Records written by hand, for tests: a finished task, unless something else is said. Times in minutes. */
import type { WorkRecord } from "./record.ts";

export const MINUTE_MS = 60_000;

export function written(more: Partial<WorkRecord> & { minutes?: number } = {}): WorkRecord {
  const { minutes = 10, ...rest } = more;
  return {
    id: "T",
    is: "task",
    title: "",
    kind: "bug",
    complexity: "simple",
    agent_id: "coder-a",
    parent_id: null,
    feature_id: null,
    dependencies: [],
    files: [],
    created_at: 0,
    started_at: 0,
    closed_at: minutes * MINUTE_MS,
    cycles: 0,
    outcome: "finished",
    tokens: null,
    cost_usd: null,
    ...rest,
  };
}

/** The same, still open. */
export const running = (more: Partial<WorkRecord> = {}): WorkRecord =>
  written({ outcome: "open", closed_at: null, ...more });
