/**
 * The target of a stratum: the ⌈(n+1)·(1 − α)⌉-th order statistic of its last hundred values, where α begins at 5 %
 * and adapts to the misses there were (schema/metric/statistic/adaptive.ts).
 *
 * - Fewer than 19 values bound no 95th percentile. Then the target of the stratum above it is taken, moved by the
 *   ratio of the medians as far as the own sample has weight: × exp(n/(n + 19) · (ln own median − ln its median)).
 * - An adapted α below 1/(n+1) asks for more than the largest value: Weissman's estimate of the tail answers.
 * - Where not even the widest stratum has 19 values the target is unknown.
 */
import { usableAlpha } from "../../../schema/metric/statistic/adaptive.ts";
import { median } from "../../../schema/metric/statistic/median.ts";
import { neededFor, upperOrder } from "../../../schema/metric/statistic/order-statistic.ts";
import { tailQuantile } from "../../../schema/metric/statistic/tail.ts";
import type { Pool, Sample } from "./pool.ts";

/** Share of like work that may take longer than its target: the 95th percentile, as the proposal asks. */
export const TARGET_ALPHA = 0.05;
/** Twice the usual: a target is scored as soon as the work closes, so that nothing it learns comes late. */
export const TARGET_GAMMA = 0.02;
/** 19. */
export const LEAST_SAMPLE = neededFor(1 - TARGET_ALPHA);

export type Method = "order statistic" | "tail" | "shrunk";

export interface Target {
  /** Null: unknown. */
  value: number | null;
  stratum: string;
  /** Values of the stratum itself. */
  n: number;
  alpha: number;
  method: Method | null;
  /** Whose target was taken, and its sample. */
  shrunk_from?: string;
  shrunk_n?: number;
}

/** `strata`: from the narrowest to the widest. */
export function targetOf(pool: Pick<Pool, "sample">, strata: readonly string[]): Target {
  const [stratum = "", ...above] = strata;
  const sample = pool.sample(stratum);
  const n = sample?.recent.values.length ?? 0;
  if (sample !== undefined && n >= LEAST_SAMPLE) return { ...ofSample(sample), stratum, n };
  if (above.length === 0) return { value: null, stratum, n, alpha: TARGET_ALPHA, method: null };
  const parent = targetOf(pool, above);
  if (parent.value === null) return { ...parent, stratum, n };
  const source = parent.shrunk_from ?? parent.stratum;
  return {
    value: parent.value * pull(sample, pool.sample(parent.stratum)),
    stratum,
    n,
    alpha: parent.alpha,
    method: "shrunk",
    shrunk_from: source,
    shrunk_n: parent.shrunk_n ?? parent.n,
  };
}

function ofSample({ recent, alpha }: Sample): Pick<Target, "value" | "alpha" | "method"> {
  const { sorted } = recent;
  const asked = usableAlpha(alpha, TARGET_ALPHA);
  const order = upperOrder(sorted, 1 - asked);
  if (order !== null) return { value: order, alpha: asked, method: "order statistic" };
  return { value: tailQuantile(sorted, asked) ?? sorted.at(-1) ?? null, alpha: asked, method: "tail" };
}

/** How far a small sample moves what it borrows. */
function pull(own: Sample | undefined, parent: Sample | undefined): number {
  const middle = median(own?.recent.sorted ?? []);
  const parents = median(parent?.recent.sorted ?? []);
  if (own === undefined || middle === null || parents === null || !(middle > 0) || !(parents > 0)) return 1;
  const n = own.recent.values.length;
  return Math.exp((n / (n + LEAST_SAMPLE)) * Math.log(middle / parents));
}
