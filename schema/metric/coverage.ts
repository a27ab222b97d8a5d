/** Test coverage as last measured, one figure per suite: two suites measure different code, one suite the same code twice. */
export interface Coverage {
  /** Empty where the sender names none. */
  suite: string;
  time_ms: number;
  /** 0 to 100. */
  percent: number;
  /** Lines that it is of; null where the sender does not say. */
  lines: number | null;
}

/** Suites that one cell remembers: a monorepo's packages; beyond it the one measured longest ago goes. */
export const MAX_SUITES = 16;

/** The later measurement of a suite counts; of two at once the one that was told last. */
export function noteCoverage(suites: Coverage[], measured: Coverage): void {
  const at = suites.findIndex(({ suite }) => suite === measured.suite);
  const known = suites[at];
  if (known !== undefined) {
    if (measured.time_ms >= known.time_ms) suites[at] = measured;
    return;
  }
  suites.push(measured);
  if (suites.length <= MAX_SUITES) return;
  let oldest = 0;
  for (const [i, { time_ms }] of suites.entries()) if (time_ms < (suites[oldest]?.time_ms ?? 0)) oldest = i;
  suites.splice(oldest, 1);
}

/** 0 to 1: weighted by lines where every suite says how many, else each suite counts alike. Null without any. */
export function coverageOf(suites: readonly Coverage[]): number | null {
  if (suites.length === 0) return null;
  const weighted = suites.every(({ lines }) => lines !== null && lines > 0);
  let covered = 0;
  let whole = 0;
  for (const { percent, lines } of suites) {
    const weight = weighted && lines !== null ? lines : 1;
    covered += (weight * percent) / 100;
    whole += weight;
  }
  return covered / whole;
}
