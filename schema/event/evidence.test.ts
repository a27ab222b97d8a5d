import { expect, it } from "vitest";
import { evidenceSeqs } from "./evidence.ts";
import { MAX_EVIDENCE } from "./limits.ts";

it("reads sequence numbers as texts or numbers, each once, and what is none takes no place", () => {
  expect(evidenceSeqs(["12", 7, "007", 12, 0, -1, 1.5, "x", "", " 3", null, ["4"], "9".repeat(16)])).toEqual([
    12, 7,
  ]);
  expect(evidenceSeqs([...Array<string>(MAX_EVIDENCE).fill("x"), "7"])).toEqual([7]);
  expect(evidenceSeqs(Array.from({ length: 3 * MAX_EVIDENCE }, (_, n) => n + 1))).toHaveLength(MAX_EVIDENCE);
  for (const none of [undefined, null, "7", 7, { 0: 7 }]) expect(evidenceSeqs(none)).toEqual([]);
});
