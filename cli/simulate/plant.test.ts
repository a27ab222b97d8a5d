/**
 * Planted truths, looked for as a detector would: from the events alone. Every
 * interval has a false alarm rate of 1 in 1,000 per test, and every seed is
 * fixed, so that a failure is a change and never bad luck.
 */
import { describe, expect, it, vi } from "vitest";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { BURN_FROM_MS, NOTHING_PLANTED, type Planted } from "./plant.ts";
import { CLARIFICATION, FIRST_REVIEW_CHANGES } from "./rates.ts";
import { simulate } from "./simulate.ts";
import { TOKEN_MODELS } from "./token-model.ts";

// A run takes half a second alone, and several on a loaded machine.
vi.setConfig({ testTimeout: 30_000 });

const Z = 3.29;
const START_MS = Date.UTC(2026, 0, 5, 9);
/** About 1,600 tasks and 110,000 events. */
const FEATURES = 300;

function play(planted: Partial<Planted> = {}, features = FEATURES) {
  const simulation = simulate({
    seed: 11,
    start_ms: START_MS,
    features,
    coders: 4,
    nights: true,
    planted: { ...NOTHING_PLANTED, ...planted },
  });
  return { events: [...simulation.events], truths: simulation.truths };
}

const logsOf = (events: readonly OutgoingEvent[], metric: string) =>
  events.map(({ metrics }) => Math.log(metrics?.[metric] ?? 0)).filter(Number.isFinite);
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
const variance = (values: readonly number[]) => {
  const middle = mean(values);
  return values.reduce((sum, x) => sum + (x - middle) ** 2, 0) / (values.length - 1);
};
/** Ratio of the medians of two log-normal samples, with the half-width of its interval, both as logarithms. */
function ratio(one: readonly number[], other: readonly number[]) {
  return {
    ln: mean(one) - mean(other),
    half: Z * Math.sqrt(variance(one) / one.length + variance(other) / other.length),
  };
}
/** A share of so many; `half` is the half-width of its interval where the true share is `p`. */
function share(events: readonly unknown[], of: number) {
  const half = (p: number): number => Z * Math.sqrt((p * (1 - p)) / of) + 0.5 / of;
  return { p: events.length / of, of, half };
}
function expectShare(found: ReturnType<typeof share>, expected: number): void {
  expect(found.of).toBeGreaterThan(100);
  expect(Math.abs(found.p - expected), `${found.p} of ${found.of}`).toBeLessThan(found.half(expected));
}
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const ofType = (events: readonly OutgoingEvent[], event_type: string) =>
  events.filter((event) => event.event_type === event_type);

const ordinary = play();
const coderCalls = (events: readonly OutgoingEvent[]) =>
  ofType(events, "tokens_used").filter(({ agent_role }) => agent_role === "coder");
const byCoder = (events: readonly OutgoingEvent[], id: string) =>
  coderCalls(events).filter(({ agent_id }) => agent_id === id);

describe("an ordinary team", () => {
  it("uses tokens as its model says, by role", () => {
    for (const [role, model] of Object.entries(TOKEN_MODELS)) {
      const calls = ofType(ordinary.events, "tokens_used").filter(({ agent_role }) => agent_role === role);
      for (const [metric, spread] of [
        ["cache_read_tokens", model.cache_read],
        ["output_tokens", model.output],
      ] as const) {
        const logs = logsOf(calls, metric);
        // Rounding to whole tokens moves a logarithm by far less than the interval.
        expect(Math.abs(mean(logs) - Math.log(spread.median)), `${role} ${metric}`).toBeLessThan(
          (Z * spread.sigma) / Math.sqrt(logs.length) + 0.002,
        );
        expect(Math.abs(Math.sqrt(variance(logs)) - spread.sigma), `${role} ${metric}`).toBeLessThan(
          (Z * spread.sigma) / Math.sqrt(2 * logs.length) + 0.005,
        );
      }
    }
  });

  it("has reviews mostly over in two cycles", () => {
    const approved = ofType(ordinary.events, "reviewer_approved");
    const within_two = approved.filter(({ metadata }) => Number(metadata?.["cycle"]) <= 2);
    expect(within_two.length / approved.length).toBeGreaterThan(0.9);
  });
});

/** Clarifications over first attempts at tasks that each architect specified; bug fixes have no specification. */
function unclear(events: readonly OutgoingEvent[], architect: string) {
  const specified = ofType(events, "task_created").filter(
    ({ agent_id, metadata }) => agent_id === architect && metadata?.["kind"] !== "bug",
  );
  const asked = ofType(events, "clarification_requested").filter(
    ({ metadata }) => metadata?.["to"] === architect,
  );
  return share(asked, specified.length);
}

describe("coder-tokens", () => {
  const planted = play({ coder_tokens_percent: 15 });
  const others = (events: readonly OutgoingEvent[]) =>
    coderCalls(events).filter(({ agent_id }) => agent_id !== "coder-b");

  it("coder-b uses 15 % more in the ratio of medians, and no call takes longer for it", () => {
    for (const metric of ["output_tokens", "cache_read_tokens"]) {
      const found = ratio(
        logsOf(byCoder(planted.events, "coder-b"), metric),
        logsOf(others(planted.events), metric),
      );
      expect(Math.abs(found.ln - Math.log(1.15))).toBeLessThan(found.half);
      expect(found.ln - found.half).toBeGreaterThan(0);
    }
    // A fuller context is compacted sooner, which takes no time; all else happens when it did.
    const times = (events: readonly OutgoingEvent[]) =>
      events
        .filter(({ event_type }) => event_type !== "context_window_filled")
        .map(({ timestamp, event_type }) => timestamp + event_type)
        .join();
    expect(times(planted.events) === times(ordinary.events)).toBe(true);
  });

  it("null: without it coder-b is like the others", () => {
    const found = ratio(
      logsOf(byCoder(ordinary.events, "coder-b"), "cache_read_tokens"),
      logsOf(others(ordinary.events), "cache_read_tokens"),
    );
    expect(Math.abs(found.ln)).toBeLessThan(found.half);
  });
});

describe("unclear-specs", () => {
  const planted = play({ unclear_specs_percent: 40 });

  it("40 % of what architect-b specified needs an answer, of the other's the ordinary 8 %", () => {
    const own = unclear(planted.events, "architect-b");
    expectShare(own, 0.4);
    const other = unclear(planted.events, "architect-a");
    expectShare(other, CLARIFICATION);
    expect(planted.truths.length).toBe(
      ofType(planted.events, "clarification_requested").filter(
        ({ metadata }) => metadata?.["to"] === "architect-b",
      ).length,
    );
  });

  it("null: without it both have 8 %", () => {
    for (const architect of ["architect-a", "architect-b"]) {
      const found = unclear(ordinary.events, architect);
      expectShare(found, CLARIFICATION);
    }
  });
});

describe("fragile-files", () => {
  /** Bugs after merge over merged tasks with (or without) a file of this ending; bug fixes and abandoned work aside. */
  function broken(events: readonly OutgoingEvent[], ending: string, with_it: boolean) {
    const has = (files: unknown) =>
      Array.isArray(files) && files.some((file) => String(file).endsWith(`.${ending}`)) === with_it;
    const planned = ofType(events, "task_created").filter(({ metadata }) => metadata?.["kind"] !== "bug");
    const ids = new Set(
      planned.filter(({ metadata }) => has(metadata?.["files"])).map(({ task_id }) => task_id),
    );
    const bugs = ofType(events, "bug_reported").filter(
      ({ metadata }) => metadata?.["found_in"] === "production" && ids.has(textOf(metadata["caused_by"])),
    );
    return share(bugs, ids.size);
  }
  const planted = play({ fragile_files: "sql" });

  it("40 % of tasks with a .sql file break after merge, of the others 4 %", () => {
    const fragile = broken(planted.events, "sql", true);
    expectShare(fragile, 0.4);
    const solid = broken(planted.events, "sql", false);
    expectShare(solid, 0.04);
    // The report names the file.
    const named = ofType(planted.events, "bug_reported").filter(({ metadata }) =>
      String((metadata?.["files"] as string[])[0]).endsWith(".sql"),
    );
    expect(named.length).toBeGreaterThanOrEqual(planted.truths.length);
  });

  it("null: without it no ending breaks more than 4 %", () => {
    for (const ending of ["sql", "svelte", "md"]) {
      const found = broken(ordinary.events, ending, true);
      expectShare(found, 0.04);
    }
  });
});

describe("lessons", () => {
  /** Share of first reviews that ask for changes, among the tasks that got the lesson and those that did not. */
  function arms(events: readonly OutgoingEvent[], experiment: string) {
    const first = new Map<string, boolean>();
    for (const { event_type, task_id = "", metadata } of events)
      if (event_type.startsWith("reviewer_") && metadata?.["cycle"] === 1 && !first.has(task_id))
        first.set(task_id, event_type !== "reviewer_approved");
    const arm = (event_type: string) => {
      const ids = new Set(
        ofType(events, event_type)
          .filter(({ metadata }) => metadata?.["experiment"] === experiment)
          .map(({ task_id }) => task_id ?? ""),
      );
      return share(
        [...ids].filter((id) => first.get(id) === true),
        ids.size,
      );
    };
    const [treated, control] = [arm("lesson_retrieved"), arm("lesson_withheld")];
    const half = Math.hypot(treated.half(treated.p), control.half(control.p));
    return { difference: treated.p - control.p, half, control };
  }

  it("a helpful one takes 20 points off the first reviews that ask for changes, a harmful one adds 20", () => {
    const { events } = play({ helpful_lesson_points: 20, harmful_lesson_points: 20 }, 600);
    const helpful = arms(events, "helpful-lesson");
    expect(Math.abs(helpful.difference + 0.2)).toBeLessThan(helpful.half);
    expect(helpful.difference + helpful.half).toBeLessThan(0);
    expectShare(helpful.control, FIRST_REVIEW_CHANGES);
    const harmful = arms(events, "harmful-lesson");
    expect(Math.abs(harmful.difference - 0.2)).toBeLessThan(harmful.half);
    expect(harmful.difference - harmful.half).toBeGreaterThan(0);
  });

  it("null: with 0 points it is an A/A trial", () => {
    const { events } = play({ helpful_lesson_points: 0, harmful_lesson_points: 0 });
    for (const experiment of ["helpful-lesson", "harmful-lesson"]) {
      const found = arms(events, experiment);
      expect(Math.abs(found.difference)).toBeLessThan(found.half);
    }
  });

  it("null: without it nothing is on trial", () => {
    expect(ofType(ordinary.events, "lesson_withheld")).toEqual([]);
  });
});

describe("burn", () => {
  const halves = (events: readonly OutgoingEvent[]) => {
    const before = (event: OutgoingEvent) => Date.parse(event.timestamp) < START_MS + BURN_FROM_MS;
    const calls = coderCalls(events);
    return ratio(
      logsOf(
        calls.filter((event) => !before(event)),
        "cache_read_tokens",
      ),
      logsOf(calls.filter(before), "cache_read_tokens"),
    );
  };

  it("from the second morning on everything is 30 % over the first day", () => {
    const found = halves(play({ burn_percent: 30 }).events);
    expect(Math.abs(found.ln - Math.log(1.3))).toBeLessThan(found.half);
    expect(found.ln - found.half).toBeGreaterThan(0.2);
  });

  it("null: without it one day is like the other", () => {
    const found = halves(ordinary.events);
    expect(Math.abs(found.ln)).toBeLessThan(found.half);
  });
});

describe("loop", () => {
  /** The most that one call (tool and arguments) stands among 20 in a row of one agent. */
  function mostOfTwenty(events: readonly OutgoingEvent[], agent_id: string): number {
    const calls = ofType(events, "tool_called")
      .filter((call) => call.agent_id === agent_id)
      .map(({ metadata }) => JSON.stringify([metadata?.["tool"], metadata?.["command"], metadata?.["path"]]));
    const inside = new Map<string, number>();
    let most = 0;
    for (const [index, call] of calls.entries()) {
      const count = (inside.get(call) ?? 0) + 1;
      inside.set(call, count);
      most = Math.max(most, count);
      const leaves = calls[index - 19];
      if (leaves !== undefined) inside.set(leaves, (inside.get(leaves) ?? 0) - 1);
    }
    return most;
  }

  it("coder-c repeats one call 40 times, on every tenth of its tasks", () => {
    const { events, truths } = play({ loop_calls: 40 });
    expect(mostOfTwenty(events, "coder-c")).toBe(20);
    const taken = ofType(events, "task_claimed").filter(({ agent_id }) => agent_id === "coder-c").length;
    expect(Math.abs(truths.length - taken / 10)).toBeLessThanOrEqual(1);
    expect(new Set(truths.map(({ agent_id }) => agent_id))).toEqual(new Set(["coder-c"]));
    expect(mostOfTwenty(events, "coder-a")).toBeLessThan(10);
  });

  it("null: without it nobody makes the same call ten times of twenty", () => {
    for (const coder of ["coder-a", "coder-b", "coder-c", "coder-d"])
      expect(mostOfTwenty(ordinary.events, coder)).toBeLessThan(10);
  });
});
