import { expect, it } from "vitest";
import { HANDED_CHARS } from "../../../schema/wire/lesson-limits.ts";
import { paste } from "../query/paste.ts";
import { tokensOf } from "./find.ts";

it("counts of a lesson what is handed over, and not what stays behind", () => {
  const short = { headline: "Mend it", explanation: "x".repeat(HANDED_CHARS), context: null };
  const long = { ...short, explanation: "x".repeat(2_000) };
  expect(tokensOf(long)).toBe(tokensOf(short));
  expect(tokensOf({ ...short, explanation: "x".repeat(HANDED_CHARS - 40) })).toBe(tokensOf(short) - 10);
  const rationale = long.explanation;
  const decision = { seq: 1, at: "2026-11-22T14:23:15.120Z", title: "A", rationale, agent_id: "a" };
  const text = paste({ lessons: [], decisions: [{ ...decision, task_id: null, feature_id: null }] });
  expect(text.match(/x+/)?.[0]).toHaveLength(HANDED_CHARS);
});
