import { expect, it } from "vitest";
import { lookAt, MINIMAP, minimapScale, needsMinimap, windowBox } from "./minimap.ts";

const SHEET = { width: 4_000, height: 1_000 };
const WINDOW = { width: 1_000, height: 500 };

it("shows the window where it is, and looks where it is pressed", () => {
  expect(minimapScale(SHEET)).toBe(MINIMAP.width / 4_000);
  const view = { x: -1_000, y: 0, scale: 1 };
  const box = windowBox(view, WINDOW, SHEET);
  expect([box.x, box.y, box.width, box.height]).toEqual([42, 0, 42, 21]);
  const next = lookAt(84, 21, view, WINDOW, SHEET);
  expect([next.scale, Math.round(next.x), Math.round(next.y)]).toEqual([1, -1_500, -250]);
  expect(windowBox(next, WINDOW, SHEET)).toMatchObject({
    x: expect.closeTo(63) as number,
    width: expect.closeTo(42) as number,
  });
  // Panned beyond the sheet, the frame stays on it.
  expect(windowBox({ x: 300, y: 200, scale: 1 }, WINDOW, SHEET)).toMatchObject({ x: 0, y: 0 });
  expect([
    needsMinimap(view, WINDOW, SHEET),
    needsMinimap({ x: 0, y: 0, scale: 0.2 }, WINDOW, SHEET),
  ]).toEqual([true, false]);
});
