/** What charts are drawn from. `x` is a time in ms, or whatever the chart's x axis counts. */

/** `y` null: nobody knows. A gap stays a gap: no line is drawn over it, and it is never 0. */
export interface Point {
  x: number;
  y: number | null;
}

/** From `low` to `high` at `x`: an interval, or one end of a cone. */
export interface Span {
  x: number;
  low: number | null;
  high: number | null;
}

/** What the crosshair reads, and the table behind `d` shows: one row per place on the x axis, in its order. */
export interface Reading {
  xs: readonly number[];
  /** The first names the place. Each has a cell per place. */
  columns: readonly { name: string; cells: readonly string[] }[];
}

export type Scale = (value: number) => number;

/** Stretches of points that follow each other, without a gap. */
export function stretches(points: readonly Point[]): { x: number; y: number }[][] {
  const found: { x: number; y: number }[][] = [];
  let open: { x: number; y: number }[] | null = null;
  for (const { x, y } of points) {
    if (y === null) open = null;
    else if (open === null) found.push((open = [{ x, y }]));
    else open.push({ x, y });
  }
  return found;
}

/** An SVG path through the points, broken at each gap. */
export function linePath(points: readonly Point[], x: Scale, y: Scale): string {
  return stretches(points)
    .filter((stretch) => stretch.length > 1)
    .map((stretch) => `M${stretch.map((point) => `${place(x(point.x))} ${place(y(point.y))}`).join("L")}`)
    .join("");
}

/** Points that no line reaches, because nothing is known before and after them. */
export function lonePoints(points: readonly Point[]): { x: number; y: number }[] {
  return stretches(points).flatMap((stretch) => (stretch.length === 1 ? stretch : []));
}

/** The outline of an area, broken at each gap. */
export function spanPath(spans: readonly Span[], x: Scale, y: Scale): string {
  const parts: string[] = [];
  let open: { x: number; low: number; high: number }[] = [];
  const close = () => {
    if (open.length > 1) {
      const there = open.map((span) => `${place(x(span.x))} ${place(y(span.high))}`);
      const back = open.toReversed().map((span) => `${place(x(span.x))} ${place(y(span.low))}`);
      parts.push(`M${[...there, ...back].join("L")}Z`);
    }
    open = [];
  };
  for (const { x: at, low, high } of spans) {
    if (low === null || high === null) close();
    else open.push({ x: at, low, high });
  }
  close();
  return parts.join("");
}

/** The last known point; a chart ends with it. */
export function lastKnown(points: readonly Point[]): { x: number; y: number } | null {
  return stretches(points).at(-1)?.at(-1) ?? null;
}

/** A tenth of a pixel: nobody sees more, and paths stay short. */
const place = (px: number) => Math.round(px * 10) / 10;
