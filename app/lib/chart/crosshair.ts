/** Which place of a chart is read: the one under the pointer, or the one that keys moved to. */

/** The place nearest to `x`; `xs` ascends. Null of none. */
export function nearest(xs: readonly number[], x: number): number | null {
  if (xs.length === 0 || Number.isNaN(x)) return null;
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  const before = low - 1;
  return before >= 0 && x - (xs[before] ?? 0) < (xs[low] ?? 0) - x ? before : low;
}

/** Where a key leads; undefined: it is none of ours. Null: nothing is read any longer. */
export function moved(key: string, index: number | null, count: number): number | null | undefined {
  if (count === 0) return undefined;
  const last = count - 1;
  switch (key) {
    // The first press reads the newest, which is what the chart is about.
    case "ArrowLeft":
      return index === null ? last : Math.max(0, index - 1);
    case "ArrowRight":
      return index === null ? last : Math.min(last, index + 1);
    case "Home":
      return 0;
    case "End":
      return last;
    case "Escape":
      return index === null ? undefined : null;
    default:
      return undefined;
  }
}
