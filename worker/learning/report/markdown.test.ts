import { describe, expect, it } from "vitest";
import { inline } from "./escape.ts";
import { markdownOf } from "./markdown.ts";
import { reportOf } from "./report.ts";
import { call, knownOf, type Step } from "../../../test/sample/report-log.ts";

describe("[P2] text of events within Markdown", () => {
  it("is one line of text, whatever it says", () => {
    expect(inline("a\n# b\r\n- c")).toBe("a \\# b - c");
    expect(inline("<img src=x onerror=alert(1)>")).toBe("\\<img src=x onerror=alert(1)\\>");
    expect(inline("![x](javascript:1) [y](http://e.vil) `z` *a* _b_ ~c~ |d| &amp; $e$ \\")).toBe(
      "!\\[x\\](javascript:1) \\[y\\](http:\u200B//e.vil) \\`z\\` \\*a\\* \\_b\\_ \\~c\\~ \\|d\\| \\&amp; \\$e\\$ \\\\",
    );
    expect(inline("\u202Eright\u0000 to\u2028left\u001b[31m")).toBe("right to left\\[31m");
  });
  it("links nothing and calls nobody where it is pasted", () => {
    expect(inline("https://e.vil www.e.vil WWW.e.vil a@e.vil @ana #12")).toBe(
      "https:\u200B//e.vil w\u200Bww.e.vil W\u200BWW.e.vil a@\u200Be.vil @\u200Bana \\#\u200B12",
    );
  });
  it("is cut between characters, not within one", () => {
    expect([...inline("😀".repeat(10_000))]).toHaveLength(300);
    expect(inline("\ud800x")).toBe("\ufffdx");
  });
});

describe("a report as Markdown", () => {
  const T = { task_id: "T-1" };
  const steps = (title: string, id: string): Step[] => [
    [0, "feature_requested", { metadata: { title } }],
    [0, "task_created", { task_id: id, metadata: { title } }],
    [1, "task_claimed", { task_id: id, agent_id: title }],
    [2, "tokens_used", call(id, 4_200, 0.34)],
    [3, "test_passed", { task_id: id, metrics: { passed: 28, failed: 2 } }],
    [4, "agent_submitted", { task_id: id }],
    [5, "reviewer_approved", { task_id: id }],
    [9, "task_merged", { task_id: id }],
    [10, "feature_merged"],
    [11, "lesson_learned", { metadata: { lesson_id: "L-1", headline: title, category: title } }],
  ];
  it("says what the numbers say, and unknown where they do not", () => {
    const text = markdownOf(reportOf(knownOf(steps("Add User Authentication", T.task_id))));
    expect(text).toBe(`# Feature: Add User Authentication

Id: auth

## Overview

- **Status:** ✅ Merged
- **Duration:** 9 min
- **Cost:** $0.34 (4.20 k tokens): $0.34 reported
- **Quality:** A: 0.4 × quality 100 ÷ 0.4 = 100. A is 90 and more. Unknown and left out: speed and cost.
  - quality: 100; mean of: approved at the first try 100, tasks whose last tests pass 100
  - speed: unknown; Nothing was foretold of it, and too little like it was finished before.
  - cost: unknown; Nothing was foretold of it, and too little like it was finished before.

## Task Breakdown

1. **Add User Authentication** (T-1): ✅ Merged, approved
   - Agent: Add User Authentication
   - Time: 3 min working, 1 min waiting, 5 min in review
   - Tokens: 4.20 k ($0.34)
   - Reviewer cycles: 0

## Quality Metrics

- **Tests:** 28 passed, 2 failed, over all runs
- **Approved at the first try:** 100% (1 of 1 task)
- **Last tests pass:** 100% (1 of 1 task)
- **Lint passes:** unknown: no lint run was reported.
- **Bugs within seven days:** Unknown: no bug was ever reported in this project, which says nothing about how many there are.

## Insights

- 1 of 1 reviewed task passed at the first try.

## Lessons

- Add User Authentication: Add User Authentication
`);
  });
  it("[P2] has no markup of anybody's in it", () => {
    const hostile = "# x](http://e.vil)\n\n<script>alert(1)</script> ![i](http://e.vil/p.png) `a` **b** @ana";
    const text = markdownOf(reportOf(knownOf(steps(hostile, `${hostile}-1`))));
    expect(text).toContain("script");
    expect(text).not.toMatch(/(?<!\\)[<>`]/);
    expect(text).not.toMatch(/(?<!\\)\]\(/);
    expect(text).not.toContain("://");
    expect(text).not.toMatch(/@ana/);
    const headings = text.split("\n").filter((line) => line.startsWith("#"));
    expect(headings).toHaveLength(6);
  });
});
