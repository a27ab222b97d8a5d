import { describe, expect, it } from "vitest";
import { DEFAULT_LEARNING, learningSettings } from "../../../schema/wire/learning.ts";
import {
  errorsOf,
  LEARNING_FIELDS,
  learningSentence,
  modelSentence,
  readLearning,
  sharesOf,
  textOf,
} from "./learning.ts";

const text = textOf(DEFAULT_LEARNING);

describe("what is typed about lessons", () => {
  it("is read as it was written", () => {
    expect(text).toMatchObject({ withheld_percent: "20", recency: "0.25", max_tokens: "1500" });
    const { language_model, reflection, ...handing } = DEFAULT_LEARNING;
    expect(readLearning(text)).toEqual({ ok: true, value: handing });
    for (const percent of ["0", "7", "29", "30", "33.3", "50"]) {
      const read = readLearning({ ...text, withheld_percent: percent });
      expect(read.ok && textOf(read.value).withheld_percent).toBe(percent);
      const value = read.ok ? { ...read.value, language_model, reflection } : null;
      expect(learningSettings.safeParse(value).success, percent).toBe(true);
    }
  });
  it("is never sent where it is no number, and says what is expected", () => {
    const wrong = Object.fromEntries(
      LEARNING_FIELDS.map((field) => [field, field === "recency" ? "" : "many"]),
    );
    const read = readLearning({ ...text, ...wrong });
    expect(Object.keys(read.ok ? {} : read.errors)).toEqual([...LEARNING_FIELDS]);
    for (const message of Object.values(read.ok ? {} : read.errors))
      expect(message).toMatch(/ is expected\.$/);
  });
  it("stands with the server's words by its field, each of which says what to do", () => {
    const refused = learningSettings.safeParse({
      ...{
        weights: { recency: 2, importance: 0, relevance: 0 },
        withheld_share: -1,
        max_lessons: 0,
        max_tokens: 1,
      },
    });
    const issues = refused.success ? [] : refused.error.issues;
    const errors = errorsOf(
      Object.fromEntries(issues.map(({ path, message }) => [`learning.${path.join(".")}`, message])),
    );
    expect(Object.keys(errors).toSorted()).toEqual([
      "max_lessons",
      "max_tokens",
      "recency",
      "withheld_percent",
    ]);
    for (const message of Object.values(errors)) expect(message).not.toMatch(/^(Too|Invalid)/);
    expect(errorsOf({ "learning.weights": "One above 0." })).toEqual({ relevance: "One above 0." });
  });
  it("shows what each weight counts, whatever they add up to", () => {
    expect(sharesOf({ ...text, recency: "1", importance: "1", relevance: "2" })).toEqual({
      ...{ recency: "25 %", importance: "25 %", relevance: "50 %" },
    });
    for (const relevance of ["x", "-1"]) expect(sharesOf({ ...text, relevance })).toBeNull();
    expect(sharesOf({ ...text, recency: "0", importance: "0", relevance: "0" })).toBeNull();
  });
  it("is told in a sentence that claims no measure where nothing is held back", () => {
    expect(learningSentence(false, DEFAULT_LEARNING)).toBe(
      "Agents that ask are handed lessons; 20 % is held back from tasks to measure what they do.",
    );
    expect(learningSentence(true, { ...DEFAULT_LEARNING, withheld_share: 0 })).toBe(
      "Claude Code, and agents that ask, are handed lessons; none is held back, so what they do is not measured.",
    );
  });
  it("names the model and the host that it goes to, or says that there is none", () => {
    const model = { name: "llama3.2", host: "localhost:11434", asked_again: null };
    expect(modelSentence(model)).toMatch(/^The texts .* are sent to llama3\.2 on localhost:11434\./);
    expect(modelSentence({ ...model, asked_again: "Yes was said to another." })).toMatch(
      /^Yes was said to another\. The texts /,
    );
    expect(modelSentence(null)).toMatch(/^This installation has none/);
  });
});
