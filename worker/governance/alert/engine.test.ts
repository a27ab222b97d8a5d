import { describe, expect, it } from "vitest";
import { NOON_MS, play, type Step } from "../../../test/replay/play.ts";
import { knownOf } from "../../../schema/metric/source.ts";
import { encodeState } from "../../../schema/state/encode.ts";
import { redactState } from "../../../schema/state/redact.ts";
import { Tally } from "../../../schema/metric/tally.ts";
import { derivedId } from "../../room/own.ts";
import { MINUTE_MS } from "./condition.ts";
import { MAX_OPEN_ALERTS } from "../../../schema/state/limits.ts";
import { MAX_OPEN, MIN_OPEN_OF_RULE } from "./engine.ts";
import { NEWS_MS } from "./news.ts";
import { RULES } from "./rules.ts";
import { open, Project } from "../../../test/replay/watched.ts";
import { Alerts } from "./watch.ts";

describe("a blocked task", () => {
  const blocked: Step[] = [
    { type: "task_created", task: "T", feature: "F", at: 0 },
    { type: "task_claimed", task: "T", at: 1 },
    { type: "task_blocked", task: "T", at: 60, metadata: { reason: "<b>waits</b>" } },
  ];

  it("is told once it has lasted, and knows when that will be", () => {
    const project = new Project(blocked);
    expect(project.look(5)).toEqual({ types: [], next: 11 });
    expect(project.look(11).types).toEqual(["alert_raised"]);
    expect(open(project)).toMatchObject([
      {
        rule: "task_blocked",
        severity: "warning",
        title: "Task T is blocked",
        message: "No work for 10 min. Answer what it waits for, or unblock it.",
        agent_id: "coder-a",
        task_id: "T",
        feature_id: "F",
        value: 10 * MINUTE_MS,
        target: 10 * MINUTE_MS,
      },
    ]);
    expect(project.log.at(-1)?.metadata?.evidence).toEqual(["3"]);
  });

  it("is as old as its cause, however late an import brought that", () => {
    const project = new Project(blocked);
    project.look(20 * 60);
    expect(open(project)).toMatchObject([
      { since: NOON_MS + MINUTE_MS, raised_at: NOON_MS + 20 * 60 * MINUTE_MS },
    ]);
  });

  it("[B2] looking twice, or after an eviction, says nothing new", () => {
    const project = new Project(blocked);
    project.look(11);
    expect(project.look(12).types).toEqual([]);
    project.evict();
    expect(project.look(13).types).toEqual([]);
    expect(open(project)).toHaveLength(1);
  });

  it("says the same thing under the same id, when nobody heard it the first time", () => {
    const ids = [11, 14].map((minute) => {
      const alerts = new Alerts();
      const { state } = new Project(blocked);
      return alerts
        .look(state, NOON_MS + minute * MINUTE_MS, () => knownOf(state, new Tally()))
        .events.map((own) => derivedId(own.organ, own.cause));
    });
    expect(ids[0]).toHaveLength(1);
    expect(ids[1]).toEqual(ids[0]);
  });

  it("of hundreds is told of some, once; other rules still speak, and what ends makes room", () => {
    const count = 300;
    const tasks = Array.from({ length: count }, (_, i) => `T${String(i)}`);
    const project = new Project(
      tasks.flatMap((task, i): Step[] => [
        { type: "task_created", task, feature: "F", at: 0 },
        { type: "task_claimed", task, at: 1 },
        { type: "task_blocked", task, at: 60 + i / 100 },
      ]),
    );
    const told = project.look(12).types.length;
    expect(told).toBe(MAX_OPEN);
    expect(MAX_OPEN + RULES.length * MIN_OPEN_OF_RULE).toBeLessThan(MAX_OPEN_ALERTS);
    expect(open(project)).toHaveLength(told);
    expect(open(project)[0]?.task_id).toBe("T0");
    expect(open(project).at(-1)?.message).toMatch(
      new RegExp(` ${String(count - told)} more like it are not told\\.$`),
    );
    expect(project.look(13).types).toEqual([]);
    project.send([{ type: "agent_crashed", agent: "coder-z", at: 13 * 60 }]);
    expect(project.look(17).types).toEqual(["alert_raised"]);
    expect(open(project).at(-1)?.rule).toBe("agent_failed");
    project.send(tasks.slice(0, 10).map((task): Step => ({ type: "task_unblocked", task, at: 18 * 60 })));
    project.look(18);
    const after = project.look(21).types;
    expect(after.filter((type) => type === "alert_cleared")).toHaveLength(10);
    expect(after.filter((type) => type === "alert_raised").length).toBeGreaterThanOrEqual(9);
    expect(project.look(22).types).toEqual([]);
  });

  it("becomes critical without becoming another alert", () => {
    const project = new Project(blocked);
    expect(project.look(11).next).toBe(121);
    expect(project.look(122).types).toEqual(["alert_raised"]);
    expect(open(project)).toMatchObject([{ severity: "critical", times: 2 }]);
    expect(project.look(123).types).toEqual([]);
  });

  it("is cleared when it was away long enough; what flickers stays one alert", () => {
    const project = new Project(blocked);
    project.look(11);
    project.send([{ type: "task_unblocked", task: "T", at: 12 * 60 }]);
    expect(project.look(12)).toEqual({ types: [], next: 14 });
    project.send([{ type: "task_blocked", task: "T", at: 13 * 60 }]);
    expect(project.look(13).types).toEqual([]);
    project.send([{ type: "task_unblocked", task: "T", at: 14 * 60 }]);
    expect(project.look(14).types).toEqual([]);
    expect(project.look(15).types).toEqual([]);
    expect(project.look(16)).toEqual({ types: ["alert_cleared"], next: null });
    expect(open(project)).toEqual([]);
    expect(project.log.filter(({ event_type }) => event_type === "alert_raised")).toHaveLength(1);
  });

  it("tells no history that an importer brought", () => {
    const project = new Project(blocked);
    const later = 1 + NEWS_MS / MINUTE_MS;
    expect(project.look(later + 1)).toEqual({ types: [], next: null });
  });
});

it("an agent that crashed is told when it does not come back, with what it leaves", () => {
  const steps: Step[] = [
    { type: "task_claimed", task: "T", agent: "coder-a", at: 0 },
    { type: "agent_crashed", agent: "coder-a", at: 60 },
    { type: "agent_crashed", agent: "coder-b", at: 60 },
    { type: "agent_heartbeat", agent: "coder-b", at: 90 },
  ];
  const project = new Project(steps);
  expect(project.look(2).types).toEqual([]);
  expect(project.look(3).types).toEqual(["alert_raised"]);
  expect(open(project)).toMatchObject([{ rule: "agent_failed", severity: "critical", agent_id: "coder-a" }]);
  expect(open(project)[0]?.message).toContain("1 open task:");
});

it("a task without retries is told at once, also after an eviction, until a person takes it up", () => {
  const project = new Project([
    { type: "task_claimed", task: "T", at: 0 },
    { type: "retry_budget_exhausted", task: "T", at: 60 },
    { type: "retry_budget_exhausted", task: "T", at: 61 },
  ]);
  project.evict();
  expect(project.look(2).types).toEqual(["alert_raised"]);
  project.send([
    { type: "escalated_to_user", task: "T", at: 180 },
    { type: "human_intervened", task: "T", at: 240 },
  ]);
  project.look(4);
  expect(project.look(5).types).toEqual(["alert_cleared"]);
});

it("who waits long for a locked file is told with the task, not with names", () => {
  const project = new Project([
    { type: "file_locked", agent: "coder-a", task: "T", at: 0, metadata: { path: "src/secret-plan.ts" } },
    { type: "lock_conflict", agent: "coder-b", task: "U", at: 60, metadata: { path: "src/secret-plan.ts" } },
  ]);
  expect(project.look(11).types).toEqual(["alert_raised"]);
  const [alert] = open(project);
  expect(alert).toMatchObject({ rule: "lock_contention", task_id: "U", agent_id: "coder-b" });
  // A shared view that hides names shows these words.
  expect(`${String(alert?.title)} ${String(alert?.message)}`).not.toMatch(/coder|secret-plan/);
});

it("a task that is sent back again and again is told at the third time", () => {
  const back: Step[] = [
    { type: "review_requested", task: "T" },
    { type: "reviewer_changes_requested", task: "T" },
  ];
  const project = new Project([{ type: "task_claimed", task: "T" }, ...back, ...back]);
  expect(project.look(1).types).toEqual([]);
  project.send(back.map((step, i) => ({ ...step, at: 60 + i })));
  expect(project.look(2).types).toEqual(["alert_raised"]);
  expect(open(project)).toMatchObject([{ rule: "review_ping_pong", value: 3, target: 2 }]);
});

it("alerts of others are theirs to clear", () => {
  const state = play([
    { type: "alert_raised", agent: "clusterfork:audit", metadata: { alert_id: "c", rule: "chain_broken" } },
  ]);
  const alerts = new Alerts();
  for (const minute of [1, 100, 1000])
    expect(
      alerts.look(state, NOON_MS + minute * MINUTE_MS, () => knownOf(state, new Tally())).events,
    ).toEqual([]);
});

describe("a budget", () => {
  const set = (limit_usd: number): Step => ({
    type: "budget_set",
    agent: "clusterfork:budget",
    at: 0,
    metadata: { budget_id: "b1", scope: "project", period: "month", unit: "usd", hard: true },
    metrics: { limit_usd },
  });
  const reached = (percent: number, at: number): Step => ({
    type: percent === 100 ? "budget_exceeded" : "budget_warned",
    agent: "clusterfork:budget",
    at,
    metadata: { budget_id: "b1", revision: 1, period_start: "2026-11-01T00:00:00.000Z" },
    metrics: { threshold_percent: percent },
  });
  const spend = (cost_usd: number, at: number): Step => ({ type: "tokens_used", at, metrics: { cost_usd } });

  it("is one alert that grows more severe, without a figure of money in its words", () => {
    const project = new Project([set(10), spend(5, 30), reached(50, 60)]);
    expect(project.look(1).types).toEqual(["alert_raised"]);
    expect(open(project)).toMatchObject([{ rule: "budget_reached", severity: "info", value: 50 }]);
    project.send([spend(3, 120), reached(80, 121)]);
    expect(project.look(3).types).toEqual(["alert_raised"]);
    project.evict();
    project.send([spend(3, 240), reached(100, 241)]);
    expect(project.look(5).types).toEqual(["alert_raised"]);
    expect(open(project)).toMatchObject([
      { severity: "critical", times: 3, title: "A hard budget is used up" },
    ]);
    expect(project.look(6).types).toEqual([]);
    expect(open(project)[0]?.message).not.toMatch(/\$|\b(5|8|10|11)\b/);
  });

  it("is over when the next period begins, though nothing comes, and when it is raised", () => {
    const project = new Project([set(10), spend(10, 30), reached(100, 60)]);
    const { next } = project.look(1);
    expect(NOON_MS + (next ?? 0) * MINUTE_MS).toBe(Date.UTC(2026, 11, 1));
    project.look(next ?? 0);
    expect(project.look((next ?? 0) + 1).types).toEqual(["alert_cleared"]);

    const raised = new Project([set(10), spend(10, 30), reached(100, 60)]);
    raised.look(1);
    raised.send([{ ...set(100), at: 120 }]);
    raised.look(2);
    expect(raised.look(3).types).toEqual(["alert_cleared"]);
  });
});

it("an agent that fails three tasks in a row is told of once, until one succeeds", () => {
  const failed = (task: string, at: number): Step[] => [
    { type: "task_claimed", task, at },
    { type: "task_failed", task, at: at + 1 },
  ];
  const project = new Project([...failed("A", 0), ...failed("B", 10)]);
  expect(project.look(1).types).toEqual([]);
  project.send(failed("C", 120));
  expect(project.look(3).types).toEqual(["pip_opened", "alert_raised"]);
  expect(open(project)).toMatchObject([
    { rule: "pip_required", agent_id: "coder-a", metric: "failed_tasks", value: 3, target: 2, samples: 3 },
  ]);
  expect(open(project)[0]?.title).not.toContain("coder-a");
  project.send(failed("D", 240));
  project.evict();
  expect(project.look(5).types).toEqual([]);
  project.send([
    { type: "task_claimed", task: "E", at: 360 },
    { type: "task_completed", task: "E", at: 361 },
  ]);
  expect(project.look(7).types).toEqual(["pip_closed"]);
  expect(project.state.agents.get("coder-a")?.pip).toBeNull();
  expect(project.look(8).types).toEqual(["alert_cleared"]);
});

it("a wait for a locked file names the file, apart from the words that a link may show", () => {
  const project = new Project([
    { type: "file_locked", task: "A", agent: "coder-b", metadata: { path: "src/api.ts" }, at: 0 },
    {
      ...{ type: "lock_conflict", task: "B", agent: "coder-a", at: 60 },
      metadata: { path: "src/api.ts", holder_agent_id: "coder-b", holder_task_id: "A" },
    },
  ]);
  expect(project.look(10).types).toEqual([]);
  project.look(12);
  const [alert] = open(project);
  expect(alert).toMatchObject({ rule: "lock_contention", task_id: "B", path: "src/api.ts" });
  expect(alert?.title).toBe("Task B waits for a locked file");
  expect(alert?.message).toContain("waited 11 min for task A");
  expect(`${alert?.title ?? ""} ${alert?.message ?? ""}`).not.toContain("src/api.ts");
  const wire = encodeState(project.state);
  const hidden = redactState(wire, { cost: false, name: true, title: false, text: false }, () => "alias");
  expect(hidden.open_alerts).toMatchObject([{ path: "alias" }]);
});

it("a task that goes back and forth tells its rounds", () => {
  const round = (at: number): Step[] => [
    { type: "agent_submitted", task: "T", at },
    { type: "reviewer_changes_requested", task: "T", agent: "reviewer", at: at + 10 },
  ];
  const project = new Project([{ type: "task_claimed", task: "T", at: 0 }, ...[60, 120, 180].flatMap(round)]);
  project.look(5);
  expect(open(project)).toMatchObject([{ rule: "review_ping_pong", title: "Task T was sent back 3 times" }]);
  expect(open(project)[0]?.message).toContain("3 rounds");
});
