/**
 * A log of what recorded teams hardly tell: lint, coverage, heartbeats, crashes, runs after a merge, work that is taken
 * over, reopened, closed before it was opened, and told by whoever. Drawn from a seed; its clock never goes back.
 */
import type { Json, StoredEvent } from "../../../schema/event/event.ts";
import { seeded } from "../../../schema/metric/statistic/random.ts";

const START_MS = Date.UTC(2026, 2, 1, 7, 12);
const MINUTE_MS = 60_000;
const EVENTS = 6_000;
const STEADY_EVENTS = 400;

type Data = { [key: string]: Json };

export function oddLog(seed: number): StoredEvent[] {
  const random = seeded(seed);
  const upTo = (n: number) => Math.floor(random() * n);
  const one = <T>(of: readonly T[]): T => of[upTo(of.length)] as T;
  const agent = () => `agent-${upTo(9)}`;
  /** Metadata, and metrics, of each type; drawn when it is. */
  const types: [type: string, draw: () => { data?: Data; figures?: Record<string, number> }][] = [
    [
      "task_created",
      () => ({
        data: {
          kind: one(["task", "bug", "chore"]),
          ...(random() < 0.3 ? { assignee: agent() } : {}),
          ...(random() < 0.5 ? { files: Array.from({ length: 1 + upTo(8) }, (_, n) => `f${n}`) } : {}),
        },
      }),
    ],
    ["task_claimed", () => (random() < 0.2 ? { data: { assignee: agent() } } : {})],
    ["task_started", () => ({})],
    ["task_progress", () => ({ data: { files: ["a", "b", `c${upTo(3)}`] } })],
    ["task_blocked", () => ({})],
    ["task_unblocked", () => ({})],
    ["task_completed", () => ({ figures: { files_changed: upTo(30) } })],
    ["task_failed", () => ({})],
    ["task_merged", () => ({})],
    ["task_reopened", () => ({})],
    ["handoff", () => ({ data: { to_agent: agent() } })],
    ["agent_submitted", () => ({})],
    ["review_requested", () => ({})],
    ["coder_resubmitted", () => ({})],
    ["reviewer_approved", () => ({})],
    ["reviewer_changes_requested", () => ({})],
    ["reviewer_rejected", () => ({})],
    ["lint_passed", () => ({})],
    ["lint_error_found", () => ({})],
    ["test_passed", () => (random() < 0.5 ? { figures: { passed: 9, failed: 1 } } : {})],
    ["test_failed", () => (random() < 0.5 ? { figures: { passed: upTo(9), failed: 2 } } : {})],
    [
      "coverage_measured",
      () => ({
        data: random() < 0.7 ? { suite: one(["api", "app", "cli"]) } : {},
        figures: {
          ...(random() < 0.9 ? { coverage_percent: Math.round(random() * 1_100) / 10 } : {}),
          ...(random() < 0.8 ? { lines: 100 + upTo(900) } : {}),
        },
      }),
    ],
    ["integration_passed", () => ({})],
    ["integration_failed", () => ({})],
    [
      "tokens_used",
      () => ({
        data: { model: one(["m-1", "m-2"]), ...(random() < 0.4 ? { cost_source: "priced" } : {}) },
        figures: {
          ...(random() < 0.5
            ? { input_tokens: upTo(5_000), cache_read_tokens: upTo(9_000), output_tokens: upTo(900) }
            : {}),
          ...(random() < 0.7 ? { cost_usd: random() } : {}),
        },
      }),
    ],
    ["agent_heartbeat", () => ({})],
    ["agent_idle", () => ({})],
    ["agent_stopped", () => ({})],
    ["agent_crashed", () => ({})],
    ["agent_recovered", () => ({ data: random() < 0.3 ? { state_restored: random() < 0.5 } : {} })],
    ["retry_budget_exhausted", () => ({})],
    ["escalated_to_user", () => ({})],
    ["feature_requested", () => ({ data: { kind: one(["feature", "epic"]) } })],
    ["feature_completed", () => ({})],
    ["feature_merged", () => ({})],
    ["feature_abandoned", () => ({})],
    ["feature_reopened", () => ({})],
    ["bug_reported", () => ({ data: random() < 0.5 ? { caused_by: `T-${upTo(400)}` } : {} })],
    ["made.up", () => ({})],
  ];
  let now_ms = START_MS;
  return Array.from({ length: EVENTS }, (_, n): StoredEvent => {
    // Mostly minutes; a night now and then, and once in a while days.
    now_ms += Math.floor(random() * (random() < 0.004 ? 2_400 : random() < 0.02 ? 500 : 9) * MINUTE_MS);
    const [event_type, draw] = one(types);
    const { data, figures } = draw();
    const about_task = random() < 0.85 && !event_type.startsWith("feature_");
    const task = Math.min(399, Math.floor((n / EVENTS) * 380) + upTo(20));
    const time = new Date(now_ms).toISOString();
    const who = agent();
    return {
      seq: n + 1,
      id: `odd-${seed}-${n}`,
      timestamp: time,
      received_at: time,
      event_type,
      agent_id: who,
      ...(random() < 0.6 ? { agent_role: one(["coder", "reviewer"]) } : {}),
      ...(about_task ? { task_id: `T-${task}` } : {}),
      ...(random() < 0.5 || !about_task ? { feature_id: `F-${Math.floor(task / 8)}` } : {}),
      ...(data === undefined ? {} : { metadata: data }),
      ...(figures === undefined ? {} : { metrics: figures }),
      source: "api",
      key_id: "k",
      v: 1,
    };
  });
}

/** Agents that are drawn beat at any time. This one beats in step while it works, but for a silence, so that uptime is known. */
export function steadyLog(): StoredEvent[] {
  let now_ms = START_MS;
  return Array.from({ length: STEADY_EVENTS }, (_, n): StoredEvent => {
    now_ms += (n === STEADY_EVENTS / 2 ? 12 : 2) * MINUTE_MS;
    const time = new Date(now_ms).toISOString();
    return {
      seq: n + 1,
      id: `steady-${n}`,
      timestamp: time,
      received_at: time,
      event_type: n === 0 ? "task_started" : "agent_heartbeat",
      agent_id: "agent-steady",
      ...(n === 0 ? { task_id: "T-steady" } : {}),
      source: "api",
      key_id: "k",
      v: 1,
    };
  });
}
