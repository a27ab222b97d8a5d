import { describe, expect, it } from "vitest";
import { MIN_BEATS } from "./heard.ts";
import { at, countLines, row, type Line } from "./testing.ts";

/** Of another agent, by which the log is known to send heartbeats in time. */
const IN_TIME: readonly Line[] = [
  [-20, "task_started", { task: "clock", agent: "clock" }],
  ...Array.from({ length: 7 }, (_, i): Line => [i - 20, "agent_heartbeat", { agent: "clock" }]),
  [-14, "task_completed", { task: "clock", agent: "clock" }],
];
const heard = (lines: readonly Line[]) => countLines([...IN_TIME, ...lines]);
const uptime = (counted: ReturnType<typeof countLines>, ask: Parameters<typeof row>[2] = {}) =>
  row(counted, "agent_uptime", { by: "agent", ...ask }, "coder");

describe("agent uptime", () => {
  it("counts gaps of up to five minutes at work as up, longer ones as down, and none at rest", () => {
    const counted = heard([
      [0, "agent_heartbeat"],
      [20, "task_started", { task: "a" }],
      [25, "tool_called", { task: "a" }],
      [50, "tool_called", { task: "a" }],
      [55, "agent_submitted", { task: "a" }],
      // Waits for its reviewer; what a call cost comes late, and a heartbeat starts no work.
      [56, "tokens_used", { task: "a" }],
      [90, "agent_heartbeat"],
      [100, "task_progress", { task: "a" }],
      [104, "task_blocked", { task: "a" }],
      [150, "task_progress", { task: "a" }],
      [151, "agent_stopped"],
      [200, "agent_heartbeat"],
    ]);
    // Up 5 + 5 + 4 + 1, down 25.
    expect(uptime(counted).value).toBeCloseTo(15 / 40, 12);
    expect(uptime(counted)).toMatchObject({ n: 0.7, excluded: 0, status: "missed" });
  });
  it("is unknown below half an hour at work, and for who only waits between tasks", () => {
    const task = (minutes: number, task: string): Line[] => [
      [minutes, "agent_heartbeat"],
      [minutes, "task_claimed", { task }],
      [minutes + 4, "task_completed", { task }],
    ];
    const counted = heard([...task(0, "a"), ...task(60, "b"), ...task(200, "c")]);
    expect(uptime(counted)).toMatchObject({ value: null, n: 0.2, status: "unknown" });
    const hours = heard(Array.from({ length: 9 }, (_, i) => task(i * 60, `t${i}`)).flat());
    expect(uptime(hours)).toMatchObject({ value: 1, n: 0.6, status: "met" });
  });
  it("is unknown of who sends no heartbeats: its silences are excluded", () => {
    const counted = heard([
      [0, "task_started", { task: "a" }],
      [3, "task_progress", { task: "a" }],
      [60, "task_progress", { task: "a" }],
      [90, "task_completed", { task: "a" }],
    ]);
    expect(uptime(counted)).toMatchObject({ value: null, n: 0, excluded: 2, status: "unknown" });
  });
  it("is down from a crash to the next event, in the slots that it was", () => {
    const counted = heard([
      [0, "agent_heartbeat"],
      [0, "agent_heartbeat", { agent: "idler" }],
      [0, "task_started", { task: "a" }],
      [2, "agent_crashed"],
      [62, "agent_recovered"],
      [64, "agent_heartbeat"],
      [65, "agent_crashed", { agent: "idler" }],
      [99, "agent_recovered", { agent: "idler" }],
    ]);
    // Who had nothing to do when it crashed was missed by nobody.
    expect(uptime(counted).value).toBeCloseTo(4 / 64, 12);
    // 12:30 to 13:05 has 32 minutes of the silence and two of work.
    const end = uptime(counted, { window: { from: at(30), to: at(65) } });
    expect(end.value).toBeCloseTo(2 / 34, 12);
  });
  it("is unknown where heartbeats come far apart, for a silence is then their pace", () => {
    const beats = (every: number, count: number): Line[] => [
      [0, "task_started", { task: "a" }],
      ...Array.from({ length: count }, (_, i): Line => [i * every, "agent_heartbeat"]),
    ];
    expect(row(countLines(beats(20, 4)), "agent_uptime")).toMatchObject({ value: null, n: 0, excluded: 3 });
    // Of a few that came in time nobody knows whether a later silence is more than their pace.
    const told = (count: number) =>
      row(countLines([...beats(1, count), [200, "task_progress", { task: "a" }]]), "agent_uptime");
    expect(told(MIN_BEATS)).toMatchObject({ value: null, n: 0, status: "unknown" });
    expect(told(MIN_BEATS + 1).value).toBeCloseTo(MIN_BEATS / 200, 12);
    // An outage among heartbeats in time is one.
    const [start, ...rest] = beats(1, 40);
    if (start === undefined) expect.unreachable();
    const late = rest.slice(-1).map((): Line => [79, "agent_heartbeat"]);
    const outage = row(countLines([start, ...rest, ...late]), "agent_uptime");
    expect(outage.value).toBeCloseTo(39 / 79, 12);
    // In each window alike, though within this one nothing was heard.
    const within = row(countLines([start, ...rest, ...late]), "agent_uptime", {
      window: { from: at(40), to: at(75) },
    });
    expect(within.value).toBe(0);
  });
  it("leaves out who comes back after days", () => {
    const counted = countLines([
      [0, "agent_heartbeat"],
      [0, "task_started"],
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
    const closed = countLines([
      [0, "tokens_used", { task: "a" }],
      [0, "task_completed", { task: "a" }],
    ]);
    expect(row(closed, "retry_budget_exhaustion")).toMatchObject({ value: 0, n: 1, status: "met" });
    const exhausted = countLines([[0, "retry_budget_exhausted", { task: "a" }]]);
    expect(row(exhausted, "retry_budget_exhaustion")).toMatchObject({ value: 1, n: 1, status: "missed" });
    const open = countLines([[0, "task_started", { task: "a" }]]);
    expect(row(open, "retry_budget_exhaustion")).toMatchObject({ value: null, n: 0, status: "unknown" });
  });
});

describe("of a log that tells nothing but that tasks open and close, as a tracker's does,", () => {
  const TRACKED: Line[] = [
    [0, "task_created", { task: "a" }],
    [1, "task_claimed", { task: "a" }],
    [9, "task_completed", { task: "a" }],
    [70, "task_completed", { task: "b" }],
  ];
  const of = (lines: Line[]) => {
    const counted = countLines(lines);
    const window = { from: at(60), to: at(120) };
    return ["escalation_rate", "retry_budget_exhaustion"].flatMap((metric) => [
      row(counted, metric),
      row(counted, metric, { window }),
      row(counted, metric, { by: "agent" }, "coder"),
    ]);
  };
  it("what it has no words for is unknown, and its tasks are counted as left out", () => {
    expect(of(TRACKED)).toMatchObject(
      [2, 1, 1, 2, 1, 1].map((excluded) => ({ value: null, n: 0, excluded, status: "unknown" })),
    );
    const { series } = row(countLines(TRACKED), "escalation_rate", { points: 2 });
    expect(series?.values.every((value) => value === null)).toBe(true);
  });
  it("is known from the first word of how work goes on, in every window and group", () => {
    const told: Line[] = [...TRACKED, [200, "test_passed", { task: "c", agent: "ci" }]];
    expect(of(told)).toMatchObject([2, 1, 1, 2, 1, 1].map((n) => ({ value: 0, n, status: "met" })));
    // Asked of a person, it tells itself.
    const asked: Line[] = [[5, "escalated_to_user", { task: "a" }], ...TRACKED];
    expect(row(countLines(asked), "escalation_rate")).toMatchObject({ value: 0.5, n: 2 });
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
