import { describe, expect, it } from "vitest";
import { DayMarks } from "./day.ts";

const at = (month: number, day: number, hour = 12) => new Date(2026, month - 1, day, hour).toISOString();

describe("DayMarks", () => {
  it("says nothing of today, and the day where another one begins", () => {
    const marks = new DayMarks(new Date(2026, 10, 22, 9));
    expect(marks.before(at(11, 22, 8))).toBeNull();
    expect(marks.before(at(2, 28))).toBe("── 2026-02-28 ──");
    expect(marks.before(at(2, 28, 23))).toBeNull();
    expect(marks.before(at(11, 22))).toBe("── 2026-11-22 ──");
  });
});
