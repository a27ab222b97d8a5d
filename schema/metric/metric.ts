/** What a metric is: one entry of the table in definition.ts. */
import type { Ledger } from "./ledger.ts";

export const CATEGORIES = ["velocity", "quality", "cost", "reliability", "agent"] as const;
export type MetricCategory = (typeof CATEGORIES)[number];

/** `ratio` is 0 to 1 or a plain quotient; `per_hour` counts per hour; `usd` and `usd_per_hour` money. */
export const UNITS = [
  "ms",
  "ratio",
  "tokens",
  "count",
  "per_hour",
  "usd",
  "usd_per_hour",
  "per_1k_tokens",
] as const;
export type Unit = (typeof UNITS)[number];

export type Bound = "<" | "<=" | "=" | ">=" | ">";

/** What the value is held against. `baseline`: what the project itself did before the window, times `factor`. `cap`: what the project set, `set_at` says where; null: nowhere yet. */
export type Target =
  | { kind: "fixed"; bound: Bound; value: number }
  | { kind: "baseline"; bound: Bound; factor: number }
  | { kind: "cap"; bound: Bound; set_at: string | null };

export interface Reading {
  /** Null: unknown. Always finite. */
  value: number | null;
  /** How many things the value rests on. */
  n: number;
  /** How many were left out, because something about them is missing or impossible. */
  excluded: number;
}

/** Any of these types will do. */
export interface Need {
  any: readonly string[];
  /** A sentence, where none has come; absent: that none has. */
  otherwise?: string;
}

export interface Metric {
  id: string;
  label: string;
  category: MetricCategory;
  unit: Unit;
  /** Which way is better. */
  direction: "up" | "down";
  target: Target | null;
  /** Of tokens or money: hidden with them in a shared view. */
  is_cost?: true;
  /** Which learned target (learned.ts) is of the same: of the time from creation to closing, or of the tokens of a task. */
  learned?: "lead" | "tokens";
  words: string;
  formula: string;
  /** What is left out and counted as such, in words; absent where nothing is. */
  excludes?: string;
  /** Event types without which it is unknown: one of each. */
  needs: readonly Need[];
  read: (ledger: Ledger) => Reading;
  /** What was usual before, for work like this; null while too little is known. Absent: the same metric's value then. */
  baseline?: (ledger: Ledger, before: Ledger) => number | null;
}

/** Where an owner or admin sets the cap that a value is not held against yet; null: there is nothing to be set. */
export function capSetAt({ target }: Metric, row: { target: unknown } | undefined): string | null {
  return target?.kind === "cap" && (row?.target ?? null) === null ? target.set_at : null;
}

/** Things that a baseline rests on at least: fewer say nothing about what is usual. */
export const MIN_BASELINE = 5;

/** Null instead of anything that is no number. */
export function quotient(of: number, by: number): number | null {
  if (!(by > 0)) return null;
  const value = of / by;
  return Number.isFinite(value) ? value : null;
}

export const needs = (...any: readonly string[]): Need => ({ any });

/** What it is made from, each type once: without those that only show whether it can be told. */
export const typesOf = ({ needs: all }: Pick<Metric, "needs">): string[] => [
  ...new Set(all.flatMap(({ any, otherwise }) => (otherwise === undefined ? any : []))),
];

/** `of` over `n` things. */
export function mean(of: number, n: number, excluded = 0): Reading {
  return { value: quotient(of, n), n, excluded };
}
