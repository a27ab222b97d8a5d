import { describe, expect, it } from "vitest";
import { counted, headlineOf, listed, NumberWord, soFar, textOf, type Clause } from "./headline.ts";

interface Numbers {
  done: number;
  total: number;
  error_rate: number | null;
}
const TABLE: Clause<Numbers>[] = [
  [
    { when: (n) => n.total === 0, say: () => [{ text: "No tasks yet." }] },
    { when: () => true, say: (n) => [{ text: `${n.done} of ${n.total} done${soFar(n.total)}.` }] },
  ],
  [
    {
      when: (n) => n.error_rate !== null && n.error_rate > 0.05,
      say: () => [{ text: "Errors are up", href: "/metrics" }, { text: "." }],
    },
  ],
];

describe("headlineOf", () => {
  it("lets the first rule of each clause speak, and a clause be silent", () => {
    expect(textOf(headlineOf(TABLE, { done: 0, total: 0, error_rate: null }))).toBe("No tasks yet.");
    expect(textOf(headlineOf(TABLE, { done: 2, total: 9, error_rate: 0.2 }))).toBe(
      "2 of 9 done so far. Errors are up.",
    );
    expect(textOf(headlineOf(TABLE, { done: 2, total: 10, error_rate: null }))).toBe("2 of 10 done.");
  });

  it("keeps the link of each claim", () => {
    const { parts } = headlineOf(TABLE, { done: 2, total: 10, error_rate: 0.2 });
    expect(parts.filter((part) => part.href !== undefined)).toEqual([
      { text: "Errors are up", href: "/metrics" },
    ]);
  });
});

it("counts in words up to ten", () => {
  expect(counted(1, "feature")).toBe("one feature");
  expect(counted(0, "task")).toBe("no tasks");
  expect(NumberWord(6)).toBe("Six");
  expect(NumberWord(1_234)).toBe("1,234");
});

it("lists with commas and one and", () => {
  const parts = ["a", "b", "c"].map((text) => ({ text }));
  expect(textOf({ parts: listed(parts) })).toBe("a, b and c");
  expect(textOf({ parts: listed(parts.slice(0, 2), "or") })).toBe("a or b");
});
