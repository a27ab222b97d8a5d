import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { lessonsOfTask } from "./task-lessons.ts";

let seq = 0;
const event = (event_type: string, metadata: StoredEvent["metadata"] = {}): StoredEvent => ({
  ...{ seq: ++seq, id: `e-${seq}`, event_type, timestamp: "2026-01-01T00:00:00Z", agent_id: "a", metadata },
  ...{ hash: "", prev_hash: "", received_at: "2026-01-01T00:00:00Z", key_id: "k", source: "api", v: 1 },
});

describe("the lessons of a task", () => {
  it("says which it was handed, which were held back, and which it taught", () => {
    const told = lessonsOfTask([
      event("task_started"),
      event("lesson_retrieved", { lesson_id: "given", via: "hook" }),
      event("lesson_withheld", { lesson_id: "held", reason: "held back by chance" }),
      event("lesson_applied", { lesson_id: "given" }),
      event("lesson_rated", { lesson_id: "given", helpful: true }),
      event("lesson_learned", { lesson_id: "own", headline: "Dates are exclusive" }),
    ]);
    expect(told.handed).toMatchObject([
      {
        lesson_id: "given",
        words: "handed over by Claude Code's hook, applied, called helpful",
        headline: null,
      },
    ]);
    expect(told.withheld).toMatchObject([{ lesson_id: "held", words: expect.stringMatching(/^held back/) }]);
    expect(told.taught).toMatchObject([{ lesson_id: "own", headline: "Dates are exclusive" }]);
  });

  it("counts what was held back and then found by a search as handed: it was read", () => {
    const told = lessonsOfTask([
      event("lesson_retrieved", { lesson_id: "x", via: "search" }),
      event("lesson_withheld", { lesson_id: "x" }),
    ]);
    expect([told.handed.length, told.withheld.length]).toEqual([1, 0]);
    expect(told.handed[0]?.words).toMatch(/found by a search, held back/);
  });

  it("calls a lesson without a name by its place, as the book does, and skips what names none", () => {
    const learned = event("lesson_learned", { headline: " " });
    const told = lessonsOfTask([learned, event("lesson_applied"), event("lesson_rated", { lesson_id: 7 })]);
    expect(told.taught).toMatchObject([{ lesson_id: `lesson-${learned.seq}`, headline: null }]);
    expect(told.handed).toEqual([]);
  });

  it("[P2] takes any name for a name", () => {
    const names = ["__proto__", "constructor", "<img src=x>"];
    const told = lessonsOfTask(
      names.map((lesson_id) => event("lesson_retrieved", { lesson_id, via: "toString" })),
    );
    expect(told.handed.map(({ lesson_id }) => lesson_id)).toEqual(names.toReversed());
    expect(told.handed[0]?.words).toBe("handed over");
  });
});
