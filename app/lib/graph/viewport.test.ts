import { describe, expect, it } from "vitest";
import {
  clampView,
  covers,
  drawnArea,
  fitView,
  MAX_SCALE,
  MIN_SCALE,
  openingView,
  overlaps,
  reveal,
  zoomAt,
} from "./viewport.ts";

const WINDOW = { width: 1_000, height: 600 };

describe("viewport", () => {
  it("zooms around the pointer", () => {
    const view = zoomAt({ x: -100, y: 50, scale: 1 }, 2, 300, 200);
    expect(view.scale).toBe(2);
    // The point of the picture under (300, 200) was (400, 150).
    expect(view.x + 400 * view.scale).toBe(300);
    expect(view.y + 150 * view.scale).toBe(200);
    expect(zoomAt(view, 1_000, 0, 0).scale).toBe(MAX_SCALE);
    expect(zoomAt(view, 0.0001, 0, 0).scale).toBe(MIN_SCALE);
  });
  it("never loses the picture", () => {
    const picture = { width: 2_000, height: 900 };
    for (const x of [-1e6, 1e6]) {
      const view = clampView({ x, y: x, scale: 1 }, picture, WINDOW);
      expect(overlaps({ ...view, ...picture }, { x: 0, y: 0, ...WINDOW })).toBe(true);
    }
  });
  it("fits the whole, and opens at a readable size", () => {
    const tall = { width: 900, height: 30_000 };
    expect(fitView(tall, WINDOW, 1).scale).toBe(MIN_SCALE);
    expect(openingView(tall, WINDOW, 1).scale).toBe(1);
    expect(openingView({ width: 9_000, height: 100 }, WINDOW, 1).scale).toBeCloseTo(0.62);
  });
  it("draws more than is seen, and notices when that runs out", () => {
    const view = { x: 0, y: 0, scale: 1 };
    const area = drawnArea(view, WINDOW);
    expect(covers(area, view, WINDOW)).toBe(true);
    expect(covers(area, { x: -299, y: 0, scale: 1 }, WINDOW)).toBe(true);
    expect(covers(area, { x: -301, y: 0, scale: 1 }, WINDOW)).toBe(false);
  });
  it("moves no more than needed to show a node", () => {
    const view = { x: 0, y: 0, scale: 1 };
    expect(reveal(view, { x: 200, y: 100, width: 170, height: 76 }, WINDOW, 78)).toEqual(view);
    expect(reveal(view, { x: 1_200, y: 700, width: 170, height: 76 }, WINDOW, 78)).toEqual({
      x: -386,
      y: -192,
      scale: 1,
    });
  });
});
