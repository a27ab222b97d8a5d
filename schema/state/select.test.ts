import { describe, expect, it } from "vitest";
import { play, type Step } from "../../test/replay/play.ts";
import { allTasks, findTask, selectTasks, summarize, unfinishedDependencies } from "./select.ts";
import type { Task } from "./state.ts";

const state = play([
  { type: "feature_requested", feature: "F" },
  { type: "agent_initialized", agent: "coder-a", role: "coder" },
  { type: "task_created", task: "A", feature: "F" },
  {
    type: "task_created",
    task: "B",
    feature: "F",
    metadata: { dependencies: ["A", "D", "F", "B", "nowhere"] },
  },
  { type: "task_claimed", task: "B", agent: "coder-a" },
  { type: "task_completed", task: "D" },
  { type: "task_failed", task: "E" },
  { type: "escalated_to_user", task: "B" },
] satisfies Step[]);
const ids = (tasks: Task[]) => tasks.map((task) => task.id);

describe("selections", () => {
  it("lists open tasks, then closed ones in the order of closing", () => {
    expect(ids(allTasks(state))).toEqual(["A", "B", "D", "E"]);
  });

  it("filters by status, assignee, feature and the assignee's role, together", () => {
    expect(ids(selectTasks(state, {}))).toEqual(["A", "B", "D", "E"]);
    expect(ids(selectTasks(state, { status: "done" }))).toEqual(["D"]);
    expect(ids(selectTasks(state, { assignee: "coder-a" }))).toEqual(["B"]);
    expect(ids(selectTasks(state, { assignee: null }))).toEqual(["A", "D", "E"]);
    expect(ids(selectTasks(state, { feature: null }))).toEqual(["D", "E"]);
    expect(ids(selectTasks(state, { role: "coder", feature: "F" }))).toEqual(["B"]);
    expect(selectTasks(state, { role: "reviewer" })).toEqual([]);
  });

  it("a task waits for what is known and not finished", () => {
    const task = findTask(state, "B");
    expect(task && unfinishedDependencies(state, task)).toEqual(["A", "F", "B"]);
  });

  it("sums up what there is by status", () => {
    expect(summarize(state)).toMatchObject({
      tasks: { pending: 1, claimed: 1, done: 1, failed: 1, merged: 0 },
      features: { requested: 1, merged: 0 },
      agents: { active: 1, idle: 0 },
      escalations: 1,
    });
  });
});
