import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { seeded } from "../../../schema/metric/statistic/random.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import { featureForecast, forecastOverview, taskForecast } from "../../../schema/wire/forecast-body.ts";
import { Outlook } from "./outlook.ts";

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 5, 9);

class Project {
  readonly state = createState();
  now_ms = START_MS;

  tell(event_type: string, task_id: string, more: Partial<StoredEvent> = {}): void {
    const time = new Date(this.now_ms).toISOString();
    const seq = this.state.seq + 1;
    apply(this.state, {
      ...{ id: `e${seq}`, timestamp: time, received_at: time, source: "api", key_id: "k", v: 1, seq },
      ...{ event_type, agent_id: "coder-a", task_id, feature_id: "past" },
      ...more,
    });
  }

  /** Finished one after the other, in 5 to 15 minutes; one of four is sent back once. */
  work(tasks: number): void {
    const random = seeded(7);
    for (let task = 0; task < tasks; task++) {
      const id = `P${task}`;
      this.tell("task_created", id, { metadata: { kind: "bug" } });
      this.tell("task_claimed", id);
      this.now_ms += Math.round((5 + 10 * random()) * MINUTE_MS);
      this.tell("tokens_used", id, { metrics: { input_tokens: 1_000, cost_usd: 0.5 } });
      this.tell("agent_submitted", id);
      if (task % 4 === 0) {
        this.tell("reviewer_changes_requested", id, { agent_id: "reviewer" });
        this.tell("agent_submitted", id);
      }
      this.tell("reviewer_approved", id, { agent_id: "reviewer" });
      this.tell("task_completed", id);
    }
  }

  plan(id: string, dependencies: string[], feature_id = "next"): void {
    this.tell("task_created", id, { metadata: { kind: "bug", dependencies }, feature_id });
  }

  outlook(): Outlook {
    const outlook = new Outlook();
    outlook.learn(this.state);
    return outlook;
  }
}

function prepared(): Project {
  const project = new Project();
  project.work(60);
  project.plan("A", []);
  project.plan("B", ["A"]);
  project.plan("C", ["B"]);
  project.plan("aside", []);
  return project;
}

describe("the outlook of a task", () => {
  it("says what it will take, with the interval of what came before", () => {
    const project = prepared();
    const found = taskForecast.strict().parse(project.outlook().ofTask(project.state, "A", project.now_ms));
    const [work, tokens, cost] = found.measures;
    expect(work).toMatchObject({ metric: "work", unit: "ms", coverage: 0.9, why: null });
    expect(work?.predicted).toBeGreaterThan(8 * MINUTE_MS);
    expect(work?.predicted).toBeLessThan(12 * MINUTE_MS);
    expect(work?.low).toBeLessThan(work?.predicted ?? 0);
    expect(work?.high).toBeGreaterThan(work?.predicted ?? Infinity);
    expect([tokens?.predicted, cost?.predicted]).toEqual([1_000, 0.5]);
    expect(found.words).toMatch(/^about [\d.]+ min \(.+\) and 1 k tokens .+ and \$0\.50 /);
    expect(found.breach).toMatchObject({ probability: null, why: "nobody has begun it" });
    expect(found.changes_requested).toMatchObject({ probability: null, why: "it is not handed in" });
  });

  it("says how likely a running one breaches its target, and how likely one in review is sent back", () => {
    const project = prepared();
    project.now_ms += 1;
    project.tell("task_claimed", "A", { feature_id: "next" });
    const breachAfter = (minutes: number) =>
      project.outlook().ofTask(project.state, "A", project.now_ms + minutes * MINUTE_MS)?.breach;
    const [soon, late, over] = [breachAfter(1), breachAfter(14), breachAfter(40)];
    expect(soon?.samples).toBe(60);
    expect(soon?.target).toBeGreaterThan(13 * MINUTE_MS);
    expect(soon?.probability).toBeLessThan(0.2);
    expect(late?.probability).toBeGreaterThan(soon?.probability ?? 1);
    expect(over?.probability).toBe(1);
    project.tell("agent_submitted", "A", { feature_id: "next" });
    const changes = project.outlook().ofTask(project.state, "A", project.now_ms)?.changes_requested;
    expect(changes?.why).toBe(null);
    // 15 of 75 verdicts.
    expect(changes?.samples).toBe(75);
    expect(changes?.probability).toBeGreaterThan(0.1);
    expect(changes?.probability).toBeLessThan(0.3);
  });

  it("is unknown with its reason where nothing was ever finished, and where it is closed; null where it is not known", () => {
    const empty = new Project();
    empty.plan("A", []);
    const found = empty.outlook().ofTask(empty.state, "A", START_MS);
    expect(found?.measures.map(({ predicted, low, samples }) => [predicted, low, samples])).toEqual(
      Array.from({ length: 3 }, () => [null, null, 0]),
    );
    expect(found?.words).toContain("unknown");
    const project = prepared();
    const closed = project.outlook().ofTask(project.state, "P3", project.now_ms);
    expect(closed?.measures.map(({ predicted, why }) => [predicted, why])).toEqual(
      Array.from({ length: 3 }, () => [null, "it is closed"]),
    );
    expect(closed?.breach.why).toBe("it is closed");
    expect(project.outlook().ofTask(project.state, "__proto__", START_MS)).toBe(null);
  });
});

describe("the outlook of a feature", () => {
  it("says when it will be done, by which path, at what cost", () => {
    const project = prepared();
    const found = featureForecast
      .strict()
      .parse(
        project
          .outlook()
          .ofFeature(project.state, "next", project.now_ms, project.now_ms + 1_000 * MINUTE_MS),
      );
    expect(found.critical_path.slice(-3)).toEqual(["A", "B", "C"]);
    // Its tasks end one after the other, and the last one with it.
    const ends = new Map(found.tasks.map((task) => [task.task_id, task]));
    const at = (id: string) => Date.parse(ends.get(id)?.p50_at ?? "");
    expect(at("A")).toBeLessThan(at("B"));
    expect(at("B")).toBeLessThan(at("C"));
    expect(ends.get("C")).toEqual({ task_id: "C", p50_at: found.p50_at, p80_at: found.p80_at });
    expect(found).toMatchObject({ open_tasks: 4, samples: 60, calibrated_by: 0, why: null });
    const after = (at: string | null) => (Date.parse(at ?? "") - project.now_ms) / MINUTE_MS;
    expect(after(found.p50_at)).toBeGreaterThan(25);
    expect(after(found.p80_at)).toBeGreaterThanOrEqual(after(found.p50_at));
    expect(after(found.p80_at)).toBeLessThan(60);
    expect(found.late).toMatchObject({ probability: 0, word: "negligible" });
    expect(found.cost).toEqual({ spent: 0, unpriced_calls: 0, predicted: 2, why: null });
  });

  it("[M2] says what its priced calls cost also where one has no price, and how many those are", () => {
    const project = prepared();
    const costAfter = (metrics: Record<string, number>) => {
      project.tell("tokens_used", "A", { feature_id: "next", metrics });
      return project.outlook().ofFeature(project.state, "next", project.now_ms)?.cost;
    };
    const none = { spent: null, unpriced_calls: 1, predicted: null };
    expect(costAfter({ input_tokens: 9 })).toMatchObject(none);
    expect(costAfter({ input_tokens: 9, cost_usd: 0.25 })).toEqual({
      ...{ spent: 0.25, unpriced_calls: 1, predicted: null },
      why: "the price of 1 of its 2 calls is unknown",
    });
  });

  it("survives a cycle and says which edge it left out", () => {
    const project = prepared();
    project.plan("X", ["Y"], "loop");
    project.plan("Y", ["X"], "loop");
    const found = project.outlook().ofFeature(project.state, "loop", project.now_ms);
    expect(found?.cycles_broken).toEqual([["Y", "X"]]);
    expect(found?.p80_at).not.toBe(null);
  });

  it("is unknown with its reason where it is empty or nothing was finished", () => {
    const empty = new Project();
    empty.plan("A", []);
    const found = empty.outlook().ofFeature(empty.state, "next", START_MS, START_MS);
    expect(found).toMatchObject({ p50_at: null, p80_at: null, samples: 0 });
    expect(found?.why).toBe("no task was finished yet to draw times from");
    expect(found?.late).toMatchObject({ probability: null, word: "unknown" });
    expect(found?.cost.predicted).toBe(null);
    expect(empty.outlook().ofFeature(empty.state, "other", START_MS)).toBe(null);
  });

  it("calls a task running only where somebody has begun it, else open", () => {
    const project = new Project();
    for (let task = 0; task < 30; task++) {
      project.tell("task_created", `P${task}`);
      project.now_ms += 10 * MINUTE_MS;
      project.tell("task_completed", `P${task}`);
    }
    project.plan("A", []);
    const wordsLater = () =>
      project.outlook().ofFeature(project.state, "next", project.now_ms + 600 * MINUTE_MS)?.words;
    expect(wordsLater()).toContain("1 open longer than any known one");
    const begun = prepared();
    begun.now_ms += 1;
    begun.tell("task_claimed", "A", { feature_id: "next" });
    const words = begun.outlook().ofFeature(begun.state, "next", begun.now_ms + 600 * MINUTE_MS)?.words;
    expect(words).toContain("1 running longer than any known one");
  });
});

it("tells what was foretold against what came, and which features are open", () => {
  const project = prepared();
  for (let n = 0; n < 4; n++)
    project.tell("forecast_scored", `P${n}`, {
      agent_id: "clusterfork:insight",
      metadata: { forecast_id: `work:P${n}`, metric: "work" },
      metrics: { predicted: 10, low: 5, high: 15, coverage: 0.9, samples: 20, actual: n === 0 ? 40 : 10 },
    });
  const found = forecastOverview.strict().parse(project.outlook().overview(project.state, project.now_ms));
  expect(found.calibration).toEqual([
    {
      ...{ metric: "work", scored: 4, with_interval: 4, inside: 3 },
      ...{ coverage_asked: 0.9, coverage_seen: 0.75, bias: 0 },
    },
    ...["tokens", "cost"].map((metric) => ({
      ...{ metric, scored: 0, with_interval: 0, inside: 0 },
      ...{ coverage_asked: null, coverage_seen: null, bias: null },
    })),
  ]);
  expect(found.features.map(({ feature_id, open_tasks }) => [feature_id, open_tasks])).toEqual([["next", 4]]);
  expect(found.omitted_features).toBe(0);
});
