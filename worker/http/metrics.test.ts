/** The families of a folded log, by a strict reader and, where it is installed, by Prometheus's own. */
import { spawnSync } from "node:child_process";
import { describe, expect, it, vi } from "vitest";
import { exposition } from "../../schema/wire/exposition.ts";
import { play } from "../../test/replay/play.ts";
import { parseExposition } from "../../test/sample/exposition.ts";
import { COMMIT_BOUNDS, Gauges, logGauges } from "../room/gauges.ts";
import { logFamilies, roomFamilies } from "./metrics.ts";

const state = play([
  { type: "task_created", task: "T-1" },
  { type: "task_claimed", task: "T-1" },
  { type: "task_failed", task: "T-2", agent: "coder-b" },
  {
    type: "tokens_used",
    metrics: { input_tokens: 100, output_tokens: 20, reasoning_tokens: 5, cost_usd: 0.25 },
  },
  { type: "tokens_used", metadata: { cost_source: "priced" }, metrics: { input_tokens: 10, cost_usd: 0.5 } },
  { type: "tokens_used", metrics: { input_tokens: 1 } },
  { type: 'odd"} 1\nname\\' },
]);
const gauges = new Gauges(1_700_000_000_000);
const none = { ok: true, first_seq: null, last_seq: null } as const;
gauges.committed(
  [
    { ...none, accepted: 2, duplicates: 1, conflicts: [0] },
    { ...none, accepted: 40, duplicates: 0, conflicts: [] },
  ],
  42,
);
gauges.committed([{ ...none, accepted: 9_000, duplicates: 0, conflicts: [] }], 9_000);
gauges.notCommitted(3, false);
gauges.woken();
gauges.failed("drain");
const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
for (let seq = 1; seq <= 30; seq += 1) gauges.unfoldable(seq, new Error("a defect"));
const room = gauges.read({ sockets: 4, database_bytes: 4_096, drain: { lag_events: 7, lag_ms: 1_500 } });
const text = exposition([...logFamilies(logGauges(state)), ...roomFamilies(room, COMMIT_BOUNDS)]);
const read = parseExposition(text);
const value = (name: string, labels: Record<string, string> = {}) =>
  [...read.values()]
    .flatMap(({ samples }) => samples)
    .find(
      (sample) =>
        sample.name === `clusterfork_${name}` && JSON.stringify(sample.labels) === JSON.stringify(labels),
    )?.value;

describe("metrics for Prometheus", () => {
  it("say of each cost where it is from, and count each token once", () => {
    expect(value("tokens_total", { kind: "input" })).toBe(111);
    expect(value("reasoning_tokens_total")).toBe(5);
    expect(value("cost_usd_total", { cost: "reported" })).toBe(0.25);
    expect(value("cost_usd_total", { cost: "priced" })).toBe(0.5);
    for (const cost of ["reported", "priced", "unknown"])
      expect(value("model_calls_total", { cost })).toBe(1);
  });

  it("[M2] say what belongs to no feature", () => {
    // Six of the seven: one is of a type that nobody knows.
    expect(value("unassigned_events_total")).toBe(6);
    for (const cost of ["reported", "priced", "unknown"])
      expect(value("unassigned_model_calls_total", { cost })).toBe(1);
  });

  it("count events by type and the live state by status, zeros too", () => {
    expect(value("events_total", { event_type: "tokens_used" })).toBe(3);
    expect(value("events_total", { event_type: 'odd"} 1\nname\\' })).toBe(1);
    expect(value("tasks", { status: "claimed" })).toBe(1);
    expect(value("tasks", { status: "failed" })).toBe(1);
    expect(value("tasks", { status: "merged" })).toBe(0);
  });

  it("count what the room did", () => {
    expect(value("room_append_requests_total")).toBe(6);
    expect(value("room_appended_events_total", { result: "accepted" })).toBe(9_042);
    expect(value("room_appended_events_total", { result: "conflict" })).toBe(1);
    expect(value("room_commits_total", { result: "failed" })).toBe(1);
    expect(value("room_commit_events_bucket", { le: "10" })).toBe(0);
    expect(value("room_commit_events_bucket", { le: "100" })).toBe(1);
    expect(value("room_commit_events_bucket", { le: "+Inf" })).toBe(2);
    expect(value("room_job_failures_total", { job: "drain" })).toBe(1);
    expect(value("room_drain_lag_seconds")).toBe(1.5);
    expect(value("room_unfoldable_events_total")).toBe(30);
    // A log that cannot be folded at all must not fill the operator's.
    expect(told).toHaveBeenCalledTimes(20);
  });

  const promtool = spawnSync("promtool", ["--version"]);
  it.skipIf(promtool.error !== undefined)("pass promtool check metrics without a complaint", () => {
    const checked = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
    expect([checked.status, checked.stderr + checked.stdout]).toEqual([0, ""]);
    // The control: it does complain.
    const broken = spawnSync("promtool", ["check", "metrics"], {
      input: text.replace("} 3", "}"),
      encoding: "utf8",
    });
    expect(broken.status).not.toBe(0);
  });
});
