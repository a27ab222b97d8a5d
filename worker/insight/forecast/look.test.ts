import { expect, it } from "vitest";
import type { ProjectState } from "../../../schema/state/state.ts";
import { play } from "../../../test/replay/play.ts";
import { Learner } from "./learn.ts";
import { ReviewLearner } from "./review-state.ts";

const TASKS = 200;

/** Counts whose beginning or past is read. */
function watched(state: ProjectState, field: "claimed_at" | "past"): () => number {
  let reads = 0;
  for (const task of [...state.open_tasks.values(), ...state.closed_tasks.values()]) {
    const value = task[field];
    Object.defineProperty(task, field, { get: () => (reads++, value) });
  }
  return () => reads;
}

const worked = Array.from({ length: TASKS }, (_, n) => [
  { type: "task_claimed", task: `T${n}` },
  { type: "agent_submitted", task: `T${n}` },
  { type: "reviewer_approved", task: `T${n}` },
  { type: "task_completed", task: `T${n}` },
]).flat();

it("learns again only of tasks that something was said of: a look costs what is new", () => {
  const state = play(worked);
  const learner = new Learner();
  const reviews = new ReviewLearner();
  expect(learner.learn(state)).toHaveLength(TASKS);
  reviews.learn(state);
  const reads = [watched(state, "claimed_at"), watched(state, "past")];
  learner.learn(state);
  reviews.learn(state);
  expect(reads.map((count) => count())).toEqual([0, 0]);

  play([{ type: "task_claimed", task: "new" }], state);
  expect(learner.learn(state).map(({ record }) => record.id)).toEqual(["new"]);
  expect(reads.map((count) => count())).toEqual([0, 0]);
});
