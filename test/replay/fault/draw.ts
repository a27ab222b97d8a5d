/** Chance by a seed: the same seed draws the same things, on every machine. */
export interface Draw {
  /** From 0 to `count` - 1. */
  below(count: number): number;
  /** From `least` to `most`. */
  between(least: number, most: number): number;
  chance(share: number): boolean;
  oneOf<T>(values: readonly [T, ...T[]]): T;
  /** A copy in another order. */
  shuffled<T>(values: readonly T[]): T[];
}

export function drawOf(seed: number): Draw {
  const random = mulberry32(seed);
  const below = (count: number) => Math.floor(random() * count);
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (share) => random() < share,
    oneOf: (values) => values[below(values.length)] ?? values[0],
    shuffled: (values) =>
      values
        .map((value) => ({ value, by: random() }))
        .sort((a, b) => a.by - b.by)
        .map(({ value }) => value),
  };
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
