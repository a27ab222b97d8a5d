import { expect, it } from "vitest";
import { Budget } from "./budget.ts";
import { LISTENING_MS, MAX_FRAME_LENGTH } from "./limits.ts";
import { acknowledge, sent, viewerAt, type Viewer } from "./viewer.ts";

/** Half of it is eight windows of four frames. */
const MAX_LENGTH = 64 * MAX_FRAME_LENGTH;
const FRAMES_OF_A_WINDOW = 4;
const NOW_MS = 1_000_000;

function crowded(dead: number): { budget: Budget; alive: Viewer; give: (viewer: Viewer) => boolean } {
  const budget = new Budget(MAX_LENGTH);
  const give = (viewer: Viewer): boolean => {
    if (!budget.allows(viewer, NOW_MS)) return false;
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
  for (let frame = 0; frame < FRAMES_OF_A_WINDOW; frame += 1) for (const viewer of silent) give(viewer);
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

it("[V2] who acknowledges has a quarter beside the dead, and loses it when it is silent itself", () => {
  const { budget, alive, give } = crowded(200);
  // A share is less than a frame of the usual length, and the dead hold all of the common half.
  budget.look(NOW_MS);
  expect(budget.held_length).toBeGreaterThan(MAX_LENGTH / 2 - MAX_FRAME_LENGTH);
  const give_until_refused = () => {
    let frames = 0;
    while (frames < 1_000 && give(alive)) frames += 1;
    return frames;
  };
  budget.track(alive, () => acknowledge(alive, alive.sent));
  budget.heard(alive, NOW_MS - LISTENING_MS);
  const quarter = MAX_LENGTH / 4 / budget.frame_length;
  expect(give_until_refused()).toBeGreaterThan(0.9 * quarter);
  expect(budget.held_length).toBeLessThanOrEqual(0.75 * MAX_LENGTH);

  const silent = crowded(200);
  silent.give(silent.alive);
  silent.budget.heard(silent.alive, NOW_MS - LISTENING_MS - 1);
  silent.budget.look(NOW_MS);
  expect(silent.give(silent.alive)).toBe(false);
});
