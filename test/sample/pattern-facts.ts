/** What each pattern found, as the analyst would say it of a small feature. */
import type { Pattern, PatternKind } from "../../worker/learning/analyse/pattern.ts";

export const PATTERN_FACTS: Readonly<Record<PatternKind, Pattern["facts"]>> = {
  outlier: { measure: "work", like: "bug tasks", title: "Fix it" },
  better: {
    measure: "work",
    like: "bug tasks",
    title: "Fix it",
    trait: "it was done by coder-z",
    trait_share: 0.02,
    alike: 2,
  },
  review: { category: "tests", reviews: 4, comment_1: "No test for the empty case." },
  retry: { title: "Fix it", error: "expected 2, received 3" },
  flaky: { test: "reminds once" },
  contention: { path: "server/routes.ts", agents: 3 },
  context: { failed: 0, used_tokens: 180_000 },
  loop: { tool: "Bash", agent: "coder-a" },
  clarification: { question: "Is empty an error?", role: "architect", title: "Fix it" },
  defect: { what: "lint", type: ".svelte", rules: "no-floating-promises" },
  handoff: { from: "planner", to: "coder" },
  reopened: { title: "Fix it", claimed: "Closed", reason: "the export is empty" },
  wordless: { usual_share: 0.2 },
  cause: { title: "Fix it", cause: "The root cause was a missing id." },
  redone: { why: "done already", title: "Fix it", said: "already merged by coder-b" },
  recurrence: { test: "TestBooksOnce", mended: 2 },
};
