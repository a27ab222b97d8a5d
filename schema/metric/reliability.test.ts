import { describe, expect, it } from "vitest";
import { at, countLines, row } from "./testing.ts";

describe("agent uptime", () => {
  it("counts gaps of up to five minutes as up, longer ones as down, and none after a stop", () => {
    const counted = countLines([
      [0, "agent_heartbeat"],
      [5, "agent_heartbeat"],
      [11, "agent_heartbeat"],
      [12, "agent_idle"],
      [60, "agent_heartbeat"],
      [61, "task_started", { task: "a" }],
      [62, "agent_stopped"],
      [200, "agent_heartbeat"],
    ]);
    // Up 5 + 1 + 1, down 6; from idle to the start of work nothing, and the heartbeat of an idle agent does not change that.
    expect(row(counted, "agent_uptime").value).toBeCloseTo(7 / 13, 12);
    expect(row(counted, "agent_uptime")).toMatchObject({ n: 4, excluded: 0, status: "missed" });
  });
  it("is down from a crash to the next event, in the slots that it was", () => {
    const counted = countLines([
      [0, "agent_heartbeat"],
      [2, "agent_crashed"],
      [62, "agent_recovered"],
      [64, "agent_heartbeat"],
    ]);
    expect(row(counted, "agent_uptime").value).toBeCloseTo(4 / 64, 12);
    // 13:00 to 13:05 has the last two minutes of the silence and two of work.
    const end = row(counted, "agent_uptime", { window: { from: at(60), to: at(65) } });
    expect(end.value).toBeCloseTo(0.5, 12);
  });
  it("leaves out who comes back after days", () => {
    const counted = countLines([
      [0, "agent_heartbeat"],
      [3 * 24 * 60, "agent_heartbeat"],
    ]);
    expect(row(counted, "agent_uptime")).toMatchObject({ value: null, n: 0, excluded: 1 });
  });
});

describe("escalation rate", () => {
  it("is the share of closed tasks that a person was asked about", () => {
    const counted = countLines([
      [0, "escalated_to_user", { task: "a" }],
      [1, "escalated_to_user", { task: "a" }],
      [2, "task_completed", { task: "a" }],
      [3, "task_completed", { task: "b" }],
      [4, "escalated_to_board", { task: "c" }],
      [5, "task_failed", { task: "c" }],
      [6, "task_completed", { task: "d" }],
      [7, "escalated_to_user", {}],
      [8, "escalated_to_user", { task: "still open" }],
    ]);
    expect(row(counted, "escalation_rate")).toMatchObject({
      value: 0.25,
      n: 4,
      excluded: 1,
      status: "missed",
    });
  });
});

describe("retry budgets exhausted", () => {
  it("is 0 where tasks closed without, and unknown where none did", () => {
    const closed = countLines([[0, "task_completed", { task: "a" }]]);
    expect(row(closed, "retry_budget_exhaustion")).toMatchObject({ value: 0, n: 1, status: "met" });
    const exhausted = countLines([[0, "retry_budget_exhausted", { task: "a" }]]);
    expect(row(exhausted, "retry_budget_exhaustion")).toMatchObject({ value: 1, n: 1, status: "missed" });
    const open = countLines([[0, "task_started", { task: "a" }]]);
    expect(row(open, "retry_budget_exhaustion")).toMatchObject({ value: null, n: 0, status: "unknown" });
  });
});

describe("state recovery", () => {
  it("is the share of crashes with a recovery that lost nothing", () => {
    const counted = countLines([
      [0, "agent_crashed", { agent: "a" }],
      [1, "agent_recovered", { agent: "a" }],
      [2, "agent_crashed", { agent: "b" }],
      [3, "agent_recovered", { agent: "b", data: { state_restored: false } }],
      [4, "agent_crashed", { agent: "c" }],
      [5, "agent_recovered", { agent: "never crashed" }],
      [6, "agent_crashed", { agent: "d" }],
      [70, "agent_recovered", { agent: "d" }],
    ]);
    expect(row(counted, "state_recovery")).toMatchObject({ value: 0.5, n: 4, excluded: 1, status: "missed" });
    // A recovery counts with its crash.
    const later = row(counted, "state_recovery", { window: { from: at(60), to: at(120) } });
    expect(later).toMatchObject({ value: null, n: 0, excluded: 0 });
    expect(row(counted, "state_recovery", { by: "agent" }, "d")).toMatchObject({ value: 1, status: "met" });
  });
});
