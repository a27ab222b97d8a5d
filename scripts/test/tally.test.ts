import { expect, it } from "vitest";
import { closingLine, sum, tallyOf } from "./tally.ts";

const report = (change: object) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: [{ status: "passed", assertionResults: [{ status: "passed" }] }],
  ...change,
});

it("adds up runs and words the closing line", () => {
  const total = sum([tallyOf(report({}), 0), tallyOf(report({ numPassedTests: 2, numPendingTests: 0 }), 0)]);
  expect(closingLine(total)).toBe("5 passed, 0 failed, 1 skipped");
});

it("counts what is broken without a failed test as one failure", () => {
  const unloaded = report({ testResults: [{ status: "failed", assertionResults: [] }] });
  expect(tallyOf(unloaded, 1).failed).toBe(1);
  expect(tallyOf(report({}), 1).failed).toBe(1);
  expect(tallyOf(undefined, 0).failed).toBe(1);
});
