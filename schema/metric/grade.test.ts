import { describe, expect, it } from "vitest";
import { gradeOf, letterOf, scoreOfRatio, type Gradable } from "./grade.ts";

const whole: Gradable = {
  refused: null,
  quality: [
    { label: "approved at the first try", share: 0.8 },
    { label: "tasks whose last tests passed", share: 1 },
  ],
  speed: { ratio: 1, words: "1 h against 1 h" },
  cost: { ratio: 2, words: "$2 against $1" },
};

describe("a grade", () => {
  it("is the weighted mean of what is known, with its arithmetic", () => {
    const { letter, score, words, parts } = gradeOf(whole);
    // (0.4 × 90 + 0.3 × 85 + 0.3 × 50) ÷ 1
    expect([letter, score]).toEqual(["C", 76.5]);
    expect(words).toBe(
      "(0.4 × quality 90 + 0.3 × speed 85 + 0.3 × cost 50) ÷ 1 = 76.5. C is 70 to below 80.",
    );
    expect(parts[0]?.words).toBe("mean of: approved at the first try 80, tasks whose last tests passed 100");
  });
  it("leaves out what is unknown, and says so", () => {
    const unknown = { ratio: null, why: "Nothing was foretold of it." } as const;
    const { letter, score, words, parts } = gradeOf({ ...whole, speed: unknown, cost: unknown });
    expect([letter, score]).toEqual(["A", 90]);
    expect(words).toBe(
      "0.4 × quality 90 ÷ 0.4 = 90. A is 90 and more. Unknown and left out: speed and cost.",
    );
    expect(parts.map((part) => part.score)).toEqual([90, null, null]);
    expect(parts[1]?.words).toBe("Nothing was foretold of it.");
  });
  it("is none without quality, and none of what is refused, whatever is known", () => {
    expect(gradeOf({ ...whole, quality: [] })).toMatchObject({ letter: null, score: null });
    expect(gradeOf({ ...whole, quality: [] }).words).toContain("says nothing about good");
    const refused = gradeOf({ ...whole, refused: "It is still open." });
    expect(refused).toMatchObject({ letter: null, score: null, words: "It is still open." });
    expect(refused.parts[0]?.score).toBe(90);
  });
  it("is never made of what is no number", () => {
    for (const ratio of [0, -1, NaN, Infinity]) {
      const { parts, score } = gradeOf({ ...whole, speed: { ratio, words: "" } });
      expect(parts[1]?.score).toBeNull();
      expect(Number.isFinite(score)).toBe(true);
    }
  });
  it("gives the letters from their scores on, as they are shown", () => {
    expect([100, 90, 89.9, 80, 70, 60, 59.9, 0].map(letterOf)).toEqual([
      ...["A", "A", "B", "B", "C", "D", "F", "F"],
    ]);
  });
  it("scores a ratio by its doublings, within 0 and 100", () => {
    expect([0.1, 0.5, 1, 2, 4, 8].map(scoreOfRatio)).toEqual([100, 100, 85, 50, 15, 0]);
  });
});
