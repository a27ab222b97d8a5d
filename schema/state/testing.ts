/** A made-up log for tests, the same each time: work of every kind, by seq alone. */
import type { Unfoldable } from "./apply.ts";
import type { Json, StoredEvent } from "../event/event.ts";

/** Sunday, 22 November 2026, noon UTC. */
const NOON_MS = Date.UTC(2026, 10, 22, 12);

const STEPS: { type: string; metadata?: { [key: string]: Json }; metrics?: { [key: string]: number } }[] = [
  { type: "feature_requested", metadata: { title: "A feature" } },
  { type: "task_created", metadata: { title: "A task", files: ["src/a.ts"], dependencies: ["task-1"] } },
  { type: "task_claimed" },
  { type: "agent_initialized", metadata: { role: "coder", model: "m-1" } },
  { type: "task_started" },
  { type: "file_locked", metadata: { path: "src/a.ts" } },
  {
    type: "tokens_used",
    metadata: { model: "m-1" },
    metrics: { input_tokens: 12, output_tokens: 3, cost_usd: 0.01 },
  },
  { type: "lock_conflict", metadata: { path: "src/a.ts", holder_agent_id: "agent-1" } },
  { type: "task_progress", metadata: { progress: 0.5 } },
  { type: "tool_called", metadata: { tool: "Edit", path: "src/b.ts" } },
  { type: "task_blocked", metadata: { reason: "waits" } },
  { type: "escalated_to_user", metadata: { reason: "stuck" } },
  { type: "human_intervened" },
  { type: "task_unblocked" },
  { type: "decision_recorded", metadata: { title: "So", rationale: "because", alternatives: ["else"] } },
  { type: "review_requested" },
  { type: "reviewer_changes_requested" },
  { type: "test_failed" },
  { type: "file_unlocked", metadata: { path: "src/a.ts" } },
  { type: "odd_type_of_somebody" },
  { type: "task_failed", metadata: { reason: "broke" } },
  { type: "task_reopened" },
  { type: "task_merged" },
  { type: "agent_idle" },
  { type: "feature_merged" },
];

export function busyEvent(seq: number): StoredEvent {
  const step = STEPS[(seq * 7 + Math.floor(seq / 31)) % STEPS.length];
  // Clocks of senders go back now and then.
  const time = new Date(NOON_MS + seq * 1_000 - (seq % 13 === 0 ? 30_000 : 0)).toISOString();
  return {
    seq,
    id: `event-${String(seq)}`,
    timestamp: time,
    received_at: new Date(NOON_MS + seq * 1_000).toISOString(),
    event_type: step?.type ?? "task_created",
    agent_id: `agent-${String(seq % 5)}`,
    task_id: `task-${String(Math.floor(seq / 9))}`,
    feature_id: `feature-${String(Math.floor(seq / 60))}`,
    ...(step?.metadata === undefined ? {} : { metadata: step.metadata }),
    ...(step?.metrics === undefined ? {} : { metrics: step.metrics }),
    source: "api",
    key_id: "testkey",
    v: 1,
  };
}

/** For folds under test: `apply` goes on behind an event that it cannot fold, and a test must not (S3). */
export const strict: Unfoldable = (_, error) => {
  throw error;
};
