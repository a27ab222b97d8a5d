/** What a value is held against, and where that comes from. */
import type { Ask } from "./ask.ts";
import { learnedFor, type Learned } from "./learned.ts";
import type { Ledger } from "./ledger.ts";
import { MIN_BASELINE, type Bound, type Metric } from "./metric.ts";

/**
 * Where what a value is held against comes from: the table, what was usual before, the project's own cap, or what was
 * learned of like work.
 */
export const TARGET_ORIGINS = ["fixed", "usual", "cap", "learned"] as const;

export interface Reference {
  bound: Bound;
  value: number;
  origin?: (typeof TARGET_ORIGINS)[number];
  /** Tasks that it was learned from; null where that says nothing. */
  n?: number | null;
}

/** In words, to stand behind a target; null: it is the table's own, which its definition tells. */
export function originWords({ origin, n = null }: Reference): string | null {
  switch (origin) {
    case "cap":
      return "the project's cap";
    case "learned":
      return n === null ? "learned" : `learned from ${n.toLocaleString("en")} tasks`;
    case "usual":
      return "usual before";
    case "fixed":
    case undefined:
      return null;
  }
}

export interface Circumstances {
  ask: Ask;
  learned: Learned;
  /** Of the group: the window, and all before it. */
  now: Ledger;
  before: Ledger;
}

/** What the project set, or what was learned of work like this, before what the table says. Null: nothing, or not yet. */
export function referenceOf(metric: Metric, group: string | null, known: Circumstances): Reference | null {
  return givenTarget(metric, group, known) ?? ownTarget(metric, known);
}

function givenTarget(
  metric: Metric,
  group: string | null,
  { ask, learned }: Circumstances,
): Reference | null {
  const bound = metric.target?.bound ?? (metric.direction === "up" ? ">=" : "<=");
  const cap = ask.targets?.get(metric.id);
  if (cap !== undefined && metric.target !== null) return { bound, value: cap, origin: "cap", n: null };
  const found = learnedFor(metric, ask, group, learned);
  return found === null ? null : { bound, ...found, origin: "learned" };
}

function ownTarget(metric: Metric, { now, before }: Circumstances): Reference | null {
  const { target } = metric;
  if (target === null || target.kind === "cap") return null;
  const { bound } = target;
  if (target.kind === "fixed") return { bound, value: target.value, origin: "fixed", n: null };
  const usual = metric.baseline === undefined ? readBefore(metric, before) : metric.baseline(now, before);
  return usual === null ? null : { bound, value: usual * target.factor, origin: "usual", n: null };
}

function readBefore(metric: Metric, before: Ledger): number | null {
  const { value, n } = metric.read(before);
  return n < MIN_BASELINE ? null : value;
}

export function holds(value: number, target: Reference): boolean {
  switch (target.bound) {
    case "<":
      return value < target.value;
    case "<=":
      return value <= target.value;
    case "=":
      return value === target.value;
    case ">=":
      return value >= target.value;
    case ">":
      return value > target.value;
  }
}
