/**
 * Nodes from afar, as marks on one canvas: thousands of elements that nobody can read cost half a second to make and
 * every frame to lay out. Pure but for the canvas that is handed in.
 */
import type { Glyph } from "../ui/status.ts";
import { GLYPHS } from "./status.ts";
import type { NodeKey } from "./model.ts";
import type { Box } from "./sheet.ts";

/** More shapes than this in sight are drawn as marks. */
export const MAX_FAR_NODES = 250;
/** A canvas is kept below this on each side, px: browsers draw nothing on larger ones. */
const MAX_CANVAS_PX = 4_096;
/** As the border of a shape, px at scale 1. */
const BORDER_PX = 4;
const DIMMED = 0.3;

export interface Mark {
  box: Box;
  glyph: Glyph;
  critical: boolean;
  dimmed: boolean;
}

export interface Colours {
  fill: Record<Glyph, string>;
  border: Record<Glyph, string>;
  critical: string;
}

/** The part of a 2D context that is used. */
type Pen = Pick<
  CanvasRenderingContext2D,
  "fillStyle" | "globalAlpha" | "fillRect" | "clearRect" | "setTransform"
>;

/** Pixels of the canvas per px of the picture. */
export function pixelsPer(area: Box, scale: number, device_ratio: number): number {
  return Math.min(
    scale * device_ratio,
    MAX_CANVAS_PX / Math.max(1, area.width),
    MAX_CANVAS_PX / Math.max(1, area.height),
  );
}

/** A colour is set once for all marks of it: to change it is most of the cost of a small rectangle. */
export function drawMarks(
  pen: Pen,
  marks: readonly Mark[],
  area: Box,
  pixels: number,
  colours: Colours,
): void {
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, area.width * pixels, area.height * pixels);
  pen.setTransform(pixels, 0, 0, pixels, -area.x * pixels, -area.y * pixels);
  const border = (critical: boolean, glyph: Glyph) => (critical ? colours.critical : colours.border[glyph]);
  for (const dimmed of [true, false]) {
    pen.globalAlpha = dimmed ? DIMMED : 1;
    for (const glyph of GLYPHS)
      for (const critical of [false, true]) {
        const some = marks.filter(
          (mark) => mark.glyph === glyph && mark.critical === critical && mark.dimmed === dimmed,
        );
        pen.fillStyle = border(critical, glyph);
        for (const { box } of some) pen.fillRect(box.x, box.y, box.width, box.height);
        pen.fillStyle = colours.fill[glyph];
        for (const { box } of some)
          pen.fillRect(
            box.x + BORDER_PX,
            box.y + BORDER_PX,
            box.width - 2 * BORDER_PX,
            box.height - 2 * BORDER_PX,
          );
      }
  }
}

/** The node at a point of the picture; null where there is none. */
export function nodeAt(
  boxes: ReadonlyMap<NodeKey, Box>,
  keys: readonly NodeKey[],
  x: number,
  y: number,
): NodeKey | null {
  for (const key of keys) {
    const box = boxes.get(key);
    if (box !== undefined && x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)
      return key;
  }
  return null;
}
