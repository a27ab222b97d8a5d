/** Pan and zoom as arithmetic: where the picture lies behind the window, and what of it is in sight. */
import type { NodeKey } from "./model.ts";
import type { Box } from "./sheet.ts";

/** Screen = picture × scale + (x, y), px. */
export interface View {
  x: number;
  y: number;
  scale: number;
}
/** What the buttons beside the picture may do to it. */
export interface ViewControls {
  zoom(direction: 1 | -1): void;
  fit(): void;
  /** Brings a node into sight, where it is drawn. */
  show(key: NodeKey): void;
}
export interface Size {
  width: number;
  height: number;
}

/** Smaller than this, not even the shapes can be told apart. */
export const MIN_SCALE = 0.12;
export const MAX_SCALE = 2.5;
/** At least this much of the picture stays in the window, px. */
const KEEP_IN_SIGHT = 80;
/** Drawn beyond the edges of the window, as a share of it, so that panning does not outrun drawing. */
const OVERSCAN = 0.3;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

export function clampView(view: View, picture: Size, window: Size): View {
  const width = picture.width * view.scale;
  const height = picture.height * view.scale;
  const range = (size: number, room: number): [number, number] => {
    const keep = Math.min(KEEP_IN_SIGHT, size, room);
    return [keep - size, room - keep];
  };
  return {
    scale: view.scale,
    x: clamp(view.x, ...range(width, window.width)),
    y: clamp(view.y, ...range(height, window.height)),
  };
}

/** Zooms by `factor` and keeps the point of the picture under (at_x, at_y) where it is. */
export function zoomAt(view: View, factor: number, at_x: number, at_y: number): View {
  const scale = clamp(view.scale * factor, MIN_SCALE, MAX_SCALE);
  const ratio = scale / view.scale;
  return { scale, x: at_x - (at_x - view.x) * ratio, y: at_y - (at_y - view.y) * ratio };
}

/** The whole picture, or as much of it as stays readable, from the top. */
export function fitView(picture: Size, window: Size, natural: number): View {
  const scale = clamp(
    Math.min(window.width / picture.width, window.height / picture.height),
    MIN_SCALE,
    natural,
  );
  return place(scale);
}

/** The first look: full width at a readable size; what is taller is panned to. */
export function openingView(picture: Size, window: Size, natural: number): View {
  const readable = 0.62 * natural;
  return place(clamp(window.width / picture.width, readable, natural));
}

function place(scale: number): View {
  // A picture that is a little narrower than the window stays left, beside its wave labels.
  return { scale, x: 0, y: 0 };
}

/** Moves as little as needed to bring a box into the window. */
export function reveal(view: View, box: Box, window: Size, left_margin: number): View {
  const margin = 16;
  const left = box.x * view.scale + view.x;
  const top = box.y * view.scale + view.y;
  const dx = correction(left, box.width * view.scale, left_margin + margin, window.width - margin);
  const dy = correction(top, box.height * view.scale, margin, window.height - margin);
  return { scale: view.scale, x: view.x + dx, y: view.y + dy };
}

function correction(start: number, length: number, low: number, high: number): number {
  if (start < low) return low - start;
  if (start + length > high) return Math.max(low - start, high - (start + length));
  return 0;
}

/** The part of the picture to draw, in picture coordinates. */
export function drawnArea(view: View, window: Size): Box {
  const width = window.width / view.scale;
  const height = window.height / view.scale;
  return {
    x: -view.x / view.scale - width * OVERSCAN,
    y: -view.y / view.scale - height * OVERSCAN,
    width: width * (1 + 2 * OVERSCAN),
    height: height * (1 + 2 * OVERSCAN),
  };
}

/** True while the window still lies within what was drawn. */
export function covers(area: Box, view: View, window: Size): boolean {
  const x = -view.x / view.scale;
  const y = -view.y / view.scale;
  return (
    x >= area.x &&
    y >= area.y &&
    x + window.width / view.scale <= area.x + area.width &&
    y + window.height / view.scale <= area.y + area.height
  );
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
