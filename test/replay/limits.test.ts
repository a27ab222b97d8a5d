import { beforeAll, describe, expect, it } from "vitest";
import type { Json, StoredEvent } from "../../schema/event/event.ts";
import { redactEvent } from "../../schema/event/view.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { strict } from "../../schema/state/testing.ts";
import { decodeState, encodeState, stateText } from "../../schema/state/encode.ts";
import * as limits from "../../schema/state/limits.ts";
import { redactState } from "../../schema/state/redact.ts";
import type { ProjectState, WireState } from "../../schema/state/state.ts";
import { play } from "./play.ts";

const ROUNDS = 21_000;
const PROSE = "p".repeat(4_000);
/** One round of a sender that opens more than it closes and writes as much as an event may hold, or as little. */
function round(n: number, size: "full" | "small"): StoredEvent[] {
  const pad = (text: string, chars: number) => (size === "small" ? text : text.padEnd(chars, "x"));
  const id = pad(`id-${n}-`, 256);
  const path = pad(`path-${n}-`, 1_024);
  const name = pad(`name-${n}-`, 256);
  const prose = size === "small" ? "p" : PROSE;
  const many = (chars: number, count: number) =>
    Array.from({ length: count }, (_, i) => pad(`${n}-${i}-`, chars));
  const make = (event_type: string, metadata: { [key: string]: Json }): Omit<StoredEvent, "seq"> => ({
    id: `${n}`,
    timestamp: "2026-11-22T12:00:00.000Z",
    received_at: "2026-11-22T12:00:00.000Z",
    event_type,
    agent_id: name,
    agent_role: pad("role", 64),
    task_id: id,
    feature_id: pad(`feature-${n >> 1}-`, 256),
    metadata,
    source: "api",
    key_id: "k",
    v: 1,
  });
  const wide = n % 20 === 0;
  const events = [
    make("task_created", {
      title: prose,
      parent_id: id,
      kind: prose,
      assignee: pad(`person-${n}-`, 1_024),
      dependencies: wide ? many(256, 150) : many(256, 2),
      files: wide ? many(1_024, 60) : [path],
    }),
    make("task_progress", { files: many(8, 40) }),
    make("task_blocked", { reason: prose }),
    make(n % 3 === 0 ? "task_failed" : "file_locked", { reason: prose, path }),
    make("lock_conflict", { path, holder_agent_id: pad(`holder-${n}-`, 1_024), holder_task_id: id }),
    make("escalated_to_user", { reason: prose }),
    make("decision_recorded", {
      title: prose,
      rationale: prose,
      alternatives: Array.from({ length: 15 }, () => prose),
    }),
    make(n % 4 === 0 ? "feature_abandoned" : "feature_requested", {
      title: prose,
      dependencies: many(256, 3),
      requested_by: pad(`person-${n}-`, 1_024),
    }),
    make(pad(`type_${n}_`, 64), {}),
  ];
  return events.map((event, index) => ({ ...event, seq: n * events.length + index + 1 }));
}

describe("[S5] a sender that never closes its work", { timeout: 60_000 }, () => {
  let state: ProjectState;
  beforeAll(() => {
    state = createState();
    for (let n = 0; n < ROUNDS; n++) for (const event of round(n, "full")) apply(state, event, strict);
  }, 120_000);

  it("leaves every collection at its limit", () => {
    expect(state.open_tasks.size).toBe(limits.MAX_OPEN_TASKS);
    expect(state.closed_tasks.size).toBe(limits.MAX_CLOSED_TASKS);
    expect(state.open_features.size).toBe(limits.MAX_OPEN_FEATURES);
    expect(state.closed_features.size).toBe(limits.MAX_CLOSED_FEATURES);
    expect(state.agents.size).toBe(limits.MAX_AGENTS);
    expect(state.locks.size).toBe(limits.MAX_LOCKS);
    expect(state.conflicts.size).toBe(limits.MAX_CONFLICTS);
    expect(state.escalations.length).toBe(limits.MAX_ESCALATIONS);
    expect(state.decisions.length).toBe(limits.MAX_DECISIONS);
    expect(state.counters.by_type.size).toBe(limits.MAX_EVENT_TYPES);
  });

  it("keeps the lists together within their totals, and counts them right", () => {
    expect(state.totals.dependencies).toBeGreaterThan(
      limits.MAX_TOTAL_DEPENDENCIES - limits.MAX_DEPENDENCIES,
    );
    expect(state.totals.dependencies).toBeLessThanOrEqual(limits.MAX_TOTAL_DEPENDENCIES);
    expect(state.totals.files).toBeGreaterThan(limits.MAX_TOTAL_FILES - limits.MAX_FILES);
    expect(state.totals.files).toBeLessThanOrEqual(limits.MAX_TOTAL_FILES);
    const revived = decodeState(JSON.parse(stateText(state)) as WireState);
    expect(revived.totals).toEqual(state.totals);
    expect(stateText(revived)).toBe(stateText(state));
  });

  it("tells no more files of a feature apart than it may", () => {
    const features = [...state.open_features.values(), ...state.closed_features.values()];
    for (const { past, file_count, file_count_is_least } of features) {
      expect(past.files.length).toBe(limits.MAX_FEATURE_FILES);
      expect(file_count).toBe(limits.MAX_FEATURE_FILES + 1);
      expect(file_count_is_least).toBe(true);
    }
  });

  it("stays below the stated size", () => {
    const chars = stateText(state).length;
    expect(chars).toBeLessThan(limits.MAX_STATE_CHARS);
    // The bound is not idle: this sender comes near it.
    expect(chars).toBeGreaterThan(limits.MAX_STATE_CHARS / 2);
  });

  it("counts what was forgotten, and keeps the newest", () => {
    const held = state.open_tasks.size + state.closed_tasks.size;
    expect(state.counters.forgotten_tasks).toBe(ROUNDS - held);
    expect(state.counters.forgotten_agents).toBe(ROUNDS - state.agents.size);
    expect([...state.open_tasks.keys()].at(-1)).toContain(`id-${ROUNDS - 1}-`);
    expect([...state.closed_tasks.keys()].at(-1)).toContain(`id-${ROUNDS - 3}-`);
  });
});

describe("forgetting", { timeout: 60_000 }, () => {
  it("[S2] commutes with redaction", () => {
    const policy = { cost: true, name: true, title: true, text: true };
    const alias = (name: string) => `~${name.slice(0, 20)}`;
    const whole = createState();
    const redacted = createState();
    for (let n = 0; n < 18_000; n++) {
      for (const event of round(n, "small")) {
        apply(whole, event, strict);
        apply(redacted, redactEvent(event, policy, alias), strict);
      }
    }
    expect(whole.counters.forgotten_tasks).toBeGreaterThan(0);
    expect(whole.counters.forgotten_features).toBeGreaterThan(0);
    expect(whole.totals.files).toBeGreaterThan(limits.MAX_TOTAL_FILES - limits.MAX_FILES);
    expect(stateText(redacted) === JSON.stringify(redactState(encodeState(whole), policy, alias))).toBe(true);
  });

  it("[S5] spares what recent events mention, among 60,000 tasks that never close", () => {
    const state = play([{ type: "task_started", task: "long", agent: "lead" }]);
    for (let n = 0; n < 60_000; n++) {
      play([{ type: "task_created", task: `t${n}`, agent: `a${n}` }], state);
      if (n % 100 === 0) play([{ type: "task_progress", task: "long", agent: "lead" }], state);
    }
    expect(state.open_tasks.get("long")).toMatchObject({ status: "in_progress", partial: true });
    expect(state.agents.get("lead")?.events).toBe(601);
    expect(state.open_tasks.size).toBe(limits.MAX_OPEN_TASKS);
  });

  it("[S5] spares a few only: when all are at work, one is forgotten all the same", () => {
    const state = play([]);
    for (let n = 0; n <= limits.MAX_AGENTS; n++) play([{ type: "tool_called", agent: `a${n}` }], state);
    expect(state.agents.size).toBe(limits.MAX_AGENTS);
    expect(state.agents.has(`a${limits.MAX_SPARED - 1}`)).toBe(true);
    expect(state.agents.has(`a${limits.MAX_SPARED}`)).toBe(false);
  });

  it("a late event about something forgotten leaves a partial entry", () => {
    const state = play([{ type: "task_created", task: "old", metadata: { title: "once" } }]);
    for (let n = 0; n < limits.MAX_OPEN_TASKS + 10; n++)
      play([{ type: "task_created", task: `t${n}` }], state);
    expect(state.open_tasks.has("old")).toBe(false);
    play([{ type: "task_completed", task: "old" }], state);
    expect(state.closed_tasks.get("old")).toMatchObject({ status: "done", partial: true, title: null });
  });

  it("cuts text between characters, never through one", () => {
    const state = play([
      { type: "task_created", task: "T", metadata: { title: `${"y".repeat(299)}\u{1f600}z` } },
      { type: "task_created", task: "U", metadata: { title: `${"y".repeat(298)}\u{1f600}z` } },
    ]);
    expect(state.open_tasks.get("T")?.title).toBe("y".repeat(299));
    expect(state.open_tasks.get("U")?.title).toBe(`${"y".repeat(298)}\u{1f600}`);
  });
});
