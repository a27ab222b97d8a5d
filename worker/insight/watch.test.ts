import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { OwnEvent } from "../../schema/event/own.ts";
import { seeded } from "../../schema/metric/statistic/random.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { Insight, RECALIBRATE_MS } from "./watch.ts";

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 5, 9);

/** A room in small: what is said is appended, noted, and duplicates by cause are dropped. */
class Room {
  readonly state = createState();
  readonly said: OwnEvent[] = [];
  readonly #causes = new Set<string>();
  insight = new Insight();
  now_ms = START_MS;
  fails = false;
  /** Of each task that is worked on. */
  files: string[] = [];

  tell(event_type: string, task_id: string, more: Partial<StoredEvent> = {}): void {
    this.#append({
      id: "",
      timestamp: this.#time(this.now_ms),
      event_type,
      agent_id: "coder-a",
      task_id,
      ...more,
    });
  }

  look() {
    const { events, next_ms } = this.insight.look(this.state, this.now_ms);
    if (this.fails) return { events, next_ms };
    for (const event of events) {
      const cause = JSON.stringify(event.cause);
      if (this.#causes.has(cause)) continue;
      this.#causes.add(cause);
      this.said.push(event);
      const { organ, cause: _cause, ...rest } = event;
      this.#append({ id: cause, agent_id: `clusterfork:${organ}`, ...rest });
    }
    return { events, next_ms };
  }

  /** Tasks one after the other, of about ten minutes. */
  work(tasks: number, from = 0): void {
    const random = seeded(from + 1);
    for (let task = from; task < from + tasks; task++) {
      this.tell("task_created", `T${task}`, { metadata: { kind: "bug", files: this.files } });
      this.tell("task_started", `T${task}`);
      this.look();
      this.now_ms += Math.round((5 + 10 * random()) * MINUTE_MS);
      this.tell("tokens_used", `T${task}`, { metrics: { input_tokens: 1_000 + task } });
      this.tell("task_completed", `T${task}`);
      this.look();
    }
  }

  of(event_type: string): OwnEvent[] {
    return this.said.filter((event) => event.event_type === event_type);
  }

  #append(event: Omit<StoredEvent, "seq" | "received_at" | "source" | "key_id" | "v">): void {
    const seq = this.state.seq + 1;
    const stored: StoredEvent = {
      ...event,
      seq,
      received_at: this.#time(this.now_ms),
      source: "api",
      key_id: "k",
      v: 1,
    };
    apply(this.state, stored);
    this.insight.note(stored);
  }

  #time = (ms: number): string => new Date(ms).toISOString();
}

describe("what a project is told of its numbers", () => {
  it("is a forecast for each task that begins, once there is an interval, and what came of it", () => {
    const room = new Room();
    room.work(60);
    const made = room.of("forecast_made");
    // Nothing before 5 tasks, no interval before 19 forecasts were scored: time and tokens of the last 36.
    expect(made.length).toBe(72);
    expect(made[0]).toMatchObject({
      task_id: "T24",
      metadata: { forecast_id: "work:T24", metric: "work", method: "median" },
    });
    expect(made[0]?.metrics?.["low"]).toBeLessThan(made[0]?.metrics?.["predicted"] ?? 0);
    expect(room.of("forecast_scored")).toHaveLength(72);
    expect(room.state.open_forecasts.size).toBe(0);
    for (const { predicted, low, high, actual } of room.state.scored_forecasts.values()) {
      expect([predicted, low, high, actual].every((figure) => figure !== null && figure > 0)).toBe(true);
    }
  });

  it("[B2] is not said twice after the memory was lost", () => {
    const room = new Room();
    room.work(60);
    room.tell("task_created", "last", { metadata: { kind: "bug" } });
    room.tell("task_started", "last");
    room.look();
    const before = room.said.length;
    room.insight = new Insight();
    for (let again = 0; again < 10; again++) room.look();
    expect(room.said.slice(before).filter(({ event_type }) => event_type !== "target_recalibrated")).toEqual(
      [],
    );
    room.now_ms += MINUTE_MS;
    room.tell("task_completed", "last");
    room.look();
    expect(room.of("forecast_scored").at(-1)).toMatchObject({ task_id: "last" });
  });

  it("[B3] is said again when the log did not take it", () => {
    const room = new Room();
    room.work(60);
    room.tell("task_created", "last", { metadata: { kind: "bug" } });
    room.tell("task_started", "last");
    room.fails = true;
    expect(room.look().events.some(({ task_id }) => task_id === "last")).toBe(true);
    room.fails = false;
    room.look();
    expect(room.state.open_forecasts.has("work:last")).toBe(true);
    expect(room.look().events).toEqual([]);
  });

  it("is nothing of work that began long ago, such as an import's", () => {
    const room = new Room();
    room.work(60);
    const before = room.said.length;
    room.tell("task_created", "old", { metadata: { kind: "bug" } });
    room.tell("task_started", "old");
    room.now_ms += 60 * MINUTE_MS;
    room.look();
    expect(room.said.slice(before).filter(({ event_type }) => event_type === "forecast_made")).toEqual([]);
  });

  it("is a target each time that one moved, every twenty closings or each hour", () => {
    const room = new Room();
    room.work(19);
    expect(room.look().next_ms).not.toBeNull();
    room.now_ms += RECALIBRATE_MS;
    room.look();
    const first = room.of("target_recalibrated");
    expect(new Set(first.map(({ metadata }) => metadata?.["scope"]))).toEqual(new Set(["task", "task·bug"]));
    expect(first[0]?.metrics).toMatchObject({ samples: 19 });
    expect(room.look()).toEqual({ events: [], next_ms: null });
    // Tasks become slower, and targets follow.
    const before = [...room.state.targets.values()].find(({ metric }) => metric === "work")?.target ?? 0;
    for (let task = 100; task < 120; task++) {
      room.tell("task_created", `T${task}`, { metadata: { kind: "bug" } });
      room.tell("task_started", `T${task}`);
      room.now_ms += 40 * MINUTE_MS;
      room.tell("task_completed", `T${task}`);
    }
    room.look();
    const after = [...room.state.targets.values()].find(({ metric }) => metric === "work");
    expect(after?.target).toBeGreaterThan(2 * before);
    expect(after?.previous).toBe(before);
  });

  it("is when a feature will be done, once as work on it begins, and how long it took", () => {
    const room = new Room();
    room.work(60);
    room.tell("task_created", "F1", { metadata: { kind: "bug" }, feature_id: "f" });
    room.tell("task_created", "F2", { metadata: { kind: "bug" }, feature_id: "f" });
    room.tell("task_started", "F1", { feature_id: "f" });
    room.look();
    room.look();
    const finishes = () =>
      room.of("forecast_made").filter(({ metadata }) => metadata?.["metric"] === "finish");
    expect(finishes()).toMatchObject([{ feature_id: "f", metadata: { method: "futures" } }]);
    expect(finishes()[0]?.metrics).toMatchObject({ coverage: 0.8, samples: 60 });
    room.now_ms += 30 * MINUTE_MS;
    for (const task of ["F1", "F2"]) room.tell("task_completed", task, { feature_id: "f" });
    room.tell("feature_merged", "F2", { feature_id: "f" });
    room.look();
    expect(room.state.scored_forecasts.get("finish:f")).toMatchObject({ actual: 30 * MINUTE_MS });
    expect(room.state.open_forecasts.has("finish:f")).toBe(false);
  });

  it("is the risk of a breach at half of the target, and the look that this needs without an event", () => {
    const room = new Room();
    room.work(60);
    for (const id of ["quick", "slow"]) {
      room.tell("task_created", id, { metadata: { kind: "bug" } });
      room.tell("task_started", id);
    }
    const { next_ms } = room.look();
    expect(next_ms).toBeGreaterThan(room.now_ms + 6 * MINUTE_MS);
    room.now_ms = next_ms ?? 0;
    room.look();
    const made = room.of("forecast_made").filter(({ metadata }) => metadata?.["metric"] === "breach");
    expect(made.map(({ task_id }) => task_id)).toEqual(["quick", "slow"]);
    expect(made[0]?.metrics?.["predicted"]).toBeLessThan(0.2);
    room.tell("task_completed", "quick");
    room.now_ms += 60 * MINUTE_MS;
    room.tell("task_completed", "slow");
    room.look();
    const actual = (id: string) => room.state.scored_forecasts.get(`breach:${id}`)?.actual;
    expect([actual("quick"), actual("slow")]).toEqual([0, 1]);
  });

  it("is the risk of changes when work is handed in, scored by the next verdict", () => {
    const room = new Room();
    const review = (id: string, verdict: string) => {
      room.tell("task_created", id);
      room.tell("task_started", id);
      room.now_ms += MINUTE_MS;
      room.tell("agent_submitted", id);
      room.look();
      room.now_ms += MINUTE_MS;
      room.tell(verdict, id, { agent_id: "reviewer" });
      room.now_ms += MINUTE_MS;
      room.look();
    };
    for (let n = 0; n < 8; n++)
      review(`R${n}`, n % 2 === 0 ? "reviewer_approved" : "reviewer_changes_requested");
    const scored = [...room.state.scored_forecasts.values()].filter(({ metric }) => metric === "changes");
    // Nothing before five verdicts are known.
    expect(scored.map(({ task_id, actual }) => [task_id, actual])).toEqual([
      ["R5", 1],
      ["R6", 0],
      ["R7", 1],
    ]);
    for (const { predicted } of scored) expect(predicted).toBeCloseTo(0.45, 1);
    const before = room.said.length;
    room.insight = new Insight();
    for (let again = 0; again < 6; again++) room.look();
    expect(room.said.length).toBe(before);
  });

  it("tells like work by the bounds that the project set, from when it did", () => {
    const measuring = { held: {}, refresh: () => Promise.resolve() };
    const room = new Room();
    room.insight = new Insight(measuring);
    room.files = ["a", "b"];
    room.work(45);
    const scopes = () => new Set(room.of("target_recalibrated").map(({ metadata }) => metadata?.["scope"]));
    expect(scopes()).toContain("task·bug·simple");
    expect(scopes()).not.toContain("task·bug·complex");
    const foretold = room.of("forecast_made").length;
    measuring.held = { complexity: { medium_from: 1, medium_to: 1 } };
    room.look();
    expect(scopes()).toContain("task·bug·complex");
    // All work is learned anew, and nothing of it is foretold a second time.
    expect(room.of("forecast_made")).toHaveLength(foretold);
  });

  it("is nothing at all of an empty project", () => {
    expect(new Insight().look(createState(), START_MS)).toEqual({ events: [], next_ms: null });
  });
});
