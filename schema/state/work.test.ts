import { describe, expect, it } from "vitest";
import { NOON_MS, play, playTask, type Step } from "../../test/replay/play.ts";

/** Types alone, one second apart. */
const steps = (...types: string[]): Step[] => types.map((type) => ({ type }));
const status = (...types: string[]) => playTask(steps(...types)).status;

describe("a task's status", () => {
  it.each([
    [["task_created"], "pending"],
    [["task_claimed"], "claimed"],
    [["task_claimed", "task_started"], "in_progress"],
    [["task_claimed", "task_started", "task_claimed"], "in_progress"],
    [["task_progress"], "in_progress"],
    [["task_created", "task_blocked"], "blocked"],
    [["task_created", "task_blocked", "task_unblocked"], "pending"],
    [["task_claimed", "task_blocked", "task_unblocked"], "claimed"],
    [["task_claimed", "task_blocked", "task_claimed"], "blocked"],
    [["task_started", "task_blocked", "task_unblocked"], "in_progress"],
    [["task_started", "task_blocked", "task_progress"], "blocked"],
    [["task_started", "task_blocked", "task_started"], "in_progress"],
    [["task_started", "task_unblocked"], "in_progress"],
    [["task_started", "agent_submitted"], "review"],
    [["task_started", "review_requested"], "review"],
    [["task_started", "review_requested", "reviewer_approved"], "review"],
    [["task_started", "review_requested", "reviewer_changes_requested"], "in_progress"],
    [["task_started", "review_requested", "reviewer_rejected"], "in_progress"],
    [["review_requested", "reviewer_rejected", "coder_resubmitted"], "review"],
    [["task_started", "task_completed"], "done"],
    [["task_started", "task_completed", "task_merged"], "merged"],
    [["task_started", "task_merged"], "merged"],
    [["task_started", "task_merged", "task_completed"], "merged"],
    [["task_started", "task_failed"], "failed"],
    [["task_started", "task_failed", "task_claimed"], "claimed"],
    [["task_started", "task_failed", "task_completed"], "done"],
    [["task_started", "task_completed", "task_claimed"], "done"],
    [["task_started", "task_completed", "task_progress"], "done"],
    [["task_started", "task_completed", "task_started"], "in_progress"],
    [["task_created", "task_completed", "task_reopened"], "pending"],
    [["task_claimed", "task_completed", "task_reopened"], "claimed"],
    [["task_started", "task_completed", "task_reopened"], "in_progress"],
    [["task_started", "task_reopened"], "in_progress"],
    [["tool_called"], "pending"],
  ])("after %j is %s", (types, expected) => {
    expect(status(...types)).toBe(expected);
  });

  it("[S3] a task that closes before it opens stays closed and is described", () => {
    const task = playTask([
      { type: "task_completed", at: 10 },
      { type: "task_created", at: 20, metadata: { title: "late" } },
    ]);
    expect(task).toMatchObject({ status: "done", title: "late", partial: false });
    expect(task).toMatchObject({ created_at: NOON_MS + 20_000, closed_at: NOON_MS + 10_000 });
  });

  it.each([
    "task_claimed",
    "task_started",
    "task_progress",
    "task_blocked",
    "review_requested",
    "reviewer_rejected",
    "task_reopened",
    "task_completed",
  ])("a straggling %s does not move a failed task, one of the same instant does", (type) => {
    const late = (at: number) =>
      playTask([
        { type: "task_failed", at: 10 },
        { type, at },
      ]);
    expect(late(9).status).toBe("failed");
    expect(late(10).status).toBe(type === "task_progress" ? "failed" : late(11).status);
    if (type !== "task_progress") expect(late(10).status).not.toBe("failed");
  });

  it("done becomes merged whatever the clock says", () => {
    const task = playTask([
      { type: "task_completed", at: 10 },
      { type: "task_merged", at: 3 },
    ]);
    expect(task).toMatchObject({ status: "merged", closed_at: NOON_MS + 10_000, merged_at: NOON_MS + 3_000 });
  });

  it("a straggling claim still tells who it was", () => {
    const task = playTask([
      { type: "task_completed", at: 10, agent: "bot" },
      { type: "task_claimed", at: 5, agent: "coder-b" },
    ]);
    expect(task).toMatchObject({ status: "done", assignee: "coder-b", claimed_at: NOON_MS + 5_000 });
  });

  it("another agent's claim takes a task over; its own does not set it back", () => {
    const begun: Step[] = steps("task_claimed", "task_started");
    expect(playTask([...begun, { type: "task_claimed", agent: "coder-b" }])).toMatchObject({
      status: "claimed",
      assignee: "coder-b",
      attempts: 1,
    });
    expect(playTask([...begun, { type: "task_claimed" }])).toMatchObject({ status: "in_progress" });
  });
});

describe("what a task knows", () => {
  it("the claimer is the assignee named, else the sender", () => {
    expect(playTask([{ type: "task_claimed" }]).assignee).toBe("coder-a");
    expect(playTask([{ type: "task_claimed", metadata: { assignee: "x" } }]).assignee).toBe("x");
    expect(
      playTask([{ type: "task_created", metadata: { assignee: "x" } }, { type: "task_started" }]).assignee,
    ).toBe("x");
    expect(
      playTask([{ type: "task_claimed" }, { type: "handoff", metadata: { to_agent: "y" } }]).assignee,
    ).toBe("y");
  });

  it("attempts count every way from pending or closed into work", () => {
    const attempts = (...types: string[]) => playTask(steps(...types)).attempts;
    expect(attempts("task_created")).toBe(0);
    expect(attempts("task_claimed", "task_started", "task_progress")).toBe(1);
    expect(attempts("task_claimed", "task_failed", "task_claimed", "task_started")).toBe(2);
    expect(attempts("task_started", "task_completed", "task_reopened", "task_started")).toBe(2);
    expect(attempts("task_blocked", "task_started")).toBe(1);
  });

  it("reads progress at either scale, and never beyond 0 and 1", () => {
    const progress = (metadata: Step["metadata"]) => playTask([{ type: "task_progress", metadata }]).progress;
    expect(progress({ progress: 0.4 })).toBe(0.4);
    expect(progress({ percent: 40 })).toBe(0.4);
    expect(progress({ percent: 4_000 })).toBe(1);
    expect(progress({ progress: -3 })).toBe(0);
    expect(progress({ progress: "half" })).toBeNull();
    expect(playTask(steps("task_completed")).progress).toBe(1);
  });

  it("counts review cycles and remembers an approval until the next change request", () => {
    const review = steps(
      "task_started",
      "review_requested",
      "reviewer_rejected",
      "coder_resubmitted",
      "reviewer_approved",
    );
    expect(playTask(review)).toMatchObject({
      review_cycles: 1,
      approved: true,
      submitted_at: NOON_MS + 2_000,
    });
    expect(playTask([...review, { type: "reviewer_changes_requested" }])).toMatchObject({
      review_cycles: 2,
      approved: false,
    });
  });

  it("keeps the reason as long as it holds", () => {
    const blocked: Step = { type: "task_blocked", metadata: { reason: "no key" } };
    expect(playTask([blocked]).blocked_reason).toBe("no key");
    expect(playTask([blocked, { type: "task_unblocked" }]).blocked_reason).toBeNull();
    const failed: Step = { type: "task_failed", metadata: { reason: "red" } };
    expect(playTask([failed]).failure_reason).toBe("red");
    expect(playTask([failed, { type: "task_started" }]).failure_reason).toBeNull();
  });

  it("a second creation updates what it names and nothing else", () => {
    const task = playTask([
      {
        type: "task_created",
        metadata: { title: "a", priority: 1, dependencies: ["x", "T", "x"], files: ["f"] },
      },
      { type: "task_started" },
      { type: "task_created", metadata: { title: "b", dependencies: [] } },
    ]);
    expect(task).toMatchObject({
      title: "b",
      priority: 1,
      dependencies: [],
      files: ["f"],
      status: "in_progress",
    });
    expect(task.created_at).toBe(NOON_MS + 1_000);
  });

  it("is partial until its creation is seen", () => {
    expect(playTask(steps("task_started")).partial).toBe(true);
    expect(playTask(steps("task_started", "task_created")).partial).toBe(false);
  });

  it("adds up tests, one for an event that gives no numbers", () => {
    const task = playTask([
      { type: "test_passed", metrics: { passed: 12, failed: 0 } },
      { type: "test_passed" },
      { type: "test_failed", metrics: { passed: 3, failed: 2 } },
      { type: "test_failed", metrics: { failed: Number.NaN } },
    ]);
    expect(task).toMatchObject({ tests_passed: 16, tests_failed: 3 });
  });

  it("collects the files that work touches", () => {
    const task = playTask([
      { type: "task_created", metadata: { files: ["a"] } },
      { type: "task_completed", metadata: { files: ["a", "b"] } },
    ]);
    expect(task.files).toEqual(["a", "b"]);
  });
});

describe("ids", () => {
  it("[S3] __proto__ is a task like any other", () => {
    const state = play([
      { type: "task_created", task: "__proto__", metadata: { dependencies: ["__proto__", "constructor"] } },
      { type: "task_completed", task: "constructor" },
    ]);
    expect([...state.open_tasks.keys()]).toEqual(["__proto__"]);
    expect(state.closed_tasks.get("constructor")?.status).toBe("done");
    expect(Object.prototype).not.toHaveProperty("title");
  });
});
