/**
 * Order statistics with the finite-sample correction of split conformal prediction (Vovk, Gammerman & Shafer,
 * "Algorithmic Learning in a Random World", 2005, §2.2; Lei et al. 2018, theorem 2.2): of `n` exchangeable values and
 * one more, the next lies at or below the ⌈(n+1)·level⌉-th smallest with probability of at least `level`, whatever
 * their distribution is.
 */

/** Finite ones, in ascending order. */
export function ascending(values: readonly number[]): number[] {
  return values.filter(Number.isFinite).sort((a, b) => a - b);
}

/** Values that the order statistic of that level needs: 19 for 0.95. */
export function neededFor(level: number): number {
  // What stands a rounding error above a whole number is that number: 0.95 / (1 − 0.95) gives 18.99….
  return Math.max(1, Math.ceil(level / (1 - level) - 1e-9));
}

/** The ⌈(n+1)·level⌉-th smallest; null where the sample is too small to bound it. `sorted` ascends. */
export function upperOrder(sorted: readonly number[], level: number): number | null {
  const rank = Math.ceil((sorted.length + 1) * level - 1e-9);
  return rank < 1 ? (sorted[0] ?? null) : (sorted[rank - 1] ?? null);
}

/** The mirror image: the next value lies at or above it with probability of at least `level`. */
export function lowerOrder(sorted: readonly number[], level: number): number | null {
  const rank = Math.ceil((sorted.length + 1) * level - 1e-9);
  return rank < 1 ? (sorted.at(-1) ?? null) : (sorted[sorted.length - rank] ?? null);
}
