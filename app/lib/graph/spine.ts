/**
 * One row around the line of the critical path: its node stands on the line, the
 * others keep their order and their distance on both sides of it.
 */
import { compactRow, type Slot } from "./compact.ts";

export interface Row {
  /** From left to right. */
  slots: Slot[];
  /** Index of the one that stands on the line. */
  fixed: number;
  line_x: number;
  scale: number;
  gap: number;
  limit: number;
}

/** `order`: indices of the slots from left to right as they are placed; `centres` in that order. */
export function placeAround({ slots, fixed, line_x, scale, gap, limit }: Row): {
  order: number[];
  centres: number[];
} {
  const others = slots.map((_, index) => index).filter((index) => index !== fixed);
  const half = (slots[fixed]?.width ?? 0) / 2;
  const space = (indices: number[]) =>
    indices.reduce((sum, index) => sum + (slots[index]?.width ?? 0) + gap, 0);
  const fits = (count: number) =>
    space(others.slice(0, count)) <= line_x - half + 0.5 &&
    space(others.slice(count)) <= limit - line_x - half + 0.5;
  // As many to the left as the order asks for, else as near to that as there is room.
  let count = fixed;
  for (let off = 0; off <= others.length && !fits(count); off++) {
    if (fixed + off <= others.length && fits(fixed + off)) count = fixed + off;
    else if (fixed - off >= 0 && fits(fixed - off)) count = fixed - off;
  }
  const slotsOf = (indices: number[], from_x: number) =>
    indices.map((index) => ({ x: (slots[index]?.x ?? 0) - from_x / scale, width: slots[index]?.width ?? 0 }));
  const left = others.slice(0, count);
  const right = others.slice(count);
  const right_x = line_x + half + gap;
  return {
    order: [...left, fixed, ...right],
    centres: [
      ...compactRow(slotsOf(left, 0), scale, gap, line_x - half - gap),
      line_x,
      ...compactRow(slotsOf(right, right_x), scale, gap, limit - right_x).map((centre) => centre + right_x),
    ],
  };
}
