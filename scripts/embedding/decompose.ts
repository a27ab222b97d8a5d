/**
 * The leading left singular vectors of a large sparse matrix, by randomised subspace iteration (Halko, Martinsson,
 * Tropp 2011, algorithm 4.4). Seeded; plain arithmetic in a fixed order, so the same input gives the same bytes.
 */
import type { Sparse } from "./cooccurrence.ts";

/** Directions beyond those that are kept: they make the kept ones exact. */
const SPARE = 24;
const ROUNDS = 4;

/** Row-major. */
export interface Dense {
  rows: number;
  columns: number;
  values: Float64Array;
}

/** A number of 32 bits after the other (mulberry32). */
function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function times(matrix: Sparse, by: Dense): Dense {
  const width = by.columns;
  const values = new Float64Array(matrix.size * width);
  for (let row = 0; row < matrix.size; row += 1) {
    const out = values.subarray(row * width, (row + 1) * width);
    const end = matrix.starts[row + 1] ?? 0;
    for (let n = matrix.starts[row] ?? 0; n < end; n += 1) {
      const value = matrix.values[n] ?? 0;
      const from = (matrix.columns[n] ?? 0) * width;
      for (let i = 0; i < width; i += 1) out[i] = (out[i] ?? 0) + value * (by.values[from + i] ?? 0);
    }
  }
  return { rows: matrix.size, columns: width, values };
}

function transposed(matrix: Sparse): Sparse {
  const starts = new Uint32Array(matrix.size + 1);
  for (const column of matrix.columns) starts[column + 1] = (starts[column + 1] ?? 0) + 1;
  for (let i = 0; i < matrix.size; i += 1) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  const next = starts.slice();
  const columns = new Uint32Array(matrix.columns.length);
  const values = new Float32Array(matrix.values.length);
  for (let row = 0; row < matrix.size; row += 1)
    for (let n = matrix.starts[row] ?? 0; n < (matrix.starts[row + 1] ?? 0); n += 1) {
      const column = matrix.columns[n] ?? 0;
      const at = next[column] ?? 0;
      next[column] = at + 1;
      columns[at] = row;
      values[at] = matrix.values[n] ?? 0;
    }
  return { size: matrix.size, starts, columns, values };
}

/** `aᵀ a`, of which the columns' lengths and angles are read. */
function gram({ rows, columns, values }: Dense): Float64Array {
  const out = new Float64Array(columns * columns);
  for (let row = 0; row < rows; row += 1) {
    const at = row * columns;
    for (let i = 0; i < columns; i += 1) {
      const value = values[at + i] ?? 0;
      const into = i * columns;
      for (let j = i; j < columns; j += 1)
        out[into + j] = (out[into + j] ?? 0) + value * (values[at + j] ?? 0);
    }
  }
  for (let i = 0; i < columns; i += 1)
    for (let j = 0; j < i; j += 1) out[i * columns + j] = out[j * columns + i] ?? 0;
  return out;
}

/** Makes the columns orthonormal: `a` times the inverse of the Cholesky factor of its Gram matrix, done twice for precision. */
function orthonormal(a: Dense): Dense {
  for (let round = 0; round < 2; round += 1) {
    const { columns: k, rows, values } = a;
    const factor = gram(a);
    for (let i = 0; i < k; i += 1)
      for (let j = 0; j <= i; j += 1) {
        let sum = factor[i * k + j] ?? 0;
        for (let m = 0; m < j; m += 1) sum -= (factor[i * k + m] ?? 0) * (factor[j * k + m] ?? 0);
        factor[i * k + j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / (factor[j * k + j] ?? 1);
      }
    for (let row = 0; row < rows; row += 1) {
      const at = row * k;
      for (let i = 0; i < k; i += 1) {
        let sum = values[at + i] ?? 0;
        for (let m = 0; m < i; m += 1) sum -= (factor[i * k + m] ?? 0) * (values[at + m] ?? 0);
        values[at + i] = sum / (factor[i * k + i] ?? 1);
      }
    }
  }
  return a;
}

/** Eigenvectors of a symmetric matrix as rows, the largest eigenvalue first (cyclic Jacobi). */
function eigen(matrix: Float64Array, k: number): { values: number[]; vectors: Float64Array } {
  const a = matrix.slice();
  const v = new Float64Array(k * k);
  for (let i = 0; i < k; i += 1) v[i * k + i] = 1;
  for (let sweep = 0; sweep < 12; sweep += 1) {
    let off = 0;
    let all = 0;
    for (let i = 0; i < k; i += 1)
      for (let j = 0; j < k; j += 1) {
        const square = (a[i * k + j] ?? 0) ** 2;
        all += square;
        if (i !== j) off += square;
      }
    if (off <= all * 1e-22) break;
    for (let p = 0; p < k; p += 1)
      for (let q = p + 1; q < k; q += 1) {
        const apq = a[p * k + q] ?? 0;
        if (apq === 0) continue;
        const theta = ((a[q * k + q] ?? 0) - (a[p * k + p] ?? 0)) / (2 * apq);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let i = 0; i < k; i += 1) {
          const x = a[i * k + p] ?? 0;
          const y = a[i * k + q] ?? 0;
          a[i * k + p] = c * x - s * y;
          a[i * k + q] = s * x + c * y;
        }
        for (let i = 0; i < k; i += 1) {
          const x = a[p * k + i] ?? 0;
          const y = a[q * k + i] ?? 0;
          a[p * k + i] = c * x - s * y;
          a[q * k + i] = s * x + c * y;
          const g = v[p * k + i] ?? 0;
          const h = v[q * k + i] ?? 0;
          v[p * k + i] = c * g - s * h;
          v[q * k + i] = s * g + c * h;
        }
      }
  }
  const order = Array.from({ length: k }, (_, i) => i).sort(
    (i, j) => (a[j * k + j] ?? 0) - (a[i * k + i] ?? 0),
  );
  const vectors = new Float64Array(k * k);
  order.forEach((from, to) => vectors.set(v.subarray(from * k, (from + 1) * k), to * k));
  return { values: order.map((i) => a[i * k + i] ?? 0), vectors };
}

export interface Decomposed {
  /** Left singular vectors as columns, `dimensions` of them. */
  left: Dense;
  /** Singular values, the largest first. */
  values: number[];
}

export function decompose(matrix: Sparse, dimensions: number, seed: number): Decomposed {
  const width = dimensions + SPARE;
  const draw = draws(seed);
  const random = Float64Array.from({ length: matrix.size * width }, () => draw() + draw() + draw() - 1.5);
  const back = transposed(matrix);
  let basis = orthonormal(times(matrix, { rows: matrix.size, columns: width, values: random }));
  for (let round = 0; round < ROUNDS; round += 1)
    basis = orthonormal(times(matrix, orthonormal(times(back, basis))));
  // Qᵀ A is small; its left singular vectors are the eigenvectors of (Qᵀ A)(Qᵀ A)ᵀ.
  const { values, vectors } = eigen(gram(times(back, basis)), width);
  const left = new Float64Array(matrix.size * dimensions);
  for (let row = 0; row < matrix.size; row += 1)
    for (let j = 0; j < dimensions; j += 1) {
      let sum = 0;
      for (let m = 0; m < width; m += 1)
        sum += (basis.values[row * width + m] ?? 0) * (vectors[j * width + m] ?? 0);
      left[row * dimensions + j] = sum;
    }
  return {
    left: { rows: matrix.size, columns: dimensions, values: left },
    values: values.slice(0, dimensions).map((value) => Math.sqrt(Math.max(value, 0))),
  };
}
