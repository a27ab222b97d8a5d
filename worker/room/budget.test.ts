import { expect, it } from "vitest";
import { Budget } from "./budget.ts";
import { MAX_FRAME_LENGTH } from "./limits.ts";
import { sent, viewerAt, type Viewer } from "./viewer.ts";

/** Half of it is eight windows of four frames. */
const MAX_LENGTH = 64 * MAX_FRAME_LENGTH;
const FRAMES_OF_A_WINDOW = 4;

function crowded(dead: number): { budget: Budget; alive: Viewer; give: (viewer: Viewer) => boolean } {
  const budget = new Budget(MAX_LENGTH);
  const give = (viewer: Viewer): boolean => {
    if (!budget.allows(viewer)) return false;
    budget.track(viewer, () => sent(viewer, viewer.sent + 1, budget.frame_length));
    return true;
  };
  const join = (): Viewer => {
    const viewer = viewerAt(0);
    budget.join(viewer);
    return viewer;
  };
  const alive = join();
  const silent = Array.from({ length: dead }, join);
  for (const viewer of silent) for (let frame = 0; frame < FRAMES_OF_A_WINDOW; frame += 1) give(viewer);
  return { budget, alive, give };
}

it("[V2] dead viewers that hold all of the common half leave others their share of several frames", () => {
  const { budget, alive, give } = crowded(9);
  expect(budget.held_length).toBeGreaterThanOrEqual(MAX_LENGTH / 2);
  expect([give(alive), give(alive), give(alive), give(alive)]).toEqual([true, true, true, false]);
});

it("[V2] however many there are, one frame for each is within the budget", () => {
  const { budget, alive, give } = crowded(2_499);
  expect(give(alive)).toBe(true);
  expect(give(alive)).toBe(false);
  expect(budget.held_length).toBeLessThanOrEqual(MAX_LENGTH);
});
