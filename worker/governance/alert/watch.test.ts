import { describe, expect, it } from "vitest";
import type { Step } from "../../../test/replay/play.ts";
import { open, Project } from "../../../test/replay/watched.ts";

const MINUTE_S = 60;
const DAY_S = 86_400;
const DAY_MIN = 1_440;

describe("an open alert", () => {
  const blocked: Step[] = [
    { type: "task_claimed", task: "T", at: 0 },
    { type: "task_blocked", task: "T", at: 60 },
  ];
  const snooze = (project: Project, minute: number, until: string) => {
    const [alert] = open(project);
    const metadata = { alert_id: alert?.id ?? "", until };
    project.send([{ type: "alert_snoozed", agent: "clusterfork:alerts", at: minute * MINUTE_S, metadata }]);
  };

  it("[B3] is told again when its snooze is over, with the words of then, and once", () => {
    const project = new Project(blocked);
    project.look(11);
    snooze(project, 12, "2026-11-22T12:40:00.000Z");
    expect(project.look(13)).toEqual({ types: [], next: 40 });
    expect(project.look(40).types).toEqual(["alert_raised"]);
    expect(open(project)).toMatchObject([
      { times: 2, snoozed_until: null, message: expect.stringContaining("No work for 39 min") as string },
    ]);
    expect(project.look(41).types).toEqual([]);
  });

  it("is not told again when it was over before its snooze was", () => {
    const project = new Project(blocked);
    project.look(11);
    snooze(project, 12, "2026-11-22T13:40:00.000Z");
    project.send([{ type: "task_unblocked", task: "T", at: 13 * MINUTE_S }]);
    project.look(14);
    expect(project.look(16).types).toEqual(["alert_cleared"]);
    expect(project.look(101).types).toEqual([]);
  });

  it("of another part of Clusterfork is told again too, in its own words", () => {
    const raised = {
      alert_id: "c",
      rule: "chain_broken",
      severity: "critical",
      title: "A break",
      message: "m",
    };
    const project = new Project([
      { type: "alert_raised", agent: "clusterfork:audit", at: 0, metadata: raised },
    ]);
    snooze(project, 1, "2026-11-22T12:30:00.000Z");
    expect(project.look(2)).toEqual({ types: [], next: 30 });
    expect(project.look(30).types).toEqual(["alert_raised"]);
    expect(open(project)).toMatchObject([{ rule: "chain_broken", title: "A break", message: "m", times: 2 }]);
    expect(project.look(31)).toEqual({ types: [], next: null });
  });

  it("[B2] renews its words four times, keeps its title, and says that nobody is to be called", () => {
    const project = new Project(blocked);
    project.look(11);
    const said: string[] = [];
    for (let minute = 12; minute <= 6 * DAY_MIN; minute += 30)
      if (project.look(minute).types.length > 0)
        said.push(JSON.stringify(project.log.at(-1)?.metadata?.["renewed"] ?? "worse"));
    // Critical after two hours is news, and no renewal.
    expect(said).toEqual(["1", '"worse"', "2", "3", "4"]);
    expect(open(project)).toMatchObject([{ title: "Task T is blocked", severity: "critical" }]);
    expect(open(project)[0]?.message).toMatch(/^No work for 3 d/);
  });

  it("of a silence waits while history arrives, and not for ever", () => {
    const project = new Project([]);
    project.send(blocked, 1_200);
    expect(project.look(1_200.1)).toEqual({ types: [], next: 1_201 });
    // The next batch answers it.
    project.send([{ type: "task_unblocked", task: "T", at: 120 }], 1_200.5);
    expect(project.look(1_202).types).toEqual([]);

    const unanswered = new Project([]);
    unanswered.send(blocked, 1_200);
    expect(unanswered.look(1_201).types).toEqual(["alert_raised"]);

    // A slow clock: each event is a quarter of an hour behind.
    const slow = new Project([]);
    const beat = (minute: number): Step => ({ type: "agent_heartbeat", agent: "b", at: (minute - 15) * 60 });
    slow.send(blocked, 16);
    for (let minute = 16.5; minute < 46; minute += 0.5) slow.send([beat(minute)], minute);
    expect(slow.look(45.9).types).toEqual([]);
    expect(slow.look(46).types).toEqual(["alert_raised"]);
  });

  it("is renewed after an eviction as if nothing had been", () => {
    const project = new Project(blocked);
    project.look(11);
    expect(project.look(72).types).toEqual(["alert_raised"]);
    project.evict();
    expect(project.look(73).types).toEqual([]);
  });
});

describe("a target", () => {
  /** Each day from 13:00 so many submissions, of which so many fail lint. */
  const day = (number: number, agent: string, failing: number, of = 8): Step[] =>
    Array.from({ length: of }, (_, i): Step[] => {
      const at = number * DAY_S + 3_600 + i * 600;
      const about = { agent, role: "coder", task: `${agent}-${String(number)}-${String(i)}` };
      return [
        { type: "task_claimed", ...about, at },
        { type: i < failing ? "lint_error_found" : "lint_passed", ...about, at: at + 60 },
        { type: "agent_submitted", ...about, at: at + 120 },
        { type: "task_completed", ...about, at: at + 180 },
      ];
    }).flat();
  const days = (...steps: Step[][]) =>
    new Project(steps.flat().toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)));
  const MIDNIGHT = 12 * 60;
  const lint = (project: Project) => open(project).filter(({ metric }) => metric === "lint_pass_rate");

  it("that the project misses three days on end is told once, by itself at midnight, and over on a day that meets it", () => {
    const project = days(day(0, "a", 4), day(1, "a", 4), day(2, "a", 4));
    project.look(2 * DAY_MIN + MIDNIGHT - 1);
    expect(lint(project)).toEqual([]);
    const { next } = project.look(2 * DAY_MIN + MIDNIGHT - 1);
    expect(next).toBe(2 * DAY_MIN + MIDNIGHT);
    project.look(2 * DAY_MIN + MIDNIGHT);
    expect(lint(project)).toMatchObject([{ rule: "target_missed", agent_id: null, value: 0.5, times: 1 }]);
    expect(project.log.at(-1)?.metadata?.["evidence"]).toHaveLength(5);
    project.send(day(3, "a", 0));
    project.look(3 * DAY_MIN + MIDNIGHT);
    project.look(3 * DAY_MIN + MIDNIGHT + 2);
    expect(lint(project)).toEqual([]);
  });

  it("of money by the hour is missed where the project set a cap, from when it did", () => {
    const spent = [0, 1, 2].flatMap((number) =>
      Array.from({ length: 6 }, (_, n): Step => ({
        ...{ type: "tokens_used", agent: "a", at: (number * DAY_MIN + n) * 60 },
        metrics: { input_tokens: 10, cost_usd: 2 },
      })),
    );
    const measuring = { held: {}, refresh: () => Promise.resolve() };
    const project = new Project(spent, measuring);
    const told = () => open(project).filter(({ metric }) => metric === "cost_per_hour");
    project.look(2 * DAY_MIN + MIDNIGHT);
    expect(told()).toEqual([]);
    measuring.held = { targets: new Map([["cost_per_hour", 5]]) };
    project.look(2 * DAY_MIN + MIDNIGHT + 1);
    expect(told()).toMatchObject([{ rule: "target_missed", value: 12, target: 5, samples: 6 }]);
    expect(told()[0]?.message).toContain("the project's cap");
    measuring.held = { targets: new Map([["cost_per_hour", 50]]) };
    project.look(2 * DAY_MIN + MIDNIGHT + 2);
    project.look(2 * DAY_MIN + MIDNIGHT + 4);
    expect(told()).toEqual([]);
  });

  it("that is missed on two days, or by too few things, is told to nobody", () => {
    const twice = days(day(0, "a", 0), day(1, "a", 4), day(2, "a", 4));
    const few = days(day(0, "a", 2, 4), day(1, "a", 2, 4), day(2, "a", 2, 4));
    for (const project of [twice, few]) {
      project.look(2 * DAY_MIN + MIDNIGHT);
      expect(lint(project)).toEqual([]);
    }
  });

  it("that one agent misses while the team meets it asks for a plan, which a good day ends", () => {
    const good = (number: number) =>
      ["b", "c", "d", "e", "f", "g", "h", "i"].flatMap((agent) => day(number, agent, 0, 40));
    const project = days(...[0, 1, 2].flatMap((number) => [day(number, "a", 1), good(number)]));
    const { types } = project.look(2 * DAY_MIN + MIDNIGHT);
    expect(types.filter((type) => type.startsWith("pip"))).toEqual(["pip_opened"]);
    expect(project.state.agents.get("a")?.pip).toMatchObject({
      metric: "lint_pass_rate",
      value: 0.875,
      target: 0.98,
    });
    expect(lint(project)).toMatchObject([{ rule: "pip_required", agent_id: "a" }]);
    project.evict();
    expect(project.look(2 * DAY_MIN + MIDNIGHT + 1).types).toEqual([]);
    project.send([...day(3, "a", 0), ...good(3)].toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)));
    expect(project.look(3 * DAY_MIN + MIDNIGHT).types).toContain("pip_closed");
    project.look(3 * DAY_MIN + MIDNIGHT + 2);
    expect(lint(project)).toEqual([]);
  });
});

describe("what is out of the ordinary", () => {
  const finished = (n: number, seconds: number, every = 600): Step[] =>
    Array.from({ length: n }, (_, i): Step[] => {
      const about = { task: `old-${String(i)}`, agent: "coder-a" };
      return [
        { type: "task_claimed", ...about, at: i * every },
        { type: "task_completed", ...about, at: i * every + seconds + (i % 7) * 10 },
      ];
    }).flat();
  const steps = finished(60, 300);
  const END_MIN = 600;
  const working = (task: string, agent: string, minute: number): Step => ({
    ...{ type: "task_progress", task, agent, at: minute * 60 },
    metadata: { progress: 0.5 },
  });

  it("is told while the work runs, and stays one alert when it ends", () => {
    const project = new Project(steps);
    project.send([{ type: "task_claimed", task: "slow", agent: "coder-b", at: END_MIN * 60 }]);
    project.look(END_MIN + 10);
    expect(open(project)).toEqual([]);
    project.look(END_MIN + 120);
    // Nobody has heard of it for two hours: it is not told that it goes on.
    expect(open(project)).toEqual([]);
    project.send([working("slow", "coder-b", END_MIN + 119)]);
    project.look(END_MIN + 120);
    expect(open(project)).toMatchObject([{ rule: "task_duration", task_id: "slow", agent_id: "coder-b" }]);
    project.send([{ type: "task_completed", task: "slow", agent: "coder-b", at: (END_MIN + 121) * 60 }]);
    expect(project.look(END_MIN + 122).types).toEqual([]);
    // An hour after it ended nobody has to know any more.
    project.look(END_MIN + 182);
    expect(project.look(END_MIN + 188).types).toEqual(["alert_cleared"]);
  });

  it("is not told within the recalibrated target, however rare it is", () => {
    const project = new Project(steps);
    project.send([
      {
        type: "target_recalibrated",
        agent: "clusterfork:insight",
        at: END_MIN * 60,
        metadata: { metric: "work", scope: "task", method: "tail" },
        metrics: { target: 3 * 3_600_000 },
      },
      { type: "task_claimed", task: "slow", agent: "coder-b", at: END_MIN * 60 },
    ]);
    project.look(END_MIN + 120);
    expect(open(project)).toEqual([]);
    // Hours in which nobody is heard make no work long.
    project.look(END_MIN + 200);
    expect(open(project)).toEqual([]);
    for (const minute of [65, 125, 185])
      project.send([{ type: "task_progress", task: "other", agent: "coder-c", at: (END_MIN + minute) * 60 }]);
    project.send([working("slow", "coder-b", END_MIN + 244)]);
    project.look(END_MIN + 245);
    expect(open(project)).toMatchObject([{ rule: "task_duration", target: 3 * 3_600_000 }]);
  });

  it("of many tasks at once is one alert", () => {
    const project = new Project(steps);
    project.send(
      Array.from({ length: 5 }, (_, i) => ({
        ...{ type: "task_claimed", task: `slow-${String(i)}`, agent: `coder-${String(i)}` },
        at: END_MIN * 60,
      })),
    );
    project.send(
      Array.from({ length: 5 }, (_, i) => working(`slow-${String(i)}`, `coder-${String(i)}`, END_MIN + 119)),
    );
    project.look(END_MIN + 120);
    expect(open(project)).toMatchObject([{ rule: "task_duration", task_id: null, samples: 5 }]);
    expect(project.look(END_MIN + 121).types).toEqual([]);
  });

  it("a loop is told with the calls that show it, in words without a name", () => {
    const project = new Project([
      { type: "task_claimed", task: "T", agent: "coder-secret", at: 0 },
      ...Array.from({ length: 10 }, (_, i) => ({
        ...{ type: "tool_called", task: "T", agent: "coder-secret", at: 1 + i },
        metadata: { tool: "bash", command: "npm test -- secret-plan" },
      })),
    ]);
    project.look(1);
    const [alert] = open(project);
    expect(alert).toMatchObject({ rule: "no_progress", severity: "critical", task_id: "T", value: 10 });
    expect(`${alert?.title ?? ""} ${alert?.message ?? ""}`).not.toContain("secret");
    expect(project.log.at(-1)?.metadata?.["evidence"]).toEqual([
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
      "8",
      "9",
      "10",
      "11",
    ]);
  });
});

describe("a project that sends steadily", () => {
  const beats = (hours: number): Step[] => [
    { type: "task_claimed", task: "T", agent: "coder-a", at: 0 },
    ...Array.from({ length: hours * 2 }, (_, i) => ({
      ...{ type: "task_progress", task: "T", agent: "coder-a", at: i * 1_800 + 60 },
      metadata: { progress: 0.5 },
    })),
  ];
  const gaps = (project: Project) => open(project).filter(({ rule }) => rule === "telemetry_gap");

  it("[B3] is told of when it falls silent with work in hand, also after an eviction, and no more when it is back", () => {
    const project = new Project(beats(96));
    project.evict();
    const last_min = 96 * 60 - 29;
    const { next } = project.look(last_min + 1);
    expect(next).toBe(last_min + 120);
    project.look(last_min + 119);
    expect(gaps(project)).toEqual([]);
    project.look(last_min + 120);
    expect(gaps(project)).toMatchObject([{ severity: "warning", agent_id: null, target: 2 * 3_600_000 }]);
    project.send([{ type: "task_progress", task: "T", agent: "coder-a", at: (last_min + 130) * 60 }]);
    project.look(last_min + 131);
    project.look(last_min + 133);
    expect(gaps(project)).toEqual([]);
  });

  it("is not told of when nothing is in hand, or it is new, or it always pauses so long", () => {
    const stopped = new Project([...beats(96), { type: "agent_stopped", agent: "coder-a", at: 96 * 3_600 }]);
    const fresh = new Project(beats(48));
    const nights = new Project(
      beats(9 * 24).filter(({ at = 0 }) => at === 0 || Math.floor(at / 3_600) % 24 < 9),
    );
    for (const [project, minute] of [
      [stopped, 96 * 60],
      [fresh, 48 * 60],
      [nights, 8 * DAY_MIN + 9 * 60],
    ] as const) {
      project.look(minute + 15 * 60);
      expect(gaps(project)).toEqual([]);
    }
  });
});
