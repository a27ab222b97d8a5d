/**
 * The metrics of a window: sums of the tally's slots and facts of the tasks and features at hand, by group.
 *
 *   slots (events, and what left the state) ─┐
 *   tasks, features (facts, as they stand) ──┴─▶ per group three ledgers: the window, the one before it,
 *                                                and all before the window ─▶ each metric's value, target, status
 *
 * Pure: the caller says what time it is. A value is a finite number or null, which means unknown.
 */
import { isAttributed, type Ask, type Grouping, type Known } from "./ask.ts";
import type { Spent } from "./attribution.ts";
import type { Books } from "./books.ts";
import { collect } from "./collect.ts";
import { noteCoverage } from "./coverage.ts";
import { METRICS } from "./definition.ts";
import { didOf, type Did } from "./did.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { Learned } from "./learned.ts";
import type { Metric } from "./metric.ts";
import { holds, referenceOf, type Reference } from "./reference.ts";
import type { Series } from "./series.ts";
import { addLedgerSums } from "./sums.ts";
import { windowOf, type Window } from "./window.ts";

export { holds } from "./reference.ts";
export { GROUPINGS, subjectsAsked, type Ask, type Filter, type Grouping, type Known } from "./ask.ts";

export type Status = "met" | "missed" | "unknown";

export interface Row {
  metric: string;
  /** Whose it is, where groups were asked for; null: of those of whom that is not known. */
  group: string | null;
  value: number | null;
  /** How many things the value rests on. */
  n: number;
  /** How many were left out. */
  excluded: number;
  /** What the value is held against; null where there is none, or too little is known. */
  target: Reference | null;
  status: Status;
  /** Of the window before; null while unknown, or where there is none. */
  previous: number | null;
  /** `value - previous`. */
  change: number | null;
  /** The window step by step, where points were asked for. */
  series?: Series;
  /**
   * Of `cost`, where it was asked for: `value` is what is the group's own. `unassigned` is what is left of those of
   * whom the feature is not known. Null: it is not known, and `attribution` says why.
   */
  attributed?: { own: Spent; shared: Spent; unassigned?: Spent } | null;
}

/** How far calls of no feature could be shared. */
export interface Attribution {
  /** Calls before it are not shared, ms; null: all could be. */
  from: number | null;
  /** Why not all of them, in words; null: all could be. */
  why: string | null;
}

export interface Measures {
  /** As far as slots of time allow; null where it is open. */
  window: { from: number | null; to: number | null; previous: number | null };
  rows: Row[];
  /** Groups beyond MAX_GROUPS, of which there was least. */
  omitted_groups: number;
  /**
   * Until then, ms, sums are put together that were too many: what was asked for is no longer told apart in all of
   * them. They are in the totals, and in the group null. Null: nothing of it is in the window or the one before it.
   */
  truncated_until: number | null;
  /** Where it was asked for. */
  attribution?: Attribution;
  /** Where it was asked for. */
  did?: { group: string | null; did: Did }[];
}

export function measure(known: Known, ask: Ask): Measures {
  const { now_ms, by } = ask;
  const window = windowOf(ask.window, now_ms, known.snap);
  const { groups, omitted, truncated_until } = collect(known, ask, window);
  const metrics = ask.metrics === undefined ? METRICS : METRICS.filter(({ id }) => ask.metrics?.includes(id));
  const is_attributed = isAttributed(ask);
  const scene: Scene = { ask, window, learned: known.learned ?? new Map() };
  const rows: Row[] = [];
  for (const [group, books] of groups) {
    const before = both(books.previous, books.older);
    for (const metric of metrics)
      rows.push({
        metric: metric.id,
        group: by === undefined ? null : group,
        ...evaluate(metric, group, books, before, scene),
        ...(books.steps === null ? {} : { series: books.steps.read(metric) }),
        ...(is_attributed && metric.id === "cost" ? { attributed: attributedTo(books, group, by) } : {}),
      });
  }
  return {
    window: {
      from: window.from === -Infinity ? null : window.from,
      to: window.to === Infinity ? null : window.to,
      previous: window.previous < window.from ? window.previous : null,
    },
    rows,
    omitted_groups: omitted,
    truncated_until,
    ...(is_attributed ? { attribution: attributionOf(known) } : {}),
    ...(ask.did === true ? { did: groups.map(([group, { now }]) => ({ group, did: didOf(now) })) } : {}),
  };
}

function attributedTo(
  { attributed }: Books,
  group: string | null,
  by: Grouping | undefined,
): Row["attributed"] {
  if (attributed === null) return null;
  const { own, shared, unassigned } = attributed;
  return by === "feature" && group === null ? { own, shared, unassigned } : { own, shared };
}

function attributionOf({ tasks_from }: Known): Attribution {
  if (tasks_from === undefined)
    return {
      from: null,
      why: "The archive keeps no tasks at work by the hour, so calls that name no feature are not shared: ask the live state.",
    };
  if (tasks_from === -Infinity) return { from: null, why: null };
  return {
    from: tasks_from,
    why: "Tasks that closed before are no longer at hand, so calls of then that name no feature stay unassigned.",
  };
}

function both(a: Ledger, b: Ledger): Ledger {
  const sum = createLedger(Infinity, a.wall_hours + b.wall_hours, Infinity, a);
  for (const ledger of [b, a]) {
    addLedgerSums(sum.sums, ledger.sums);
    for (const measured of ledger.coverage) noteCoverage(sum.coverage, measured);
    for (const [day, mask] of ledger.days) sum.days.set(day, (sum.days.get(day) ?? 0) | mask);
    sum.censored += ledger.censored;
  }
  return sum;
}

interface Scene {
  ask: Ask;
  window: Window;
  learned: Learned;
}

function evaluate(
  metric: Metric,
  group: string | null,
  books: Books,
  before: Ledger,
  { ask, window, learned }: Scene,
): Omit<Row, "metric" | "group"> {
  const { value, n, excluded } = metric.read(books.now);
  const previous = window.previous < window.from ? metric.read(books.previous).value : null;
  const target = referenceOf(metric, group, { ask, learned, now: books.now, before });
  return {
    value,
    n,
    excluded,
    target,
    status: value === null || target === null ? "unknown" : holds(value, target) ? "met" : "missed",
    previous,
    change: value === null || previous === null ? null : value - previous,
  };
}
