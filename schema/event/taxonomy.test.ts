import { describe, expect, it } from "vitest";
import * as z from "zod";
import { ENVELOPE_SENSITIVITY, SENDER_FIELDS, SERVICE_FIELDS } from "./envelope.ts";
import { SENSITIVITIES } from "./field.ts";
import {
  definedTypes,
  definitionOf,
  type KnownSenderEvent,
  metadataSchema,
  metadataSensitivity,
  metricSensitivity,
  metricsSchema,
} from "./taxonomy.ts";
import { categoryOf, isKnownType, isReservedType, KNOWN_TYPES } from "./type.ts";

/** The taxonomy as the design lists it, by category. */
const DESIGN = {
  lifecycle: `feature_requested feature_planned feature_merged feature_abandoned sprint_started sprint_ended task_created
    task_claimed task_started task_progress task_blocked task_unblocked task_completed task_failed task_merged
    task_reopened feature_started feature_completed feature_reopened`,
  agent: `agent_initialized agent_heartbeat agent_reasoning_started agent_submitted agent_escalated agent_idle
    agent_stopped agent_crashed agent_recovered clarification_requested tool_called handoff`,
  feedback: `review_requested reviewer_approved reviewer_changes_requested reviewer_rejected coder_resubmitted`,
  resource: `tokens_used context_window_filled file_locked file_unlocked lock_conflict usage_reported`,
  quality: `test_passed test_failed lint_passed lint_error_found coverage_measured coverage_increased
    integration_passed integration_failed bug_reported`,
  escalation: `escalated_to_user escalated_to_board retry_budget_exhausted human_intervened`,
  learning: `decision_recorded lesson_learned lesson_retrieved lesson_withheld lesson_applied lesson_rated
    lesson_quarantined lesson_retired`,
  governance: `budget_set budget_reserved budget_settled budget_released budget_warned budget_exceeded alert_raised
    alert_acknowledged alert_snoozed alert_assigned alert_cleared target_recalibrated forecast_made forecast_scored
    sop_proposed sop_adopted
    model_assigned board_met directive_issued directive_closed gate_overridden pip_opened pip_closed events_forgotten
    lesson_approved lessons_purged reflection_made`,
};
const designed = Object.entries(DESIGN).flatMap(([category, types]) =>
  types.split(/\s+/).map((event_type): [string, string] => [event_type, category]),
);

describe("taxonomy", () => {
  it.each(designed)("knows %s as %s, with a schema", (event_type, category) => {
    expect(categoryOf(event_type)).toBe(category);
    if (!isKnownType(event_type)) throw new Error("unknown");
    expect(metadataSchema(event_type)).toBeInstanceOf(z.ZodObject);
    expect(metricsSchema(event_type)).toBeInstanceOf(z.ZodObject);
    expect(definitionOf(event_type)?.about).toMatch(/\.$/);
  });

  it("knows nothing beyond the design without a test saying so", () => {
    expect([...KNOWN_TYPES].sort()).toEqual(designed.map(([event_type]) => event_type).sort());
  });

  it("[S4] gives a schema to what the fold knows, and to nothing else", () => {
    expect(definedTypes().sort()).toEqual([...KNOWN_TYPES].sort());
  });

  it("gives every field of every type a schema and a sensitivity", () => {
    let fields = 0;
    for (const event_type of KNOWN_TYPES) {
      const definition = definitionOf(event_type);
      for (const [key, field] of Object.entries({ ...definition?.metadata, ...definition?.metrics })) {
        fields++;
        expect(field.schema, `${event_type}.${key}`).toBeInstanceOf(z.ZodType);
        expect(SENSITIVITIES, `${event_type}.${key}`).toContain(field.sensitivity);
      }
    }
    expect(fields).toBeGreaterThan(300);
  });

  it("gives every field of the envelope a sensitivity", () => {
    for (const field of [...SENDER_FIELDS, ...SERVICE_FIELDS]) {
      if (field === "metadata" || field === "metrics") continue;
      expect(SENSITIVITIES, field).toContain(ENVELOPE_SENSITIVITY[field]);
    }
  });

  it("treats undeclared metadata as text, metrics as cost, and secret names as secret", () => {
    expect(metadataSensitivity("task_created", "title")).toBe("title");
    expect(metadataSensitivity("task_created", "dependencies")).toBe("structure");
    expect(metadataSensitivity("task_created", "note")).toBe("text");
    expect(metadataSensitivity("deploy.started", "title")).toBe("text");
    expect(metadataSensitivity("deploy.started", "api_key")).toBe("secret");
    expect(metricSensitivity("tokens_used", "duration_ms")).toBe("structure");
    expect(metricSensitivity("deploy.started", "duration_ms")).toBe("cost");
  });

  it("takes names of JavaScript's own for unknown types", () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      expect(definitionOf(name)).toBeUndefined();
      expect(metadataSensitivity("task_created", name)).toBe("text");
    }
  });

  it("[T5] reserves governance, and nothing else", () => {
    for (const [event_type, category] of designed) {
      expect(isReservedType(event_type), event_type).toBe(category === "governance");
    }
  });

  it("types events for senders", () => {
    const good: KnownSenderEvent = {
      timestamp: 1,
      event_type: "file_locked",
      agent_id: "a",
      metadata: { path: "a.ts" },
    };
    // @ts-expect-error a lock without a path says nothing
    const bad: KnownSenderEvent = { timestamp: 1, event_type: "file_locked", agent_id: "a" };
    // @ts-expect-error budgets are Clusterfork's own
    const reserved: KnownSenderEvent = { timestamp: 1, event_type: "budget_set", agent_id: "a" };
    expect([good, bad, reserved]).toHaveLength(3);
  });
});
