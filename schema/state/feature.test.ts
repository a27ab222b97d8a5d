import { describe, expect, it } from "vitest";
import { NOON_MS, play, type Step } from "../../test/replay/play.ts";
import { findFeature, findTask } from "./select.ts";

function feature(steps: readonly Step[]) {
  return findFeature(play(steps.map((step) => ({ feature: "F", ...step }))), "F");
}
const status = (...types: string[]) => feature(types.map((type) => ({ type })))?.status;

describe("a feature", () => {
  it.each([
    [["tool_called"], "requested"],
    [["feature_requested"], "requested"],
    [["feature_requested", "feature_planned"], "planned"],
    [["feature_requested", "feature_started", "feature_planned"], "in_progress"],
    [["feature_completed", "feature_started"], "done"],
    [["feature_completed"], "done"],
    [["feature_completed", "feature_requested", "feature_planned"], "done"],
    [["feature_completed", "feature_merged"], "merged"],
    [["feature_merged", "feature_completed"], "merged"],
    [["feature_abandoned"], "abandoned"],
    [["feature_abandoned", "feature_merged"], "merged"],
    [["feature_merged", "feature_reopened"], "requested"],
    [["feature_requested", "feature_reopened"], "requested"],
  ])("after %j is %s", (types, expected) => {
    expect(status(...types)).toBe(expected);
  });

  it.each(["task_started", "task_progress", "agent_submitted", "task_completed"])(
    "%s of a task begins it",
    (type) => {
      const begun = feature([{ type: "feature_planned" }, { type, task: "T" }]);
      expect(begun).toMatchObject({ status: "in_progress", started_at: NOON_MS + 2_000 });
    },
  );

  it("a claim does not begin it, and work does not reopen it", () => {
    expect(feature([{ type: "feature_planned" }, { type: "task_claimed", task: "T" }])?.status).toBe(
      "planned",
    );
    expect(feature([{ type: "feature_merged" }, { type: "task_started", task: "T" }])?.status).toBe("merged");
  });

  it("reopens into progress when work on it was seen", () => {
    const reopened = feature([
      { type: "task_started", task: "T" },
      { type: "feature_merged" },
      { type: "feature_reopened" },
    ]);
    expect(reopened).toMatchObject({ status: "in_progress", closed_at: null });
  });

  it("a straggler neither reopens nor renames the end, but done becomes merged", () => {
    const ends = (type: string, at: number, then: string) =>
      feature([
        { type, at },
        { type: then, at: 5 },
      ])?.status;
    expect(ends("feature_merged", 10, "feature_reopened")).toBe("merged");
    expect(ends("feature_abandoned", 10, "feature_merged")).toBe("abandoned");
    expect(ends("feature_completed", 10, "feature_merged")).toBe("merged");
  });

  it("learns of work that came before the task was known to be its own", () => {
    const state = play([
      { type: "task_started", task: "T" },
      { type: "task_created", task: "T", feature: "F" },
    ]);
    expect(findFeature(state, "F")?.status).toBe("in_progress");
    expect(findTask(state, "T")?.feature_id).toBe("F");
  });

  it("[M1] counts calls of its own and of its tasks, each once", () => {
    const call = { type: "tokens_used", metrics: { input_tokens: 10 } };
    const state = play([
      { type: "task_created", task: "T", feature: "F" },
      { ...call, task: "T", feature: "F" },
      { ...call, task: "T" },
      { ...call, feature: "F" },
      { ...call, task: "T", feature: "G" },
      call,
    ]);
    expect(findFeature(state, "F")?.usage).toMatchObject({ calls: 3, input_tokens: 30 });
    expect(findFeature(state, "G")?.usage).toMatchObject({ calls: 1 });
    expect(state.usage).toMatchObject({ calls: 5, input_tokens: 50 });
    expect(findFeature(state, "F")?.events).toBe(4);
  });
});

describe("what Clusterfork says of a feature or a task", () => {
  const ours = ["alert_raised", "alert_acknowledged", "alert_cleared", "lesson_learned", "forecast_made"];

  it.each(ours)("%s touches neither: only work does", (type) => {
    const merged: Step = { type: "feature_merged", feature: "F", task: "T", at: 5 };
    const said: Step = { type, feature: "F", task: "T", at: 900, agent: "clusterfork:alerts" };
    const state = play([merged, said]);
    const at = NOON_MS + 5_000;
    expect(findFeature(state, "F")).toMatchObject({
      updated_at: at,
      status: "merged",
      events: 2,
      last_seq: 2,
    });
    expect(findTask(state, "T")).toMatchObject({ updated_at: at, events: 2, last_seq: 2 });
    // The control: from a sender the same does touch.
    expect(findFeature(play([merged, { ...said, agent: "coder-a" }]), "F")?.updated_at).toBe(
      NOON_MS + 900_000,
    );
  });
});
