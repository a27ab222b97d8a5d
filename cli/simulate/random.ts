/**
 * Seeded chance in named streams. Each concern (and each task) draws from a
 * stream of its own, so that one more draw here shifts nothing there: two runs
 * that differ by a planted truth share all other luck (common random numbers,
 * Law & Kelton, "Simulation Modeling and Analysis", ch. 11).
 *
 * The generator is sfc32 (C. Doty-Humphrey, PractRand), seeded by a hash of
 * seed and name; both are plain 32-bit integer arithmetic.
 */
import { exp, ln } from "./arithmetic.ts";

export interface LogNormal {
  median: number;
  /** Standard deviation of the logarithm. */
  sigma: number;
}

export interface Random {
  /** 0 ≤ u < 1. */
  uniform(): number;
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  int(lowest: number, highest: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  normal(): number;
  logNormal(spread: LogNormal): number;
  /** `digits` hexadecimal digits, such as a commit's name. */
  hex(digits: number): string;
}

export type Streams = (name: string) => Random;

export function createStreams(seed: number): Streams {
  return (name) => createRandom(hash(`${seed}/${name}`));
}

/** Outputs thrown away after seeding, until every bit of the state depends on every bit of the seed. */
const WARM_UP = 15;

export function createRandom([s0, s1, s2, s3]: readonly [number, number, number, number]): Random {
  let [a, b, c, counter] = [s0, s1, s2, s3];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP; round++) next();
  const uniform = (): number => next() / 4_294_967_296;
  /** Marsaglia's polar method (SIAM Review 6, 1964): no trigonometry. */
  const normal = (): number => {
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) return x * Math.sqrt((-2 * ln(square)) / square);
    }
  };
  const int = (lowest: number, highest: number): number =>
    lowest + Math.floor(uniform() * (highest - lowest + 1));
  return {
    uniform,
    normal,
    int,
    chance: (probability) => uniform() < probability,
    pick: (list) => list[int(0, list.length - 1)] ?? list[0],
    logNormal: ({ median, sigma }) => median * exp(sigma * normal()),
    hex(digits) {
      let text = "";
      while (text.length < digits) text += next().toString(16).padStart(8, "0");
      return text.slice(0, digits);
    },
  };
}

/** A text as four 32-bit words: cyrb128 (bryc, public domain). It spreads; it keeps no secret. */
function hash(text: string): [number, number, number, number] {
  let [h1, h2, h3, h4] = [1_779_033_703, 3_144_134_277, 1_013_904_242, 2_773_480_762];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    h1 = h2 ^ Math.imul(h1 ^ code, 597_399_067);
    h2 = h3 ^ Math.imul(h2 ^ code, 2_869_860_233);
    h3 = h4 ^ Math.imul(h3 ^ code, 951_274_213);
    h4 = h1 ^ Math.imul(h4 ^ code, 2_716_044_179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597_399_067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2_869_860_233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951_274_213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2_716_044_179);
  return [h1 ^ h2 ^ h3 ^ h4, h2 ^ h1, h3 ^ h1, h4 ^ h1];
}
