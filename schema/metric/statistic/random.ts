/**
 * Seeded draws for simulations that anybody must be able to repeat: mulberry32 (Ettinger 2017), 32 bits of state.
 * Enough for some thousand draws of a forecast; not for secrets.
 */
export type Draw = () => number;

/** Uniform in [0, 1). The same seed gives the same draws on every machine. */
export function seeded(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed of a text and a number, such as a feature's id and the state's seq (FNV-1a). */
export function seedOf(text: string, number: number): number {
  let hash = 0x811c9dc5 ^ (number >>> 0);
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
