import { describe, expect, it } from "vitest";
import { newLessonRequest } from "../../../schema/wire/lesson-body.ts";
import { draftErrors, EMPTY_DRAFT, readDraft } from "./lesson-form.ts";

const knows = (task: string) => task === "T-1";
const draft = { ...EMPTY_DRAFT, headline: "  End dates are exclusive " };

describe("what a person teaches", () => {
  it("is sent as the server wants it, without what was left empty", () => {
    const read = readDraft(
      { ...draft, tags: "Dates, bookings,, Dates", evidence: "12, 480 12", task_id: "T-1", importance: "8" },
      knows,
    );
    const lesson = read.ok ? read.lesson : null;
    expect(lesson).toEqual({
      ...{ headline: "End dates are exclusive", category: "pitfall", scope: "project", importance: 8 },
      ...{ tags: ["Dates", "bookings"], evidence: [12, 480], task_id: "T-1" },
    });
    expect(newLessonRequest.safeParse(JSON.parse(JSON.stringify(lesson))).success).toBe(true);
  });
  it("needs its sentence, events that are numbers, and a task that is known", () => {
    const read = readDraft({ ...draft, headline: " ", evidence: "12 x", task_id: "T-2" }, knows);
    const errors = read.ok ? {} : read.errors;
    expect(Object.keys(errors).toSorted()).toEqual(["evidence", "headline", "task_id"]);
    expect(errors.evidence).toMatch(/^"x" is no number/);
    for (const evidence of ["0", "-1", "1e3", "1.5"])
      expect(readDraft({ ...draft, evidence }, knows).ok).toBe(false);
  });
  it("stands with the server's words beside its fields", () => {
    expect(draftErrors({ "tags.3": "Too long a tag.", headline: "Say it shorter.", other: "x" })).toEqual({
      ...{ tags: "Too long a tag.", headline: "Say it shorter." },
    });
    expect(draftErrors({ "constructor.x": "no" })).toEqual({});
  });
});
