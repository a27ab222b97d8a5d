import { expect, it } from "vitest";
import { MAX_RECENT_LENGTH } from "./limits.ts";
import { Recent } from "./recent.ts";

it("keeps the newest texts, up to a length, without gaps", () => {
  const recent = new Recent();
  const seqs = () => recent.lines.map(({ seq }) => seq);
  recent.add(1, ["a", "b"]);
  recent.add(3, ["c"]);
  expect(recent.lines).toEqual(["a", "b", "c"].map((text, i) => ({ seq: i + 1, text })));
  recent.add(6, ["f", "g"]);
  expect(seqs()).toEqual([6, 7]);
  recent.add(8, ["x".repeat(MAX_RECENT_LENGTH - 1)]);
  expect(seqs()).toEqual([7, 8]);
  recent.add(9, ["x".repeat(MAX_RECENT_LENGTH + 1), ""]);
  expect(seqs()).toEqual([10]);
  recent.clear();
  expect(seqs()).toEqual([]);
  recent.add(11, ["k"]);
  expect(seqs()).toEqual([11]);
});
