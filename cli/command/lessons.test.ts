import { describe, expect, it } from "vitest";
import {
  lessonApproval,
  lessonEnding,
  lessonsOfKey,
  lessonRating,
  newLessonRequest,
  noBody,
} from "../../schema/wire/lesson-body.ts";
import type { Lesson } from "../../schema/wire/lesson.ts";
import type { EffectVerdict, LessonEffectInfo, Lift } from "../../schema/wire/lesson-effect.ts";
import { effectTable } from "../print/effect-table.ts";
import { acceptedText, lessonTable, lessonWhy, searchTable } from "../print/lesson-table.ts";
import { askedOf } from "./lessons.ts";

const bodyOf = (words: string[], flags = {}) => {
  const { path, init } = askedOf(words, flags);
  return [path, JSON.parse(init.body ?? "null") as unknown] as const;
};

const lesson: Lesson = {
  ...{
    id: "l-1",
    project: "p000000000000000",
    category: "pitfall",
    headline: "End \u001b[31mdates\u202e",
    importance: 7,
  },
  ...{
    explanation: "Because.\nTwice.",
    context: null,
    tags: ["dates"],
    confidence: null,
    source_task: "T-1",
  },
  ...{
    source_feature: null,
    evidence: [3, 4],
    provenance: { kind: "key", by: "coder", key_id: "k", seqs: [9] },
  },
  ...{
    status: "active",
    reason: null,
    scope: "project",
    wants_team: true,
    flags: [],
    helpful: 2,
    harmful: 1,
  },
  ...{ applied: 0, delivered: 8, withheld: 2, times: 3, created_at: 0, updated_at: 0, used_at: 0 },
};

describe("clusterfork lessons", () => {
  it("asks what was typed, in forms that the server takes", () => {
    expect(askedOf([], {})).toEqual({ path: "/v1/lessons", init: { method: "GET" } });
    expect(askedOf([], { status: "proposed,retired", tags: "a" }).path).toBe(
      "/v1/lessons?status=proposed%2Cretired&tags=a",
    );
    expect(askedOf(["search", "end", "dates"], { k: "3" }).path).toBe("/v1/lessons/search?q=end+dates&k=3");
    expect(askedOf(["effects"], {}).path).toBe("/v1/lessons/effects");
    expect(askedOf(["why", "a/b"], {}).path).toBe("/v1/lessons/a%2Fb");
    expect(askedOf(["context", "T-1"], {})).toEqual({
      path: "/v1/context?task=T-1",
      init: { method: "GET", headers: { accept: "text/markdown" } },
    });
    const [path, added] = bodyOf(["add", "End", "dates"], {
      tags: "a, b",
      importance: "8",
      scope: "team",
      task: "T",
    });
    expect(path).toBe("/v1/lessons");
    expect(newLessonRequest.parse(added)).toEqual({
      ...{ headline: "End dates", tags: ["a", "b"], importance: 8, scope: "team", task_id: "T" },
    });
    const [rating, rated] = bodyOf(["rate", "l-1", "harmful"], { comment: "no" });
    expect([rating, lessonRating.parse(rated)]).toEqual([
      "/v1/lessons/l-1/rating",
      { helpful: false, comment: "no" },
    ]);
    expect(lessonApproval.parse(bodyOf(["approve", "l-1"], { scope: "team" })[1])).toEqual({ scope: "team" });
    expect(lessonEnding.parse(bodyOf(["retire", "l-1"], { reason: "over" })[1])).toEqual({ reason: "over" });
    expect(lessonsOfKey.parse(bodyOf(["purge", "abc123"])[1])).toEqual({ key: "abc123" });
    const [all, key] = bodyOf(["quarantine-key", "abc123"]);
    expect([all, lessonsOfKey.parse(key)]).toEqual(["/v1/lessons/quarantine", { key: "abc123" }]);
    const [made, nothing] = bodyOf(["reindex"]);
    expect([made, noBody.parse(nothing)]).toEqual(["/v1/lessons/reindex", {}]);
  });

  it.each([[["search"]], [["rate", "l-1"]], [["rate", "l-1", "good"]], [["approve"]], [["burn", "l-1"]]])(
    "says what is missing from %j",
    (words) => expect(() => askedOf(words, {})).toThrow(/lessons/),
  );

  it("[P2] prints nothing that a terminal would act on", () => {
    const hit = {
      ...{
        lesson,
        rank: 1,
        score: 0.5,
        recency: 1,
        importance: 0.7,
        relevance: 0.4,
        cosine: null,
        lexical: 0.4,
      },
      ...{ terms: ["dates"], tokens: 50, why: "0.50 = …; found by \u001b]0;dates." },
    };
    const printed = [
      lessonTable({ lessons: [lesson], next: null }),
      lessonWhy(lesson),
      acceptedText({ id: "l\u001b[31m-1", status: "active", next: "It is found a moment\u202e from now." }),
      searchTable({
        ...{
          query: "q",
          weights: { recency: 0.25, importance: 0.35, relevance: 0.4 },
          hits: [hit],
          semantic: false,
        },
        left_out: { unrelated: 2, alike: 0, over_budget: 1 },
      }),
    ].join("\n");
    expect(printed).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    expect(printed).toMatch(/^l.*-1: active\. It is found a moment.* from now\.$/m);
    expect(printed).toContain("2 about something else");
    expect(printed).toContain("waits for approval");
    expect(printed).toContain("learned 3 times");
  });
});

describe("what lessons do, at a terminal", () => {
  const lift = (measure: Lift["measure"], estimate: number | null, low: number, high: number): Lift => ({
    ...{ measure, handed: 8, withheld: estimate === null ? 0 : 2, estimate, low, high },
  });
  const effect = (verdict: EffectVerdict, known: boolean): LessonEffectInfo => ({
    ...{ verdict, tasks: 10, delivered: 7, searched: 1, waiting: 2 },
    lifts: {
      success: lift("success", known ? 0.2 : null, -0.051, 0.451),
      cycles: lift("cycles", known ? -0.3 : null, -1, 0.5),
      tokens: lift("tokens", known ? -0.2 : null, -0.4, 63),
      work: lift("work", null, -0.98, 63),
    },
  });
  const told = { excluded: 3, waiting: 2, is_full: true, overall: effect("helps", true) };

  it("is told with its bounds, and as unknown where an arm is empty", () => {
    const text = effectTable({
      ...told,
      lessons: [
        { lesson_id: "bad\u001b[31m", ...effect("not enough data", false) },
        { lesson_id: "good", ...effect("helps", true) },
      ],
    });
    expect(text).toMatch(
      /good +helps +10 +8 +2 +\+20 points \[−5, \+45\] +−20 % \[−40, > \+999\] +unknown +−0\.3 \[−1, \+0\.5\]/,
    );
    expect(text).toMatch(/not enough data +10 +8 +0 +unknown +unknown/);
    expect(text).not.toContain("\u001b");
    expect(text).toContain(
      "Of 8 tasks that were to get one 7 were answered in time; of 2 without it 1 found",
    );
    expect(text).toContain("as a task is open: 2.");
    expect(text).toContain("the task is gone: 3.");
    expect(text).toContain("no coin is tossed any more");
  });

  it("says what is missing where nothing was drawn", () => {
    expect(effectTable({ ...told, lessons: [] })).toMatch(/^No coin was tossed yet/);
  });
});

it("says whose count it is how often a lesson was given", () => {
  expect(lessonTable({ lessons: [lesson], next: null })).toContain("by Clusterfork itself");
});
