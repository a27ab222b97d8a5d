import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../event.ts";
import { describeEvent } from "./describe.ts";
import { OWN_SENTENCES } from "./governance.ts";
import { SENTENCES } from "./sentence.ts";

const ALL = Object.keys({ ...SENTENCES, ...OWN_SENTENCES });
const time = "2026-11-22T12:00:00.000Z";
const say = (event_type: string, metadata: StoredEvent["metadata"] = {}, metrics = {}, cost = false) =>
  describeEvent(
    {
      seq: 1,
      id: "e1",
      timestamp: time,
      received_at: time,
      event_type,
      agent_id: "nux",
      metadata,
      metrics,
      source: "api",
      key_id: "testkey",
      v: 1,
    },
    { cost },
  );

describe("describeEvent", () => {
  it.each([
    ["task_claimed", { assignee: "slit" }, {}, "claim", "claimed by slit"],
    ["task_claimed", {}, {}, "claim", "claimed by nux"],
    ["task_progress", { progress: 0.64 }, {}, "status", "64% done"],
    ["task_progress", { percent: 40, message: "tests\n next" }, {}, "status", "40% done, tests next"],
    ["task_created", { title: "Add sign-in" }, {}, "task", "created: Add sign-in"],
    ["task_reopened", {}, {}, "status", "reopened"],
    ["feature_started", {}, {}, "status", "work on the feature began"],
    ["feature_completed", { reason: "shipped" }, {}, "status", "feature completed: shipped"],
    ["feature_reopened", {}, {}, "status", "feature reopened"],
    ["coverage_measured", {}, { coverage_percent: 81.25 }, "test", "coverage measured: 81.3%"],
    ["review_requested", { reviewer: "capable" }, {}, "review", "waits for capable"],
    ["task_failed", { reason: "go vet" }, {}, "status", "failed: go vet"],
    ["task_blocked", { reason: "waits", blocked_by: ["a", "b"] }, {}, "status", "blocked: waits, by a, b"],
    ["file_locked", { path: "a.go" }, {}, "lock", "acquired a.go"],
    [
      "lock_conflict",
      { path: "a.go", holder_agent_id: "rictus" },
      {},
      "lock",
      "nux waits on a.go, held by rictus",
    ],
    ["test_failed", { suite: "go test" }, { passed: 14, failed: 1 }, "test", "go test: 14 passed, 1 failed"],
    ["handoff", { to_agent: "slit" }, {}, "handoff", "handed from nux to slit"],
    ["alert_raised", { title: "Task t-1 waits" }, {}, "alert", "somebody should look: Task t-1 waits"],
    ["alert_assigned", { title: "A file", assignee: "ana" }, {}, "alert", "given to ana, A file"],
    [
      "target_recalibrated",
      { metric: "lead", scope: "task·bug", method: "tail" },
      { target: 3_600_000, previous: 7_200_000, samples: 100 },
      "target",
      "lead of task, bug: target now 1 h, 2 h before, learned from 100 samples",
    ],
    [
      "forecast_made",
      { metric: "work", forecast_id: "work:t-1" },
      { predicted: 120_000, low: 60_000, high: 240_000 },
      "forecast",
      "work is foretold: 2 min, 1 min to 4 min",
    ],
    ["forecast_made", { metric: "changes" }, {}, "forecast", "changes is foretold"],
    ["tokens_used", { model: "m" }, {}, "tokens", "amount and cost not told, m"],
    [
      "forecast_made",
      { metric: "breach", forecast_id: "breach:t-1" },
      { predicted: 0.31 },
      "forecast",
      "breach is foretold: 31%",
    ],
    [
      "budget_warned",
      { budget_id: "b1" },
      { threshold_percent: 50, limit_usd: 600, used_usd: 326.1 },
      "budget",
      "50% of a budget is used, $326.10 of $600.00",
    ],
    [
      "reflection_made",
      { outcome: "merged", grade: "D", patterns: ["reopened", "review"], lessons: ["a"] },
      {},
      "look",
      "looked back on the feature (merged), grade D, found reopened, review, 1 lesson",
    ],
  ])("%s %j reads as one sentence", (type, metadata, metrics, kind, text) => {
    expect(say(type, metadata, metrics)).toEqual({ kind, text });
  });

  it("[M2] a call without a known cost says so and is never $0", () => {
    expect(say("tokens_used", { model: "m" }, { input_tokens: 900, output_tokens: 60 }).text).toBe(
      "900 in, 60 out, cost unknown, m",
    );
    expect(
      say("tokens_used", { cost_source: "priced" }, { input_tokens: 1, output_tokens: 2, cost_usd: 0.004 })
        .text,
    ).toBe("1 in, 2 out, $0.0040 priced");
  });

  it("shows an unknown type by name and metadata, as text", () => {
    expect(say("ci_gate.opened", { gate: "lint", html: "<b>x</b>", n: [1, 2], more: 1 }).text).toBe(
      "ci_gate.opened: gate lint, html <b>x</b>, n [1,2], …",
    );
    expect(say("tracker.updated", { fields: ["notes", "title"], none: [] }).text).toBe(
      "tracker.updated: fields notes title, none []",
    );
    expect(say("constructor").text).toBe("constructor");
    expect(say("__proto__").kind).toBe("event");
  });

  it("has something to say about any event, whatever its metadata", () => {
    const types = fc.oneof(fc.constantFrom(...ALL), fc.string());
    fc.assert(
      fc.property(
        types,
        fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<string>),
        (event_type, metadata) => {
          const { kind, text } = say(event_type, metadata);
          expect(kind).not.toBe("");
          expect(typeof text).toBe("string");
          expect(text).not.toMatch(/undefined|\[object|\n/);
        },
      ),
    );
  });

  it("never says the same word twice, as kind and at the beginning of the sentence", () => {
    for (const type of ALL) {
      const { kind, text } = say(type);
      expect(text.split(/\W/)[0], type).not.toBe(kind);
    }
  });
  it("says of amounts that a link hides who hides them", () => {
    expect(say("tokens_used", { model: "m" }, {}, true).text).toBe(
      "amount and cost hidden by who shared this, m",
    );
  });
});
