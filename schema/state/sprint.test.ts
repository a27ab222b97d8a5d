import { describe, expect, it } from "vitest";
import { NOON_MS, play, type Step } from "../../test/replay/play.ts";
import { MAX_SPRINT_FEATURES, MAX_SPRINTS } from "./limits.ts";
import { currentSprint } from "./sprint.ts";

const DAY_MS = 86_400_000;
const ENDS = new Date(NOON_MS + 7 * DAY_MS).toISOString();
const started = (metadata: NonNullable<Step["metadata"]> = {}, more: Partial<Step> = {}): Step => ({
  ...{ type: "sprint_started", metadata, ...more },
});
const ended = (metadata: NonNullable<Step["metadata"]> = {}): Step => ({ type: "sprint_ended", metadata });
const current = (...steps: Step[]) => currentSprint(play(steps));

describe("the current sprint", () => {
  it("has title, goal, features and end as they were told, and an id of its own where none was given", () => {
    expect(
      current(started({ title: "Sprint 7", goal: "Ship", features: ["a", "b", "a"], ends_at: ENDS })),
    ).toEqual({
      id: "sprint-1",
      title: "Sprint 7",
      goal: "Ship",
      features: ["a", "b"],
      started_at: NOON_MS + 1_000,
      ends_at: NOON_MS + 7 * DAY_MS,
      ended_at: null,
      seq: 1,
    });
    expect(current()).toBeNull();
  });

  it("told again is the same one: what is named anew counts, what is not stays", () => {
    const sprint = current(
      started({ sprint_id: "s7", title: "Sprint 7", features: ["a"], ends_at: ENDS }),
      started({ sprint_id: "s7", features: ["a", "b"] }),
    );
    expect(sprint).toMatchObject({ title: "Sprint 7", features: ["a", "b"], ends_at: NOON_MS + 7 * DAY_MS });
    expect(sprint).toMatchObject({ started_at: NOON_MS + 1_000, seq: 2 });
  });

  it("is the one that began last, until it is ended; then none is", () => {
    const two = [started({ sprint_id: "s7" }), started({ sprint_id: "s8" })];
    expect(current(...two)?.id).toBe("s8");
    expect(current(...two, ended())).toBeNull();
    expect(current(...two, ended({ sprint_id: "s7" }))?.id).toBe("s8");
    expect(current(...two, ended({ sprint_id: "none such" }))?.id).toBe("s8");
    expect(current(started({ sprint_id: "s8" }), { ...started({ sprint_id: "s7" }), at: 0 })?.id).toBe("s8");
  });

  it("goes on when it is started again after its end", () => {
    expect(current(started({ sprint_id: "s7" }), ended(), started({ sprint_id: "s7" }))?.ended_at).toBeNull();
  });

  it("[S5] is one of few, with few features", () => {
    const features = Array.from({ length: 500 }, (_, n) => `f${n}`);
    const { sprints } = play(Array.from({ length: 3 * MAX_SPRINTS }, () => started({ features })));
    expect(sprints.size).toBe(MAX_SPRINTS);
    for (const sprint of sprints.values()) expect(sprint.features).toHaveLength(MAX_SPRINT_FEATURES);
  });

  it.each([7, null, "soon", "", {}, "__proto__"])("[S3] does not stumble over %j", (odd) => {
    const all = { sprint_id: odd, title: odd, goal: odd, features: odd, ends_at: odd };
    expect(current(started(all))?.ends_at).toBeNull();
    expect(() => play([started(all), ended(all)])).not.toThrow();
  });
});
