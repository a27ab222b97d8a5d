import { describe, expect, it } from "vitest";
import { readTestRun } from "./test-run.ts";

const run = (command: string, output: string, failed = false): unknown => {
  const found = readTestRun(command, output, failed);
  return found === null ? null : [found.runner, found.success, found.passed, found.failed, found.skipped];
};

describe("test runs in the output of commands", () => {
  it.each([
    [
      "go test -v ./...",
      "--- PASS: TestA (0.0s)\n    --- PASS: TestA/sub\n--- SKIP: TestB\nok  \tshop\t0.4s",
      false,
      ["go", true, 1, null, 1],
    ],
    [
      "cd shop && go test ./...",
      "--- FAIL: TestA (0.0s)\nFAIL\nFAIL\tshop\t0.4s",
      true,
      ["go", false, null, 1, null],
    ],
    [
      "go test ./...",
      "# shop\n./a.go:1: undefined: x\nFAIL\tshop [build failed]",
      true,
      ["go", false, null, null, null],
    ],
    [
      "python -m pytest -q",
      "==== 2 failed, 10 passed, 1 skipped in 1.25s ====",
      true,
      ["pytest", false, 10, 2, 1],
    ],
    ["pytest", "3 passed in 0.02s", false, ["pytest", true, 3, null, null]],
    [
      "npx vitest run",
      " \u001b[2mTests \u001b[22m \u001b[31m1 failed\u001b[39m | 12 passed (13)",
      true,
      ["vitest", false, 12, 1, null],
    ],
    ["npx jest", "Tests:       1 failed, 2 skipped, 4 passed, 7 total", true, ["jest", false, 4, 1, 2]],
    ["node --test test/", "ℹ tests 4\nℹ pass 4\nℹ fail 0\nℹ skipped 0", false, ["node", true, 4, 0, 0]],
    ["npx mocha", "  12 passing (3s)\n  1 failing", true, ["mocha", false, 12, 1, null]],
    [
      "cargo test",
      "test result: ok. 5 passed; 0 failed; 1 ignored;\ntest result: ok. 2 passed; 0 failed; 0 ignored;",
      false,
      ["cargo", true, 7, 0, 1],
    ],
    ["bundle exec rspec", "10 examples, 1 failure", true, ["rspec", false, 9, 1, null]],
    ["vendor/bin/phpunit", "OK (5 tests, 9 assertions)", false, ["phpunit", true, 5, 0, null]],
    [
      "dotnet test",
      "Passed!  - Failed:     0, Passed:     5, Skipped:     0",
      false,
      ["dotnet", true, 5, 0, 0],
    ],
    ["npm test", "Tests:       4 passed, 4 total", false, ["jest", true, 4, null, null]],
    ["mise run test:integration", "ok  \tshop/integration\t40.7s", false, ["go", true, null, null, null]],
  ])("%s", (command, output, failed, expected) => {
    expect(run(command, output, failed)).toEqual(expected);
  });

  it("reports nothing without a test command, or without a summary", () => {
    expect(run("git log", "ok  \tshop\t0.4s")).toBe(null);
    expect(run("cat pytest.txt", "nothing of the kind")).toBe(null);
    expect(run("npm test", "npm error Missing script")).toBe(null);
    expect(run("ls tests", "3 passed in 0.02s")).toBe(null);
  });

  it("is quick on output made to be slow", () => {
    const began = performance.now();
    for (const piece of ["1 a", "1 passed, ", " \n", "Tests 1 a | ", "9".repeat(10)])
      for (const command of ["pytest", "vitest", "npm test"])
        readTestRun(command, piece.repeat(30_000), false);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
