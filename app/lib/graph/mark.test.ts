import { describe, expect, it } from "vitest";
import { type Colours, drawMarks, nodeAt, pixelsPer } from "./mark.ts";
import { taskKey } from "./model.ts";

const area = { x: 100, y: 50, width: 1_000, height: 500 };
const each = (text: string) => ({
  done: `${text} done`,
  review: `${text} review`,
  progress: `${text} progress`,
  pending: `${text} pending`,
  failed: `${text} failed`,
  blocked: `${text} blocked`,
});
const colours: Colours = { fill: each("fill"), border: each("border"), critical: "critical" };

function draw(marks: Parameters<typeof drawMarks>[1]) {
  const drawn: { colour: string; alpha: number; box: number[] }[] = [];
  const transforms: number[][] = [];
  const pen = {
    fillStyle: "",
    globalAlpha: 1,
    fillRect: (...box: number[]) => void drawn.push({ colour: pen.fillStyle, alpha: pen.globalAlpha, box }),
    clearRect: () => undefined,
    setTransform: (...numbers: unknown[]) => void transforms.push(numbers as number[]),
  };
  drawMarks(pen, marks, area, 0.2, colours);
  return { drawn, transforms };
}

describe("marks", () => {
  it("are bordered in the colour of their status, or of the critical path, and faint where they are filtered away", () => {
    const box = { x: 200, y: 60, width: 112, height: 54 };
    const { drawn } = draw([
      { box, glyph: "done", critical: false, dimmed: false },
      { box, glyph: "failed", critical: true, dimmed: true },
    ]);
    expect(drawn.map(({ colour, alpha }) => [colour, alpha])).toEqual([
      ["critical", 0.3],
      ["fill failed", 0.3],
      ["border done", 1],
      ["fill done", 1],
    ]);
    expect(drawn[0]?.box).toEqual([200, 60, 112, 54]);
  });

  it("stand where the area begins", () => {
    expect(draw([]).transforms.at(-1)).toEqual([0.2, 0, 0, 0.2, -20, -10]);
  });

  it("are drawn on no canvas that is too large for a browser", () => {
    expect(pixelsPer(area, 0.2, 2)).toBe(0.4);
    expect(pixelsPer({ ...area, width: 100_000 }, 0.4, 2) * 100_000).toBeCloseTo(4_096);
    expect(pixelsPer({ ...area, width: 0, height: 0 }, 0.4, 1)).toBe(0.4);
  });

  it("are found by a press on them", () => {
    const boxes = new Map([
      [taskKey("a"), { x: 0, y: 0, width: 10, height: 10 }],
      [taskKey("b"), { x: 20, y: 0, width: 10, height: 10 }],
    ]);
    const keys = [...boxes.keys()];
    expect(nodeAt(boxes, keys, 25, 5)).toBe(taskKey("b"));
    expect(nodeAt(boxes, keys, 15, 5)).toBeNull();
  });
});
