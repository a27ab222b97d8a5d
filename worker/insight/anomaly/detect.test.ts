import { describe, expect, it } from "vitest";
import type { Json, StoredEvent } from "../../../schema/event/event.ts";
import { seeded } from "../../../schema/metric/statistic/random.ts";
import { spreadOf } from "../../../schema/metric/statistic/deviation.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import { CUTOFF, cutoffFor, LARGE, LEAST_VALUES, OwnScores } from "./cutoff.ts";
import { Detectors, STANDS_MS } from "./detect.ts";
import { EXPLAIN, RULES, type Finding } from "./finding.ts";

const START_MS = Date.UTC(2026, 0, 1);
const SECOND_MS = 1_000;

interface Step {
  at_s?: number;
  task?: string;
  agent?: string;
  role?: string;
  metadata?: { [key: string]: Json };
  metrics?: { [key: string]: number };
}

class Play {
  readonly state = createState();
  readonly detectors = new Detectors();
  readonly found: Finding[] = [];
  #seq = 0;
  at_s = 0;

  tell(event_type: string, step: Step = {}): void {
    this.at_s = step.at_s ?? this.at_s + 1;
    const timestamp = new Date(START_MS + this.at_s * SECOND_MS).toISOString();
    const event: StoredEvent = {
      id: `e${++this.#seq}`,
      seq: this.#seq,
      timestamp,
      received_at: timestamp,
      event_type,
      agent_id: step.agent ?? "coder-a",
      agent_role: step.role ?? "coder",
      ...(step.task === undefined ? {} : { task_id: step.task }),
      ...(step.metadata === undefined ? {} : { metadata: step.metadata }),
      ...(step.metrics === undefined ? {} : { metrics: step.metrics }),
      source: "api",
      key_id: "k",
      v: 1,
    };
    apply(this.state, event);
    this.found.push(...this.detectors.note(event, this.state));
  }

  rules(): string[] {
    return this.found.map(({ rule }) => rule);
  }

  standing(after_ms = 0) {
    return this.detectors.detect({ state: this.state, now_ms: START_MS + this.at_s * SECOND_MS + after_ms });
  }
}

const call = (play: Play, step: Step = {}) =>
  play.tell("tool_called", {
    task: "T",
    metadata: { tool: "bash", command: "npm test", success: false },
    ...step,
  });

describe("cut-offs", () => {
  it("are wrong for no more than one ordinary value in a thousand, at every size", () => {
    const random = seeded(2);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    /** Of a standard normal (Abramowitz & Stegun 26.2.17). */
    const above = (z: number): number => {
      if (z < 0) return 1 - above(-z);
      const t = 1 / (1 + 0.2316419 * z);
      const terms = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
      return (
        0.3989423 *
        Math.exp((-z * z) / 2) *
        terms.reduce((sum, term, power) => sum + term * t ** (power + 1), 0)
      );
    };
    for (const n of [10, 12, 15, 20, 30, 50, LARGE, 100]) {
      let rate = 0;
      const tries = 4_000;
      for (let tried = 0; tried < tries; tried++) {
        const spread = spreadOf(Array.from({ length: n }, normal).sort((a, b) => a - b));
        if (spread !== null) rate += above(spread.median + cutoffFor(n) * spread.sigma) / tries;
      }
      // The drawn rate of one in a thousand is off by a fifth at the smallest size.
      expect(rate, `n = ${n}`).toBeLessThan(0.0013);
    }
    expect([LEAST_VALUES - 1, LARGE, 1_000].map(cutoffFor)).toEqual([Infinity, CUTOFF, CUTOFF]);
  });

  it("stretch with a project's own tail, which a few anomalies do not make", () => {
    const random = seeded(8);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const [plain, heavy, hit] = [new OwnScores(false), new OwnScores(false), new OwnScores(false)];
    for (let score = 0; score < 1_000; score++) {
      plain.note(normal());
      heavy.note(normal() ** 3);
      hit.note(score % 40 === 0 ? 15 : normal());
    }
    expect(plain.cutoff(100)).toBeLessThan(4);
    expect(hit.cutoff(100)).toBeLessThan(5);
    expect(heavy.cutoff(100)).toBeGreaterThan(5);
  });
});

describe("token use", () => {
  const calls = (play: Play, task: string, tokens: number, agent: string) => {
    for (let count = 0; count < 6; count++)
      play.tell("tokens_used", { task, agent, metrics: { input_tokens: tokens + count, output_tokens: 10 } });
  };

  it("finds a task with ten times the tokens a call, and nothing in ordinary ones", () => {
    const play = new Play();
    const random = seeded(1);
    for (let task = 0; task < 80; task++)
      calls(play, `T${task}`, Math.round(10_000 * Math.exp(0.4 * (random() - 0.5))), `coder-${task % 4}`);
    expect(play.rules()).toEqual([]);
    calls(play, "hungry", 100_000, "coder-1");
    expect(play.found).toHaveLength(1);
    expect(play.found[0]).toMatchObject({
      rule: "token_use",
      subject: { agent_id: "coder-1", task_id: "hungry" },
    });
    expect(play.found[0]?.evidence).toHaveLength(6);
    expect(play.standing()).toHaveLength(1);
    expect(play.standing(STANDS_MS + 1)).toHaveLength(0);
  });

  it("finds an agent that drifts by a little, task after task", () => {
    const play = new Play();
    const random = seeded(6);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    for (let task = 0; task < 400; task++) {
      const agent = task % 4;
      const shift = task > 120 && agent === 1 ? 0.3 : 0;
      calls(play, `T${task}`, Math.round(10_000 * Math.exp(0.2 * normal() + shift)), `coder-${agent}`);
    }
    const drifts = play.found.filter(({ rule }) => rule === "agent_drift");
    expect(new Set(drifts.map(({ subject }) => subject.agent_id))).toEqual(new Set(["coder-1"]));
    expect(play.rules()).not.toContain("token_use");
  });

  it("takes no part of calls without tokens", () => {
    const play = new Play();
    for (let count = 0; count < 50; count++)
      play.tell("tokens_used", { task: "T", metrics: { input_tokens: 0 } });
    for (let count = 0; count < 50; count++) play.tell("tokens_used", { task: "T" });
    expect(play.detectors.judged.calls).toBe(0);
  });
});

describe("no-progress loops", () => {
  it("are ten equal calls of twenty", () => {
    const play = new Play();
    for (let count = 0; count < 9; count++) call(play);
    expect(play.rules()).toEqual([]);
    call(play);
    expect(play.found[0]).toMatchObject({
      rule: "no_progress",
      value: 10,
      subject: { agent_id: "coder-a", task_id: "T" },
    });
  });

  it("are none where something is committed, a test result changes, or other work begins", () => {
    const breaks: ((play: Play) => void)[] = [
      (play) => call(play, { metadata: { tool: "bash", command: "git commit -m x" } }),
      (play) => play.tell("test_failed", { task: "T", metrics: { failed: play.at_s } }),
      (play) => play.tell("agent_submitted", { task: "T" }),
      (play) => call(play, { task: `T${play.at_s}` }),
    ];
    for (const between of breaks) {
      const play = new Play();
      for (let count = 0; count < 60; count++) {
        if (count % 8 === 7) between(play);
        call(play);
      }
      expect(play.rules()).toEqual([]);
    }
  });

  it("go on through the same test result again and again", () => {
    const play = new Play();
    for (let count = 0; count < 30; count++) {
      call(play);
      play.tell("test_failed", { task: "T", metrics: { failed: 3 } });
    }
    expect(play.rules()).toContain("no_progress");
  });

  it("are not called where arguments are not told", () => {
    const play = new Play();
    for (let count = 0; count < 40; count++) call(play, { metadata: { tool: "read_file" } });
    expect(play.rules()).toEqual([]);
  });
});

describe("silence", () => {
  /** Two agents that finish tasks of a minute each, heard every 10 s. */
  function team(play: Play, tasks: number): void {
    for (let task = 0; task < tasks; task++)
      for (const agent of ["coder-a", "coder-b"]) {
        play.tell("task_started", { task: `${agent}.${task}`, agent, at_s: play.at_s + 10 });
        for (let count = 0; count < 4; count++)
          play.tell("agent_heartbeat", { agent, task: `${agent}.${task}`, at_s: play.at_s + 10 });
        play.tell("task_completed", { task: `${agent}.${task}`, agent, at_s: play.at_s + 10 });
      }
  }

  it("is found while others are heard, and ends with the next word", () => {
    const play = new Play();
    team(play, 15);
    play.tell("task_started", { task: "last", agent: "coder-a" });
    const since = START_MS + play.at_s * SECOND_MS;
    for (let minute = 0; minute < 9; minute++)
      play.tell("agent_heartbeat", { agent: "coder-b", at_s: play.at_s + 60 });
    expect(play.standing()).toEqual([]);
    for (let minute = 0; minute < 3; minute++)
      play.tell("agent_heartbeat", { agent: "coder-b", at_s: play.at_s + 60 });
    expect(play.standing()).toMatchObject([
      { rule: "agent_silent", subject: { agent_id: "coder-a", task_id: "last" }, since },
    ]);
    play.tell("agent_heartbeat", { agent: "coder-a", task: "last" });
    expect(play.standing()).toEqual([]);
  });

  it("of everybody is a gap and no agent's fault", () => {
    const play = new Play();
    team(play, 30);
    play.tell("task_started", { task: "last", agent: "coder-a" });
    play.tell("agent_heartbeat", { agent: "coder-b", at_s: play.at_s + 8 * 3_600 });
    expect(play.standing().map(({ rule }) => rule)).toEqual(["telemetry_gap"]);
  });

  it("is nobody's who ended, is idle, or waits for a review", () => {
    for (const ending of ["agent_stopped", "agent_idle", "agent_crashed", "agent_submitted"]) {
      const play = new Play();
      team(play, 15);
      play.tell("task_started", { task: "last", agent: "coder-a" });
      play.tell(ending, { task: "last", agent: "coder-a" });
      for (let minute = 0; minute < 60; minute++)
        play.tell("agent_heartbeat", { agent: "coder-b", at_s: play.at_s + 60 });
      expect(play.standing(), ending).toEqual([]);
    }
  });

  it("is unknown before there are spans to go by, and a clock that jumps back changes nothing", () => {
    const play = new Play();
    play.tell("task_started", { task: "last", agent: "coder-a" });
    for (let minute = 0; minute < 60; minute++)
      play.tell("agent_heartbeat", { agent: "coder-b", at_s: 60 * (60 - minute) });
    expect(play.standing()).toEqual([]);
  });
});

describe("contention and quarrels", () => {
  it("are told from three refusals within an hour, or a long wait", () => {
    const play = new Play();
    for (const agent of ["coder-b", "coder-c"])
      play.tell("lock_conflict", { agent, metadata: { path: "a.ts" }, at_s: play.at_s + 60 });
    expect(play.standing()).toEqual([]);
    expect(play.standing(16 * 60 * SECOND_MS)).toMatchObject([
      { rule: "lock_contention", subject: { path: "a.ts" } },
    ]);
    play.tell("lock_conflict", { agent: "coder-b", metadata: { path: "a.ts" } });
    expect(play.standing()).toMatchObject([{ rule: "lock_contention", value: 3, evidence: [1, 2, 3] }]);
  });

  it("are told at the third request for changes, until it is approved", () => {
    const play = new Play();
    play.tell("task_started", { task: "T" });
    for (let cycle = 0; cycle < 3; cycle++) {
      expect(play.standing()).toEqual([]);
      play.tell("agent_submitted", { task: "T" });
      play.tell("reviewer_changes_requested", { task: "T", agent: "reviewer-a" });
    }
    expect(play.standing()).toMatchObject([{ rule: "review_ping_pong", value: 3, target: 2 }]);
    play.tell("reviewer_approved", { task: "T", agent: "reviewer-a" });
    expect(play.standing()).toEqual([]);
  });
});

it("every rule is explained", () => {
  for (const rule of RULES) expect(EXPLAIN[rule].length).toBeGreaterThan(40);
});
