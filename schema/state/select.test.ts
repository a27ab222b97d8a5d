import { expect, it } from "vitest";
import { play, type Step } from "../../test/replay/play.ts";
import { allFeatures, allTasks, findFeature, findTask } from "./select.ts";

const state = play([
  { type: "feature_requested", feature: "F" },
  { type: "feature_merged", feature: "G" },
  { type: "task_created", task: "A", feature: "F" },
  { type: "task_completed", task: "D" },
  { type: "task_failed", task: "B" },
  { type: "task_created", task: "C" },
] satisfies Step[]);

it("lists open ones, then closed ones in the order of closing", () => {
  expect([...allTasks(state)].map((task) => task.id)).toEqual(["A", "C", "D", "B"]);
  expect([...allFeatures(state)].map((feature) => feature.id)).toEqual(["F", "G"]);
});

it("finds what is open and what is closed", () => {
  expect(findTask(state, "A")?.status).toBe("pending");
  expect(findTask(state, "D")?.status).toBe("done");
  expect(findTask(state, "F")).toBeUndefined();
  expect(findFeature(state, "F")?.status).toBe("requested");
  expect(findFeature(state, "G")?.status).toBe("merged");
});
