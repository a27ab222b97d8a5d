/** The 90 % interval of one way of predicting: a bound on each side, because misses above and below differ. */
import { Bound } from "./bound.ts";

/** Of forecasts whose truth may lie outside, half on each side. */
export const MISS = 0.1;

export interface Interval {
  low: number;
  high: number;
  /** Forecasts scored before, that it rests on. */
  n: number;
}

/** What was said, and whether it was already counted as outrun. */
export interface Said extends Interval {
  was_overdue: boolean;
}

export class Band {
  readonly #above = new Bound(MISS / 2);
  readonly #below = new Bound(MISS / 2);

  /** `strata` from the narrowest to the widest; null where none of them has a sample. Never narrower than its center. */
  around(center: number, strata: readonly string[]): Interval | null {
    const above = this.#above.factor(strata);
    const below = this.#below.factor(strata);
    if (above === null || below === null) return null;
    const [low, high] = [center / Math.max(1, below.value), center * Math.max(1, above.value)];
    return { low, high, n: Math.min(above.n, below.n) };
  }

  overdue(strata: readonly string[]): void {
    this.#above.overdue(strata);
  }

  score(actual: number, center: number, said: Said | null, strata: readonly string[]): void {
    const ratio = actual / center;
    const was_overdue = said?.was_overdue ?? false;
    this.#above.score({ ratio, missed: said && actual > said.high, was_overdue }, strata);
    this.#below.score({ ratio: 1 / ratio, missed: said && actual < said.low, was_overdue: false }, strata);
  }
}
