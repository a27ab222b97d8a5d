/** How good a ranking is, and how sure that figure is. */

export interface Scores {
  ndcg10: number;
  recall5: number;
  recall10: number;
}

/** Binary relevance; the best possible order counts 1 (Järvelin, Kekäläinen 2002). */
export function score(ranked: readonly string[], relevant: ReadonlySet<string>): Scores {
  const gain = (n: number) => 1 / Math.log2(n + 2);
  let got = 0;
  ranked.slice(0, 10).forEach((id, n) => (got += relevant.has(id) ? gain(n) : 0));
  let best = 0;
  for (let n = 0; n < Math.min(10, relevant.size); n += 1) best += gain(n);
  const recall = (k: number) =>
    ranked.slice(0, k).filter((id) => relevant.has(id)).length / Math.min(k, relevant.size);
  return { ndcg10: got / best, recall5: recall(5), recall10: recall(10) };
}

export interface Interval {
  mean: number;
  low: number;
  high: number;
}

const RESAMPLES = 1_000;

/** Mean with its 95 % percentile bootstrap interval, seeded. */
export function interval(values: readonly number[]): Interval {
  let state = 1;
  const draw = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length;
  const means = Array.from({ length: RESAMPLES }, () =>
    mean(values.map(() => values[Math.floor(draw() * values.length)] ?? 0)),
  ).sort((a, b) => a - b);
  return {
    mean: mean(values),
    low: means[Math.floor(RESAMPLES * 0.025)] ?? NaN,
    high: means[Math.floor(RESAMPLES * 0.975)] ?? NaN,
  };
}
