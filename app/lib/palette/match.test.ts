import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folded, scoreOf } from "./match.ts";

const score = (query: string, text: string) => scoreOf(folded(query), folded(text));
const order = (query: string, texts: string[]) =>
  texts
    .map((text) => ({ text, score: score(query, text) }))
    .filter((one): one is { text: string; score: number } => one.score !== null)
    .toSorted((a, b) => b.score - a.score)
    .map(({ text }) => text);

describe("scoreOf", () => {
  it("puts the whole before its beginning, a word before its middle, letters last", () => {
    expect(
      order("flow", ["overflow check", "f l o w", "Task flow", "flow", "flower bed", "fun lore"]),
    ).toEqual(["flow", "flower bed", "Task flow", "overflow check", "f l o w"]);
  });

  it("finds by the first letters of words", () => {
    expect(score("tf", "Task flow")).not.toBeNull();
    expect(score("task", "Let admins switch bulk edits on and off")).toBeNull();
    expect(order("rp", ["crisp", "Refinery Phase 1"])).toEqual(["Refinery Phase 1"]);
  });

  it("wants each word of the query, in any order", () => {
    expect(score("launch convoy", "Convoy Stage & Launch")).not.toBeNull();
    expect(score("launch daemon", "Convoy Stage & Launch")).toBeNull();
  });

  it("knows neither case nor accents", () => {
    expect(score("ELAN", "Élan vital")).not.toBeNull();
    expect(score("привет", "Привет")).not.toBeNull();
  });

  it("prefers the shorter of two that fit alike", () => {
    expect(order("gt-1", ["gt-1.10.4", "gt-1.1"])).toEqual(["gt-1.1", "gt-1.10.4"]);
  });

  it("fits all for an empty query, and takes any text for a text", () => {
    expect(score("", "anything")).toBe(0);
    expect(score("a(b[", "a(b[c")).not.toBeNull();
    expect(score("x".repeat(80), "x".repeat(10_000))).not.toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (query, text) => {
        const found = score(query, text);
        expect(found === null || Number.isFinite(found)).toBe(true);
      }),
    );
  });

  it("finds every text by itself", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(score(text, text)).not.toBeNull();
      }),
    );
  });
});
