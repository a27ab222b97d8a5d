import { describe, expect, it } from "vitest";
import { createFigures } from "../format/figure.ts";
import { deltaOf, missingText, reasonText } from "./words.ts";

describe("deltaOf", () => {
  it.each([
    [2.21, 1.94, "down", false, { kind: "bad", arrow: "up", text: "+14%" }],
    [0.9, 0.8, "up", true, { kind: "good", arrow: "up", text: "+10.0 pt" }],
    [0.04, 0.05, "down", true, { kind: "good", arrow: "down", text: "−1.0 pt" }],
    [3, 0, "up", false, { kind: "good", arrow: "up", text: "from none" }],
    [1.002, 1, "up", false, { kind: "flat", arrow: null, text: "as before" }],
    [null, 1, "up", false, null],
    [1, null, "up", false, null],
  ] as const)("%s after %s, better %s", (value, previous, direction, is_share, delta) => {
    expect(deltaOf(value, previous, direction, is_share)).toEqual(delta);
  });
});

it("says a reason with what it is held against", () => {
  const figures = createFigures("en-US");
  const reason = { standing: 0.4, n: 9 };
  expect(
    reasonText(
      {
        ...reason,
        metric: "time_to_merge",
        value: 720_000,
        reference: { kind: "target", bound: "<", value: 900_000 },
      },
      figures,
    ),
  ).toBe("Time to merge 12 min, target < 15 min.");
  expect(
    reasonText(
      { ...reason, metric: "test_coverage", value: 0.81, reference: { kind: "before", value: 0.79 } },
      figures,
    ),
  ).toBe("Test coverage 81%, 79% before.");
  expect(
    reasonText(
      { ...reason, metric: "budget", value: 0.72, reference: { kind: "target", bound: "<=", value: 0.6 } },
      figures,
    ),
  ).toBe("72% of the budget is used in 60% of its period.");
  expect(missingText({ missing: ["test_coverage", "lint_pass_rate", "bug_escape_rate"] })).toBe(
    "No opinion yet: test coverage and lint pass rate have no value, or nothing to be held against.",
  );
});
