/** The binomial distribution, summed in logarithms so that large samples neither overflow nor vanish. */

/** P(hits ≤ k) for so many trials. */
export function binomialAtMost(k: number, trials: number, p: number): number {
  if (k < 0) return 0;
  if (k >= trials || p <= 0) return 1;
  if (p >= 1) return 0;
  let log_term = trials * Math.log1p(-p);
  let sum = Math.exp(log_term);
  for (let hits = 1; hits <= k; hits++) {
    log_term += Math.log((trials - hits + 1) / hits) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(log_term);
  }
  return Math.min(1, sum);
}

/** The fewest and the most hits that a true rate of `p` gives with the probability `level`, each tail cut alike. */
export function binomialRange(trials: number, p: number, level = 0.95): { low: number; high: number } {
  const tail = (1 - level) / 2;
  let low = 0;
  while (low < trials && binomialAtMost(low, trials, p) <= tail) low += 1;
  let high = low;
  while (high < trials && binomialAtMost(high, trials, p) < 1 - tail) high += 1;
  return { low, high };
}
