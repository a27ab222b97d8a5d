import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { describe, expect, it, vi } from "vitest";
import { normalise } from "../../schema/event/normalise.ts";
import { SENDER_FIELDS } from "../../schema/event/envelope.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { definitionOf } from "../../schema/event/taxonomy.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { findFeature } from "../../schema/state/select.ts";
import type { Sprint } from "../../schema/state/entity/sprint.ts";
import { isKnownType } from "../../schema/event/type.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { DAY_MS } from "./calendar.ts";
import { NOTHING_PLANTED, type Planted } from "./plant.ts";
import { simulate, type SimulationOptions } from "./simulate.ts";

// Runs of some ten thousand events take seconds on a loaded machine.
vi.setConfig({ testTimeout: 30_000 });

const START_MS = Date.UTC(2026, 0, 5, 9);
const SEED_7: SimulationOptions = {
  seed: 7,
  start_ms: START_MS,
  features: 20,
  coders: 4,
  nights: true,
  planted: NOTHING_PLANTED,
};
const EVERYTHING: Planted = {
  coder_tokens_percent: 15,
  unclear_specs_percent: 40,
  fragile_files: "sql",
  helpful_lesson_points: 20,
  harmful_lesson_points: 20,
  burn_percent: 30,
  loop_calls: 40,
};
const draw = (options: Partial<SimulationOptions> = {}): OutgoingEvent[] => [
  ...simulate({ ...SEED_7, ...options }).events,
];
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const ndjson = (events: readonly OutgoingEvent[]) =>
  events.map((event) => `${JSON.stringify(event)}\n`).join("");

/** As the room stores them. */
function store(events: readonly OutgoingEvent[]): StoredEvent[] {
  return events.map((raw, index) => {
    const result = normalise(JSON.parse(JSON.stringify(raw)) as unknown, {
      source: "simulate",
      key_id: "k",
      mintId: () => "minted",
      sha256Hex: sha256,
      pseudonym: () => "secret",
    });
    if (!result.ok) throw new Error(`${raw.event_type}: ${result.message}`);
    return { ...result.event, seq: index + 1, received_at: result.event.timestamp };
  });
}

describe("the stream", () => {
  it("is the same bytes on every machine: `simulate --seed 7 --features 20`", () => {
    // What changed it must raise GENERATOR_VERSION: a stored id never gets a second body (L2).
    const events = draw();
    const sprints = events.filter(({ event_type }) => event_type.startsWith("sprint_"));
    const others = events.filter((event) => !sprints.includes(event));
    expect(sha256(ndjson(others))).toBe("7d1ec20ccb6edabb7a77688dd7b09a1e43e8887f8e41cd0512b205d6bd72e328");
    expect(sha256(ndjson(sprints))).toBe("8665227f83781b788d9dc18fde6b6ac3158d06639ca15bd48681cb36039fc84e");
  });

  it("has sprints of three hours of work with what was asked for, and ends each before the next", () => {
    const sprints = new Map<string, Sprint>();
    const state = createState();
    for (const event of store(draw())) {
      apply(state, event);
      if (event.event_type.startsWith("sprint_"))
        for (const sprint of state.sprints.values()) sprints.set(sprint.id, { ...sprint });
    }
    expect(sprints.size).toBeGreaterThan(2);
    for (const { title, features, started_at, ends_at, ended_at } of sprints.values()) {
      expect(title).toMatch(/^Sprint \d+$/);
      expect(features.length).toBeGreaterThan(0);
      expect(features.every((id) => findFeature(state, id) !== undefined)).toBe(true);
      expect((ends_at ?? 0) - started_at).toBeGreaterThanOrEqual(3 * 3_600_000);
      expect(ended_at).not.toBeNull();
    }
  });

  it("is the same in another time zone and locale", () => {
    const script = `import { simulate } from ${JSON.stringify(new URL("./simulate.ts", import.meta.url).href)};
      let text = "";
      for (const event of simulate(${JSON.stringify({ ...SEED_7, features: 2 })}).events) text += JSON.stringify(event) + "\\n";
      process.stdout.write(text);`;
    const elsewhere = execFileSync(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--input-type=module-typescript", "-e", script],
      { env: { ...process.env, TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8" }, maxBuffer: 64e6 },
    );
    expect(sha256(elsewhere.toString())).toBe(sha256(ndjson(draw({ features: 2 }))));
  });

  it("goes in timestamp order, with an id for each", () => {
    const events = draw({ planted: EVERYTHING });
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const times = events.map(({ timestamp }) => timestamp);
    expect(times.join()).toBe([...times].sort().join());
  });

  it("[T5] holds only what a sender may send, in fields that the taxonomy declares", () => {
    const seen = new Set<string>();
    const undeclared = new Set<string>();
    for (const event of store(draw({ features: 40, planted: EVERYTHING }))) {
      seen.add(event.event_type);
      const definition = definitionOf(event.event_type);
      for (const key of Object.keys(event.metadata ?? {}))
        if (definition?.metadataFields.has(key) !== true) undeclared.add(`${event.event_type}.${key}`);
      for (const key of Object.keys(event.metrics ?? {}))
        if (definition?.metricFields.has(key) !== true) undeclared.add(`${event.event_type}.${key}`);
    }
    expect([...undeclared]).toEqual([]);
    expect([...seen].filter((event_type) => !isKnownType(event_type))).toEqual([]);
    // What the issue asks for, seen at least once.
    for (const event_type of [
      "feature_requested",
      "feature_planned",
      "feature_merged",
      "feature_reopened",
      "feature_abandoned",
      "task_failed",
      "task_reopened",
      "task_blocked",
      "file_locked",
      "lock_conflict",
      "reviewer_changes_requested",
      "reviewer_rejected",
      "test_failed",
      "lint_error_found",
      "coverage_measured",
      "integration_failed",
      "bug_reported",
      "retry_budget_exhausted",
      "escalated_to_user",
      "human_intervened",
      "clarification_requested",
      "agent_crashed",
      "agent_recovered",
      "agent_idle",
      "context_window_filled",
      "decision_recorded",
      "lesson_learned",
      "lesson_retrieved",
      "lesson_withheld",
      "lesson_applied",
    ])
      expect([...seen]).toContain(event_type);
  });

  it("[P1] has nothing that the intake would change: no secrets, no artifacts", () => {
    const events = draw({ features: 10, planted: EVERYTHING });
    for (const [index, stored] of store(events).entries()) {
      const sent = Object.fromEntries(
        SENDER_FIELDS.flatMap((field) => (stored[field] === undefined ? [] : [[field, stored[field]]])),
      );
      expect(sent).toEqual(events[index]);
    }
  });

  it("moves with its start, and in nothing else", () => {
    const shift_ms = 17 * DAY_MS + 123_456;
    const plain = (events: OutgoingEvent[], by_ms: number) =>
      events.map((event) => {
        const { ends_at } = event.metadata ?? {};
        const text = JSON.stringify({
          ...event,
          timestamp: Date.parse(event.timestamp) - by_ms,
          ...(typeof ends_at === "string"
            ? { metadata: { ...event.metadata, ends_at: Date.parse(ends_at) - by_ms } }
            : {}),
        });
        // Ids name the run, which another start is.
        const tag = /^sim-(.{12})-/.exec(event.id)?.[1] ?? "";
        return text.replaceAll(tag, "run").replaceAll(tag.slice(0, 4), "run");
      });
    const here = plain(draw({ features: 4 }), 0);
    const there = plain(draw({ features: 4, start_ms: START_MS + shift_ms }), shift_ms);
    expect(there).toEqual(here);
  });

  it("begins alike however many features follow, and without end", () => {
    const body = ({ id: _, ...event }: OutgoingEvent) => ({ ...event, session_id: "" });
    const untilThird = (events: Iterable<OutgoingEvent>) => {
      const taken: object[] = [];
      let requests = 0;
      for (const event of events) {
        if (event.event_type === "feature_requested" && ++requests === 4) return taken;
        taken.push(JSON.parse(JSON.stringify(body(event)).replaceAll(event.id.slice(4, 8), "run")) as object);
      }
      throw new Error("too few requests");
    };
    const endless = untilThird(simulate({ ...SEED_7, features: null }).events);
    expect(untilThird(simulate({ ...SEED_7, features: 30 }).events)).toEqual(endless);
  });

  it("differs with the seed", () => {
    const bodies = (seed: number) => draw({ seed, features: 2 }).map(({ timestamp }) => timestamp);
    expect(bodies(1)).not.toEqual(bodies(2));
  });
});

describe("what it means", () => {
  const events = draw({ features: 40 });
  const state = createState();
  for (const event of store(events)) apply(state, event);

  it("leaves nothing open: all is merged or abandoned, all locks are free", () => {
    expect([...state.open_tasks.keys()]).toEqual([]);
    expect([...state.open_features.keys()]).toEqual([]);
    expect([...state.locks.keys()]).toEqual([]);
    expect([...state.conflicts.keys()]).toEqual([]);
    expect(state.escalations.filter(({ resolved_at }) => resolved_at === null)).toEqual([]);
    expect(
      new Set([...state.agents.values()].filter(({ id }) => id !== "maya").map(({ status }) => status)),
    ).toEqual(new Set(["stopped"]));
    expect(new Set([...state.closed_features.values()].map(({ status }) => status))).toEqual(
      new Set(["merged", "abandoned"]),
    );
  });

  it("begins no task before what it depends on is merged", () => {
    const merged = new Set<string>();
    const needs = new Map<string, string[]>();
    for (const { event_type, task_id = "", metadata } of events) {
      if (event_type === "task_created") needs.set(task_id, metadata?.["dependencies"] as string[]);
      if (event_type === "task_merged") merged.add(task_id);
      if (event_type === "task_claimed")
        expect(needs.get(task_id)?.filter((needed) => !merged.has(needed))).toEqual([]);
    }
    expect(merged.size).toBeGreaterThan(150);
  });

  it("lets nobody hold a file that another holds", () => {
    const held = new Map<string, string>();
    for (const { event_type, agent_id, metadata } of events) {
      const path = typeof metadata?.["path"] === "string" ? metadata["path"] : "";
      if (event_type === "file_locked") {
        expect([undefined, agent_id]).toContain(held.get(path));
        held.set(path, agent_id);
      } else if (event_type === "file_unlocked") {
        expect(held.get(path)).toBe(agent_id);
        held.delete(path);
      }
    }
    expect(held.size).toBe(0);
  });

  it("has idle nights: from 22:00 to 07:00 of the team's clock nobody does anything", () => {
    const hours = new Set(
      events.map(({ timestamp }) =>
        Math.floor(((Date.parse(timestamp) - START_MS + 9 * 3_600_000) % DAY_MS) / 3_600_000),
      ),
    );
    const at_night = [23, 0, 1, 2, 3, 4, 5, 6].filter((hour) => hours.has(hour));
    expect(at_night).toEqual([]);
    const sleepless = draw({ features: 40, nights: false });
    expect(sleepless.some(({ metadata }) => metadata?.["reason"] === "night")).toBe(false);
    expect(sleepless.at(-1)?.timestamp.localeCompare(events.at(-1)?.timestamp ?? "")).toBe(-1);
  });

  it("[M2] tells some costs, leaves some to the price table, and some nobody knows", () => {
    const calls = events.filter(({ event_type }) => event_type === "tokens_used");
    const reported = calls.filter(({ metrics }) => metrics?.["cost_usd"] !== undefined);
    expect(new Set(reported.map(({ agent_role }) => agent_role))).toEqual(new Set(["reviewer"]));
    expect(calls.some(({ agent_role }) => agent_role === "qa")).toBe(true);
  });
});
