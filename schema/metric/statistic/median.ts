/** Middles that one wild value does not move. `sorted` ascends; null of nothing. */
export function median(sorted: readonly number[]): number | null {
  return quantile(sorted, 0.5);
}

/** Linear interpolation between neighbours (type 7 of Hyndman & Fan, "Sample Quantiles in Statistical Packages", 1996). */
export function quantile(sorted: readonly number[], level: number): number | null {
  if (sorted.length === 0) return null;
  const place = Math.min(1, Math.max(0, level)) * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
