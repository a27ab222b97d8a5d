/**
 * Stored snapshots outlive a deploy: a room must not go on from a state that
 * another `apply` has folded (S1). When this fails because folding changed on
 * purpose, raise SNAPSHOT_VERSION and pin the new pair.
 */
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState, decodeState, stateText } from "./fold.ts";
import { SNAPSHOT_VERSION } from "./snapshot.ts";

const PINNED = { version: 8, sha256: "811c4f8a89f1a8c0599e1de64a77a9fbd7d6aa656cd87cf04c712b97bf1b9720" };

const history: Partial<StoredEvent>[] = [
  { event_type: "feature_requested", feature_id: "F", metadata: { title: "Login", requested_by: "ana" } },
  { event_type: "feature_planned", feature_id: "F", metadata: { priority: 1, dependencies: ["E"] } },
  { event_type: "agent_initialized", agent_role: "coder", metadata: { model: "m", role: "coder" } },
  { event_type: "task_created", task_id: "A", feature_id: "F", metadata: { title: "Form", files: ["a.ts"] } },
  {
    event_type: "task_created",
    task_id: "B",
    feature_id: "F",
    metadata: { title: "Api", dependencies: ["A"] },
  },
  { event_type: "task_claimed", task_id: "A" },
  { event_type: "task_started", task_id: "A" },
  { event_type: "file_locked", task_id: "A", metadata: { path: "a.ts" } },
  {
    event_type: "lock_conflict",
    agent_id: "coder-b",
    metadata: { path: "a.ts", holder_agent_id: "coder-a" },
  },
  { event_type: "task_progress", task_id: "A", metadata: { progress: 0.5 } },
  {
    event_type: "tokens_used",
    task_id: "A",
    metadata: { model: "m" },
    metrics: { input_tokens: 10, cost_usd: 0.1 },
  },
  { event_type: "task_blocked", task_id: "B", agent_id: "coder-b", metadata: { reason: "waits" } },
  { event_type: "task_unblocked", task_id: "B", agent_id: "coder-b" },
  { event_type: "agent_submitted", task_id: "A" },
  { event_type: "review_requested", task_id: "A" },
  { event_type: "reviewer_changes_requested", task_id: "A", agent_id: "rev", metadata: { comments: "no" } },
  { event_type: "coder_resubmitted", task_id: "A" },
  { event_type: "test_failed", task_id: "A", metadata: { name: "t" } },
  { event_type: "test_passed", task_id: "A", metadata: { name: "t" } },
  { event_type: "reviewer_approved", task_id: "A", agent_id: "rev" },
  { event_type: "decision_recorded", task_id: "A", metadata: { title: "REST", rationale: "known" } },
  { event_type: "file_unlocked", task_id: "A", metadata: { path: "a.ts" } },
  { event_type: "task_completed", task_id: "A" },
  { event_type: "task_merged", task_id: "A" },
  { event_type: "task_failed", task_id: "B", agent_id: "coder-b", metadata: { reason: "flaky" } },
  { event_type: "task_reopened", task_id: "B" },
  { event_type: "escalated_to_user", task_id: "B", metadata: { reason: "stuck" } },
  { event_type: "human_intervened", task_id: "B" },
  { event_type: "agent_idle" },
  { event_type: "agent_crashed", agent_id: "coder-b" },
  { event_type: "feature_merged", feature_id: "F" },
  {
    event_type: "tokens_used",
    agent_id: "coder-b",
    metadata: { cost_source: "priced" },
    metrics: { output_tokens: 3, cost_usd: 0.02 },
  },
  { event_type: "something.else" },
  {
    event_type: "budget_set",
    metadata: { budget_id: "b", scope: "project", period: "month", unit: "usd", hard: true, by: "ana" },
    metrics: { limit_usd: 2 },
  },
  {
    event_type: "budget_reserved",
    metadata: { reservation_id: "r", agent: "coder-a", expires_at: "2026-11-22T00:05:00.000Z" },
    metrics: { amount_usd: 0.5 },
  },
  { event_type: "tokens_used", metadata: { reservation_id: "r" }, metrics: { cost_usd: 1 } },
  {
    event_type: "budget_warned",
    metadata: { budget_id: "b", revision: 1, period_start: "2026-11-01T00:00:00.000Z" },
    metrics: { threshold_percent: 50 },
  },
  { event_type: "alert_raised", metadata: { alert_id: "a", rule: "task_blocked", title: "T is blocked" } },
  { event_type: "alert_snoozed", metadata: { alert_id: "a", until: "2026-11-22T00:00:00.000Z" } },
  { event_type: "alert_raised", metadata: { alert_id: "a", rule: "task_blocked", title: "T is blocked" } },
  {
    event_type: "pip_opened",
    metadata: { agent: "coder-b", metric: "failed_tasks", since: "2026-11-21T00:00:00.000Z" },
    metrics: { value: 3, target: 2 },
  },
  {
    event_type: "sprint_started",
    metadata: { title: "Sprint 7", features: ["F"], ends_at: "2026-11-27T18:00:00Z" },
  },
  { event_type: "sprint_started", metadata: { sprint_id: "s8", goal: "Land it" } },
  { event_type: "sprint_ended" },
  {
    event_type: "alert_cleared",
    agent_id: "clusterfork:alerts",
    feature_id: "F",
    metadata: { alert_id: "a" },
  },
];

function folded() {
  const state = createState();
  for (const [i, fields] of history.entries()) {
    const time = new Date(Date.UTC(2026, 10, 22) + i * 1_000).toISOString();
    const event: StoredEvent = {
      ...{ seq: i + 1, received_at: time, id: `e${i}`, timestamp: time, event_type: "", agent_id: "coder-a" },
      ...{ source: "api", key_id: "k", v: 1 as const },
      ...fields,
    };
    apply(state, event);
  }
  return state;
}

it("[S1] a fold that gives another state needs another snapshot version", () => {
  const sha256 = createHash("sha256").update(stateText(folded())).digest("hex");
  expect({ version: SNAPSHOT_VERSION, sha256 }).toEqual(PINNED);
});

it("[S1] the state survives its text", () => {
  const text = stateText(folded());
  expect(stateText(decodeState(JSON.parse(text) as Parameters<typeof decodeState>[0]))).toBe(text);
});
