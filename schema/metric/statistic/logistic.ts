/**
 * Logistic regression with a ridge penalty (le Cessie & van Houwelingen, Applied Statistics 1992), fitted by Newton's
 * method (iteratively reweighted least squares). The intercept is not penalised, so a model without signal says the
 * base rate.
 */
export interface Observed {
  /** As many finite numbers as every other row has. */
  x: readonly number[];
  came: boolean;
}

export interface LogisticModel {
  intercept: number;
  weights: number[];
  /** Rows it rests on. */
  n: number;
}

/** Newton doubles its correct digits at each step; what has not settled by then is left as it is. */
const MAX_STEPS = 20;
const SETTLED = 1e-6;

/** Null of nothing. `ridge`: penalty of a squared weight, in rows. */
export function fitLogistic(rows: readonly Observed[], ridge: number): LogisticModel | null {
  const width = (rows[0]?.x.length ?? -1) + 1;
  if (width === 0) return null;
  let weights = new Array<number>(width).fill(0);
  for (let step = 0; step < MAX_STEPS; step++) {
    const gradient = weights.map((weight, index) => (index === 0 ? 0 : -ridge * weight));
    const hessian = weights.map((_, row) =>
      weights.map((_, column) => (row === column && row > 0 ? ridge : 0)),
    );
    for (const { x, came } of rows) {
      const p = sigmoid(linear(weights, x));
      const slope = p * (1 - p);
      for (let row = 0; row < width; row++) {
        const at_row = row === 0 ? 1 : (x[row - 1] ?? 0);
        gradient[row] = (gradient[row] ?? 0) + ((came ? 1 : 0) - p) * at_row;
        const line = hessian[row] ?? [];
        for (let column = 0; column < width; column++)
          line[column] = (line[column] ?? 0) + slope * at_row * (column === 0 ? 1 : (x[column - 1] ?? 0));
      }
    }
    // Where every row had the same outcome the intercept has no optimum: this holds it within sight.
    const first = hessian[0];
    if (first !== undefined) first[0] = (first[0] ?? 0) + 1e-3;
    const move = solve(hessian, gradient);
    if (move === null) break;
    weights = weights.map((weight, index) => weight + Math.max(-3, Math.min(3, move[index] ?? 0)));
    if (move.every((by) => Math.abs(by) < SETTLED)) break;
  }
  return { intercept: weights[0] ?? 0, weights: weights.slice(1), n: rows.length };
}

export function probabilityOf({ intercept, weights }: LogisticModel, x: readonly number[]): number {
  return sigmoid(linear([intercept, ...weights], x));
}

function linear(weights: readonly number[], x: readonly number[]): number {
  return x.reduce((sum, value, index) => sum + value * (weights[index + 1] ?? 0), weights[0] ?? 0);
}

/** Held within 1e-9 of the ends, so that a logarithm of it is finite. */
function sigmoid(value: number): number {
  return Math.min(1 - 1e-9, Math.max(1e-9, 1 / (1 + Math.exp(-value))));
}

/** Gaussian elimination with partial pivoting; null where the matrix is singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const size = right.length;
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    const chosen = rows[pivot];
    const current = rows[column];
    if (chosen === undefined || current === undefined || Math.abs(chosen[column] ?? 0) < 1e-12) return null;
    rows[pivot] = current;
    rows[column] = chosen;
    for (let row = 0; row < size; row++) {
      const line = rows[row];
      if (row === column || line === undefined) continue;
      const factor = (line[column] ?? 0) / (chosen[column] ?? 1);
      for (let at = column; at <= size; at++) line[at] = (line[at] ?? 0) - factor * (chosen[at] ?? 0);
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}
