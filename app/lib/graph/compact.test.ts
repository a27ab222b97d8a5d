import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compactRow } from "./compact.ts";

describe("compactRow", () => {
  it("leaves alone what has room", () => {
    expect(
      compactRow(
        [
          { x: 50, width: 20 },
          { x: 120, width: 20 },
        ],
        1,
        10,
        200,
      ),
    ).toEqual([50, 120]);
  });
  it("moves apart what overlaps, each by half", () => {
    expect(
      compactRow(
        [
          { x: 100, width: 20 },
          { x: 100, width: 20 },
        ],
        1,
        10,
        200,
      ),
    ).toEqual([85, 115]);
  });
  it("keeps order, gaps and limits for any row that fits", () => {
    const row = fc.array(
      fc.record({ x: fc.integer({ min: 0, max: 5_000 }), width: fc.integer({ min: 10, max: 200 }) }),
      {
        minLength: 1,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(
        row,
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.nat({ max: 800 }),
        (slots, scale, spare) => {
          slots.sort((a, b) => a.x - b.x);
          const needed = slots.reduce((sum, slot) => sum + slot.width + 14, -14);
          const centres = compactRow(slots, scale, 14, needed + spare);
          centres.forEach((centre, index) => {
            const half = (slots[index]?.width ?? 0) / 2;
            expect(centre - half).toBeGreaterThanOrEqual(-0.001);
            expect(centre + half).toBeLessThanOrEqual(needed + spare + 0.001);
            const next = centres[index + 1];
            if (next !== undefined)
              expect(next - (slots[index + 1]?.width ?? 0) / 2 - (centre + half)).toBeGreaterThanOrEqual(
                14 - 0.001,
              );
          });
        },
      ),
    );
  });
});
