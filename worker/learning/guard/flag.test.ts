import { expect, it } from "vitest";
import { HONEST, INJECTIONS, UNMARKED } from "../../../test/sample/injection.ts";
import { flagsOf } from "./flag.ts";
import { quoted } from "./quote.ts";

it.each(INJECTIONS)("[P2] flags %j", (text) => {
  expect(flagsOf(text)).not.toEqual([]);
});

it.each(HONEST)("flags nothing in %j", (text) => {
  expect(flagsOf(text)).toEqual([]);
});

it("is done soon with the longest text, whatever it repeats", () => {
  for (const part of ["ignore ", "a ", "<", "do not ", "A", "curl ", "i g n o r e ", "%41"]) {
    const began = performance.now();
    flagsOf(part.repeat(20_000).slice(0, 4_000));
    expect(performance.now() - began, part).toBeLessThan(500);
  }
});

it.each([...INJECTIONS, ...UNMARKED])(
  "[P2] quotes %j on one line, without marks that anything acts on",
  (text) => {
    const line = quoted(text, 500);
    expect(line).not.toMatch(/[\n\r<>`"[\]|#*\u200b\u202e]/u);
    expect(quoted("a".repeat(10_000), 200)).toHaveLength(202);
  },
);
