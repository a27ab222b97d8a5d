import { describe, expect, it } from "vitest";
import { TASK_STATUSES } from "../../../schema/state/entity/task.ts";
import { initials } from "./initials.ts";
import { GLYPH_OF, pieSlice, STATUS_LABEL } from "./status.ts";

describe("status glyphs", () => {
  it("gives eight statuses six shapes and a word each", () => {
    expect(new Set(TASK_STATUSES.map((status) => GLYPH_OF[status])).size).toBe(6);
    expect(new Set(TASK_STATUSES.map((status) => STATUS_LABEL[status])).size).toBe(8);
    expect(GLYPH_OF.claimed).toBe("pending");
    expect(GLYPH_OF.merged).toBe("done");
  });

  it("draws the pie as the design does, and nothing where nothing is known", () => {
    expect(pieSlice(0.25)).toBe("M8 8V4.1A3.9 3.9 0 0 1 11.90 8.00Z");
    expect(pieSlice(0.75)).toBe("M8 8V4.1A3.9 3.9 0 1 1 4.10 8.00Z");
    expect(pieSlice(1)).toMatch(/^M8 4.1A/);
    for (const unknown of [null, 0, -1, Number.NaN]) expect(pieSlice(unknown)).toBeNull();
  });
});

describe("initials", () => {
  it.each([
    ["Ada Lovelace", "al"],
    ["coder-a", "ca"],
    ["nux", "nu"],
    ["x", "x"],
    ["", "?"],
    ["🦀 crab", "🦀c"],
    ["a/b/c", "ac"],
  ])("%j → %j", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});
