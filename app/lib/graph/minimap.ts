/** The whole picture in a corner: every node as a dot in the colour of its status, and where the window is. */
import type { Layout } from "./layout.ts";
import type { Box } from "./sheet.ts";
import type { Size, View } from "./viewport.ts";

/** As much as a corner gives away, px. */
export const MINIMAP: Size = { width: 168, height: 112 };

/** Small px per px of the picture; no larger than a thumb needs. */
export function minimapScale(layout: Pick<Layout, "width" | "height">): number {
  return Math.min(
    MINIMAP.width / Math.max(1, layout.width),
    MINIMAP.height / Math.max(1, layout.height),
    0.25,
  );
}

/** What the window shows of it, cut at its edges. */
export function windowBox(view: View, window: Size, layout: Pick<Layout, "width" | "height">): Box {
  const scale = minimapScale(layout);
  const x = Math.max(0, -view.x / view.scale);
  const y = Math.max(0, -view.y / view.scale);
  const right = Math.min(layout.width, (window.width - view.x) / view.scale);
  const bottom = Math.min(layout.height, (window.height - view.y) / view.scale);
  return {
    x: x * scale,
    y: y * scale,
    width: Math.max(0, right - x) * scale,
    height: Math.max(0, bottom - y) * scale,
  };
}

/** A map of what is all in sight tells nothing. */
export function needsMinimap(view: View, window: Size, layout: Pick<Layout, "width" | "height">): boolean {
  return layout.width * view.scale > window.width + 1 || layout.height * view.scale > window.height + 1;
}

/** The view that has this point of the map in the middle of the window. */
export function lookAt(
  x: number,
  y: number,
  view: View,
  window: Size,
  layout: Pick<Layout, "width" | "height">,
): View {
  const scale = minimapScale(layout);
  return {
    scale: view.scale,
    x: window.width / 2 - (x / scale) * view.scale,
    y: window.height / 2 - (y / scale) * view.scale,
  };
}
