/**
 * Exponentially weighted moving average as a control chart (Roberts 1959; Lucas & Saccucci, Technometrics 1990):
 * z_t = λ·x_t + (1 − λ)·z_{t−1}, from 0, over values with mean 0 and standard deviation 1 in control; it signals where
 * |z_t| > L·√(λ/(2−λ)·(1 − (1−λ)^{2t})). It sees small lasting shifts that no single value shows.
 */
export interface Chart {
  value: number;
  /** Values so far, at most as many as the limit still widens by. */
  n: number;
}

export interface ChartSettings {
  lambda: number;
  /** Width of the limits, in standard deviations of the average. */
  width: number;
}

export const NEW_CHART: Chart = { value: 0, n: 0 };

/** After this many values the limit stands at its asymptote for every λ in use: 0.9^{2·500} is nothing. */
const SETTLED = 500;

export function chartNext(chart: Chart, value: number, { lambda }: ChartSettings): Chart {
  if (!Number.isFinite(value)) return chart;
  return { value: lambda * value + (1 - lambda) * chart.value, n: Math.min(SETTLED, chart.n + 1) };
}

export function chartLimit({ n }: Chart, { lambda, width }: ChartSettings): number {
  return width * Math.sqrt((lambda / (2 - lambda)) * (1 - (1 - lambda) ** (2 * n)));
}

/** The plain average of a series, the newest values weighing most; null of nothing. */
export function ewma(values: readonly number[], lambda: number): number | null {
  let average: number | null = null;
  for (const value of values)
    if (Number.isFinite(value)) average = average === null ? value : lambda * value + (1 - lambda) * average;
  return average;
}
