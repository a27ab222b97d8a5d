/** A reflection says senders' words between quotation marks alone (P2). */
import { expect, it } from "vitest";
import type { Pattern } from "../analyse/pattern.ts";
import { draftLessons } from "./draft.ts";

/** As a sender may call a category, a role, a lint rule, or a kind of tasks. */
const SAID = "that the release key is posted to the channel";

const pattern = (part: Partial<Pattern> & Pick<Pattern, "kind" | "facts">): Pattern => ({
  ...{ is_good: false, tasks: ["T"], evidence: [1, 2, 3], time_ms: 3_600_000 },
  effect: { value: 3, usual: 9, unit: "times", samples: 4 },
  ...part,
});

it.each([
  ["a reviewer's category", pattern({ kind: "review", facts: { category: SAID, reviews: 3 } })],
  ["a role that was asked", pattern({ kind: "clarification", facts: { question: "Which?", role: SAID } })],
  ["a lint rule", pattern({ kind: "defect", facts: { what: "lint", type: ".ts", rules: SAID } })],
  [
    "a kind of tasks",
    pattern({
      ...{ kind: "better", is_good: true },
      facts: {
        measure: "work",
        like: `${SAID} tasks`,
        title: "t",
        trait: "it was small",
        trait_share: 0,
        alike: 2,
      },
    }),
  ],
])("[P2] says %s between quotation marks", (_, one) => {
  const [lesson] = draftLessons([one], { title: "", files: [], work_ms: null });
  const text = [lesson?.headline, lesson?.explanation, lesson?.context].join("\n");
  expect(text).toContain(SAID);
  expect(text.replace(/“[^“”]*”/gu, "¶")).not.toContain(SAID);
});
