import { describe, expect, it } from "vitest";
import { rowsInSight } from "./rows.ts";

const base = { count: 10_000, row_px: 36, open_index: -1, open_px: 0, top: 0, room: 900 };

describe("rowsInSight", () => {
  it("draws the window and a little more", () => {
    expect(rowsInSight(base)).toEqual({ from: 0, to: 37 });
    expect(rowsInSight({ ...base, top: 36_000 })).toEqual({ from: 988, to: 1_037 });
  });
  it("ends at the end", () => {
    expect(rowsInSight({ ...base, count: 3 })).toEqual({ from: 0, to: 3 });
    expect(rowsInSight({ ...base, count: 0 })).toEqual({ from: 0, to: 0 });
  });
  it("always has the open row while its details are in sight", () => {
    for (let top = 100 * 36; top <= 101 * 36 + 300; top += 20) {
      const { from, to } = rowsInSight({ ...base, open_index: 100, open_px: 300, top });
      expect(from).toBeLessThanOrEqual(100);
      expect(to).toBeGreaterThan(100);
    }
    expect(rowsInSight({ ...base, open_index: 100, open_px: 300, top: 36_000 + 300 }).from).toBe(988);
  });
});
