import { expect, it } from "vitest";
import { verdictOf } from "./merge-request.ts";

it("takes a branch for merged where its closing says so first, and by no words that say it was not", () => {
  for (const words of [
    "merged",
    "Merged to main at 3f2a1b",
    "Closed as merged",
    "✓ Merged in gt-4",
    "Successfully merged to main",
  ])
    expect(verdictOf(words), words).toEqual({ event_type: "merged", metadata: {} });
  for (const words of [
    "Closed, not merged",
    "Not merged: superseded by gt-9",
    "superseded by gt-9, never merged",
    "The same change was merged elsewhere",
    "can't be merged: branch is gone",
    "needs to be merged by hand",
    null,
  ])
    expect(verdictOf(words), String(words)).toBeNull();
});
