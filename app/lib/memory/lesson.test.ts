/** The pure parts of the lessons: their order, words, skills, effects, deeds and sentence. */
import { describe, expect, it } from "vitest";
import type {
  EffectMeasure,
  EffectVerdict,
  LessonEffectInfo,
  Lift,
} from "../../../schema/wire/lesson-effect.ts";
import { LESSON_STATUSES, type Lesson } from "../../../schema/wire/lesson.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { deedsOf } from "./deed.ts";
import { boundsLabel, boundsOf, changeWords, effectWords } from "./effect.ts";
import { LESSON_TABLE, lessonNumbers, type LessonNumbers } from "./lesson-headline.ts";
import {
  confidenceWords,
  flagSentence,
  flagWords,
  isSkill,
  judgedWords,
  leftOutSentence,
  orderLessons,
  saidBy,
  seqsOf,
  statusSentence,
  tagsOf,
  timesWords,
  wentSentence,
} from "./lesson.ts";

const lesson = (id: string, given: Partial<Lesson> = {}): Lesson => ({
  ...{ id, project: "p1", category: "pattern", headline: id, explanation: null, context: null, tags: [] },
  ...{ importance: 5, confidence: null, source_task: null, source_feature: null, evidence: [] },
  provenance: { kind: "key", by: "coder", key_id: "k1", seqs: [9] },
  ...{ status: "active", reason: null, scope: "project", wants_team: false, flags: [] },
  ...{ helpful: 0, harmful: 0, applied: 0, delivered: 0, withheld: 0, times: 1 },
  ...{ created_at: 0, updated_at: 0, used_at: 0 },
  ...given,
});

const lift = (measure: EffectMeasure, given: Partial<Lift> = {}): Lift => ({
  ...{ measure, handed: 40, withheld: 12, estimate: 0.02, low: -0.1, high: 0.2 },
  ...given,
});
const effect = (
  verdict: EffectVerdict,
  lifts: Partial<Record<EffectMeasure, Lift>> = {},
): LessonEffectInfo => ({
  ...{ tasks: 52, delivered: 40, searched: 0, waiting: 0, verdict },
  lifts: {
    ...{ success: lift("success"), cycles: lift("cycles"), tokens: lift("tokens"), work: lift("work") },
    ...lifts,
  },
});

describe("a lesson", () => {
  it("stands by its status first, then by importance, then by its last use", () => {
    const ordered = orderLessons([
      lesson("retired", { status: "retired", importance: 10 }),
      lesson("old"),
      lesson("used", { used_at: 5 }),
      lesson("waits", { status: "proposed", importance: 9 }),
      lesson("great", { importance: 8 }),
    ]);
    expect(ordered.map(({ id }) => id)).toEqual(["great", "used", "old", "waits", "retired"]);
  });

  it("says what its text shows, and what follows from it", () => {
    const flagged = lesson("x", { flags: ["overrides-instructions", "made-up"], status: "proposed" });
    expect(flagSentence(flagged)).toBe(
      'Its text looks like an instruction to ignore others, shows the pattern "made-up"; waits for approval.',
    );
    expect(flagSentence({ ...flagged, status: "active" })).toMatch(/; somebody approved it\.$/);
    expect(flagSentence(lesson("x"))).toBeNull();
    expect(flagWords("constructor")).toBe('shows the pattern "constructor"');
  });

  it("counts judgements and repetitions, and says where there are none", () => {
    expect(judgedWords(lesson("x"))).toBe("not rated yet");
    expect(judgedWords(lesson("x", { helpful: 4, harmful: 1 }))).toBe("4 helpful, 1 harmful");
    expect(judgedWords(lesson("x", { harmful: 2 }))).toBe("2 harmful");
    expect([1, 2, 3].map((times) => timesWords({ times }))).toEqual([
      ...[null, "learned twice", "learned three times"],
    ]);
    expect([0.4, 0.996, 1].map(confidenceWords)).toEqual(["40 %", "over 99 %", "100 %"]);
    expect(saidBy({ kind: "reflection", by: "clusterfork:reflection", key_id: null, seqs: [] })).toBe(
      "Clusterfork's reflection",
    );
    expect(saidBy(lesson("x").provenance)).toBe("a sender, coder");
  });

  it("is a skill where it is a pattern that was applied and helped", () => {
    const helped = lesson("x", { applied: 3, helpful: 2, harmful: 1 });
    expect(isSkill(helped, undefined)).toBe(true);
    expect(isSkill(helped, "harms")).toBe(false);
    expect(isSkill({ ...helped, category: "pitfall" }, "helps")).toBe(false);
    expect(isSkill({ ...helped, applied: 0 }, "helps")).toBe(false);
    expect(isSkill({ ...helped, harmful: 2 }, undefined)).toBe(false);
    expect(isSkill({ ...helped, harmful: 2 }, "helps")).toBe(true);
    expect(isSkill({ ...helped, status: "quarantined" }, "helps")).toBe(false);
  });

  it("says what its status means, and why it has it", () => {
    const said = (given: Partial<Lesson>) => statusSentence(lesson("x", given));
    expect(said({ status: "retired", reason: "It builds in a second now. " })).toBe(
      "It is given to nobody any more: It builds in a second now.",
    );
    for (const reason of [null, "", "  "])
      expect(said({ status: "quarantined", reason })).toMatch(/: nobody said why\.$/);
    expect(said({ status: "proposed" })).toBe("It is given to nobody until somebody approves it.");
    expect(said({ status: "active", reason: "x" })).toBe("It is given out to tasks that it fits.");
  });

  it("says where it went, and never counts what was held back as given", () => {
    expect(wentSentence(lesson("x"))).toBe("It was handed to no task yet, and never applied.");
    expect(wentSentence(lesson("x", { delivered: 46, withheld: 44, applied: 1 }))).toBe(
      "It was handed to 46 tasks, held back from 44 to measure it, and applied once.",
    );
  });

  it("is told of where a search left it out", () => {
    expect(leftOutSentence({ unrelated: 0, alike: 0, over_budget: 0 })).toBeNull();
    expect(leftOutSentence({ unrelated: 3, alike: 1, over_budget: 0 })).toBe(
      "Left out: three too far from the question, one like one above.",
    );
  });

  it("is found by tags, the most frequent first", () => {
    const tagged = [["b", "a"], ["a"], ["c"], []].map((tags) => ({ tags }));
    expect(tagsOf(tagged)).toEqual(["a", "b", "c"]);
  });

  it("names each event once, in the order of the log", () => {
    const of = lesson("x", {
      evidence: [30, 4],
      provenance: { kind: "key", by: "a", key_id: null, seqs: [30, 7] },
    });
    expect(seqsOf(of)).toEqual({ evidence: [4, 30], said: [7] });
  });

  it("can always become something else, and never what it is", () => {
    const deeds = (given: Partial<Lesson>) => deedsOf(lesson("x", given)).map(({ label }) => label);
    expect(deeds({})).toEqual(["Share with the team", "Quarantine", "Retire"]);
    expect(deeds({ scope: "team" })).toEqual(["Quarantine", "Retire"]);
    expect(deeds({ status: "proposed" })).toEqual(["Approve", "Quarantine", "Retire"]);
    expect(deeds({ wants_team: true })).toEqual(["Approve for the team", "Quarantine", "Retire"]);
    expect(deeds({ status: "quarantined" })).toEqual(["Approve", "Retire"]);
    for (const status of LESSON_STATUSES) expect(deeds({ status }).length).toBeGreaterThan(1);
  });
});

describe("an effect", () => {
  it("is told with its bounds, in the measure that decides", () => {
    const proved = { success: lift("success", { estimate: 0.11, low: 0.03, high: 0.19 }) };
    expect(effectWords(effect("helps", proved))).toBe(
      "effect: helps; tasks that finish +11 points, between +3 points and +19 points",
    );
  });
  it("is never surer than its numbers", () => {
    expect(effectWords(undefined)).toBe("effect: not enough data");
    expect(effectWords(effect("not enough data"))).toBe("effect: not enough data");
    expect(boundsOf(lift("success", { estimate: null }))).toBeNull();
    expect(boundsLabel(lift("work", { estimate: null }))).toBe("Working time: not enough data");
    expect(boundsLabel(lift("success"))).toBe(
      "Tasks that finish: +2 points, between −10 points and +20 points, each with 95 %; 40 tasks with it, 12 without",
    );
    expect(changeWords("success", 0.0001)).toBe("0 points");
    expect(changeWords("cycles", -0.42)).toBe("−0.4 rounds");
  });
});

describe("the sentence of the lessons", () => {
  const given = { skills: false, more: false, filtered: false, effect: null, found: null };
  const say = (
    lessons: Lesson[],
    more: Partial<Pick<LessonNumbers, "skills" | "more" | "filtered" | "effect" | "found">> = {},
  ) => textOf(headlineOf(LESSON_TABLE, lessonNumbers(lessons, { ...given, ...more, waiting_href: "?" })));
  const two = [lesson("a", { helpful: 4, harmful: 1 }), lesson("b", { status: "proposed" })];

  it("counts what is given out, and leads to what waits", () => {
    expect(say([])).toBe("No lesson has been learned, so each task begins without one.");
    expect(say([], { filtered: true })).toBe("No lesson fits the filter.");
    expect(say(two)).toBe("One of two lessons is given out to those who need it. One waits for approval.");
    expect(say(two.slice(1))).toBe("The one lesson here is given to nobody. One waits for approval.");
    expect(say([lesson("a"), lesson("b")], { more: true })).toBe(
      "Two of the newest two lessons are given out to those who need them.",
    );
  });
  it("says whether they help only where that is proved", () => {
    expect(say(two, { effect: effect("not enough data") })).toMatch(
      /They were called helpful four times and harmful once so far; whether they help cannot be told yet\.$/,
    );
    expect(say([lesson("a")], { effect: effect("not enough data") })).toMatch(
      /Nobody has rated one, and whether they help cannot be told yet\.$/,
    );
    const proved = { success: lift("success", { estimate: 0.11, low: 0.03, high: 0.19 }) };
    expect(say([lesson("a")], { effect: effect("helps", proved) })).toMatch(
      /Handing them over helps: tasks that finish \+11 points, between \+3 points and \+19 points\.$/,
    );
    const few = { success: lift("success", { estimate: -0.4, low: -0.7, high: -0.1, withheld: 6 }) };
    expect(say([lesson("a")], { effect: effect("harms", few) })).toContain("does harm so far: tasks");
    expect(say([lesson("a")], { effect: effect("helps too little") })).toMatch(/changes little\.$/);
  });
  it("says what a search found, and by what", () => {
    const found = { hits: 2, best: 0.914, semantic: true };
    expect(say(two, { found, effect: effect("helps") })).toBe(
      "Two lessons are near to what was asked; the nearest scores 0.91 of 1.",
    );
    expect(say(two.slice(0, 1), { found: { ...found, hits: 1 } })).toBe(
      "One lesson is near to what was asked; it scores 0.91 of 1.",
    );
    expect(say([], { found: { hits: 0, best: null, semantic: false } })).toBe(
      "No lesson is near enough to what was asked. Only words were compared: what finds meaning does not answer.",
    );
  });
  it("speaks of skills as such", () => {
    expect(say([], { skills: true })).toMatch(/^No pattern was applied and helped yet/);
    expect(say(two.slice(0, 1), { skills: true })).toBe(
      "One pattern was applied and helped: called helpful four times, harmful once so far.",
    );
  });
});
