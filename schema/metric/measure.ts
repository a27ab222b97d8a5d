/**
 * The metrics of a window: sums of the tally's slots and facts of the tasks and features at hand, by group.
 *
 *   slots (events, and what left the state) ─┐
 *   tasks, features (facts, as they stand) ──┴─▶ per group three ledgers: the window, the one before it,
 *                                                and all before the window ─▶ each metric's value, target, status
 *
 * Pure: the caller says what time it is. A value is a finite number or null, which means unknown.
 */
import { ESCAPE_MS } from "../state/feature.ts";
import type { Feature, Task } from "../state/state.ts";
import { createCell, NOBODY, type Cell, type Subjects } from "./cell.ts";
import type { ComplexityBounds } from "./complexity.ts";
import { METRICS } from "./definition.ts";
import { tells } from "./detail.ts";
import { featureFacts, subjectsOfFeature, subjectsOfTask, taskFacts, type AddFact } from "./fact.ts";
import { addToLedger, createLedger, hoursBetween, type Ledger } from "./ledger.ts";
import { MIN_BASELINE, type Bound, type Metric } from "./metric.ts";
import { floorTo, HOUR_MS } from "./slot.ts";
import type { SumName } from "./sums.ts";
import type { Slot } from "./tally.ts";
import { windowOf, type Range, type Snap, type Window, type WindowName } from "./window.ts";

/** What is known: from the room, or from the archive. */
export interface Known {
  slots: Iterable<
    Pick<Slot, "start_ms" | "span_ms"> & { cells: ReadonlyMap<string, Cell> | readonly Cell[] }
  >;
  /** Those whose facts are in no slot. */
  tasks: Iterable<Task>;
  features: Iterable<Feature>;
  snap: Snap;
  /** Event time of the first event, ms; null before it. */
  first_ms: number | null;
}

export const GROUPINGS = ["feature", "role", "agent", "model", "kind", "complexity"] as const;
export type Grouping = (typeof GROUPINGS)[number];
export type Filter = Partial<Record<Grouping, string>>;

export interface Ask {
  now_ms: number;
  window: WindowName | Range;
  by?: Grouping | undefined;
  filter?: Filter | undefined;
  /** Ids; absent: all. */
  metrics?: readonly string[] | undefined;
  /** Targets that were set or learned, and caps, by metric. */
  targets?: ReadonlyMap<string, number> | undefined;
  /** For tasks and features at hand; what is in slots was sorted by the usual bounds. */
  complexity?: ComplexityBounds | undefined;
}

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
  target: { bound: Bound; value: number } | null;
  status: Status;
  /** Of the window before; null while unknown, or where there is none. */
  previous: number | null;
  /** `value - previous`. */
  change: number | null;
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
}

/** Groups of one answer: more than a person compares; with every metric they are some 2,000 rows. */
export const MAX_GROUPS = 100;

interface Books {
  now: Ledger;
  previous: Ledger;
  /** Before the previous window. */
  older: Ledger;
}

export function measure(known: Known, ask: Ask): Measures {
  const { now_ms, by, targets } = ask;
  const window = windowOf(ask.window, now_ms, known.snap);
  const { all, truncated_until } = collect(known, ask, window);
  const { groups, omitted } = largest(all, by === undefined);
  const metrics = ask.metrics === undefined ? METRICS : METRICS.filter(({ id }) => ask.metrics?.includes(id));
  const rows: Row[] = [];
  for (const [group, books] of groups) {
    const before = both(books.previous, books.older);
    for (const metric of metrics)
      rows.push({
        metric: metric.id,
        group: by === undefined ? null : group,
        ...evaluate(metric, books, before, window, targets),
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
  };
}

/** What has to be told apart for an answer. */
export function subjectsAsked({ by, filter = {} }: Ask): Grouping[] {
  const filtered = GROUPINGS.filter((name) => filter[name] !== undefined);
  return by === undefined ? filtered : [...filtered, by];
}

interface Collected {
  all: Map<string | null, Books>;
  truncated_until: number | null;
}

function collect(known: Known, ask: Ask, window: Window): Collected {
  const { by, filter = {}, now_ms } = ask;
  const first = known.first_ms ?? now_ms;
  const ledgerOf = (from: number, to: number) =>
    createLedger(
      hoursBetween(from, to === Infinity ? now_ms : to),
      hoursBetween(Math.max(from, first), Math.min(to, now_ms)),
    );
  const groups = new Map<string | null, Books>();
  const wanted = (Object.entries(filter) as [Grouping, string][]).filter(([, value]) => value !== undefined);
  const booksOf = (of: Subjects): Books | null => {
    for (const [name, value] of wanted) if (of[name] !== value) return null;
    const group = by === undefined ? null : of[by];
    let books = groups.get(group);
    if (books === undefined) {
      books = {
        now: ledgerOf(window.from, window.to),
        previous: ledgerOf(window.previous, window.from),
        older: ledgerOf(-Infinity, window.previous),
      };
      groups.set(group, books);
    }
    return books;
  };
  const bookAt = (books: Books, time_ms: number): Ledger | null => {
    if (time_ms >= window.to) return null;
    if (time_ms >= window.from) return books.now;
    return time_ms >= window.previous ? books.previous : books.older;
  };
  const censored_from = now_ms - ESCAPE_MS;

  const asked = subjectsAsked(ask);
  let truncated_until: number | null = null;

  if (by === undefined) booksOf({ ...NOBODY, ...(filter as Partial<Subjects>) });
  for (const { start_ms, span_ms, cells } of known.slots) {
    const is_asked = start_ms >= window.previous && start_ms < window.to;
    for (const cell of cells.values()) {
      if (is_asked && cell.detail < 2 && !tells(cell.detail, asked))
        truncated_until = Math.max(truncated_until ?? -Infinity, start_ms + span_ms);
      const books = booksOf(cell.of);
      const ledger = books === null ? null : bookAt(books, start_ms);
      if (ledger === null) continue;
      addToLedger(ledger, start_ms, cell);
      if (start_ms + span_ms > censored_from)
        censor(ledger, cell.sums.merged_features, cell.sums.escaped_features);
    }
  }
  const adding =
    (books: Books): AddFact =>
    (time_ms, name, amount) => {
      const ledger = bookAt(books, time_ms);
      if (ledger === null) return;
      ledger.sums[name] += amount;
      if (floorTo(time_ms, HOUR_MS) + HOUR_MS <= censored_from) return;
      if (name === "merged_features") censor(ledger, amount, 0);
      else if (name === "escaped_features") censor(ledger, 0, amount);
    };
  for (const task of known.tasks) {
    const books = booksOf(subjectsOfTask(task, ask.complexity));
    if (books !== null) taskFacts(task, adding(books));
  }
  for (const feature of known.features) {
    const books = booksOf(subjectsOfFeature(feature, ask.complexity));
    if (books !== null) featureFacts(feature, adding(books), ask.complexity);
  }
  return { all: groups, truncated_until };
}

/** Too young to say: neither among the merges nor among the escapes. */
function censor(ledger: Ledger, merged: number, escaped: number): void {
  ledger.sums.merged_features -= merged;
  ledger.sums.escaped_features -= escaped;
  ledger.censored += merged;
}

/** Those with most of all that is counted in the window, in order of their names. `all`: there is one group, which stays. */
function largest(
  groups: ReadonlyMap<string | null, Books>,
  all: boolean,
): { groups: [string | null, Books][]; omitted: number } {
  const seen = Array.from(groups, ([group, books]) => ({ group, books, weight: weight(books.now) }))
    .filter((one) => all || one.weight > 0)
    .sort(byName);
  const kept = seen
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, MAX_GROUPS)
    .sort(byName)
    .map(({ group, books }): [string | null, Books] => [group, books]);
  return { groups: kept, omitted: seen.length - kept.length };
}

/** What nobody is named for comes last. */
function byName({ group: a }: { group: string | null }, { group: b }: { group: string | null }): number {
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

/** Whatever a value rests on, or leaves out: a group with nothing else than one verdict is one, too. */
const WEIGHED = [
  "gaps",
  "absences",
  "calls",
  "approvals",
  "refusals",
  "tests_passed",
  "tests_failed",
  "submissions",
  "lint_passed",
  "lint_failed",
  "coverage_runs",
  "integration_passed",
  "integration_failed",
  "integration_early",
  "errors",
  "fixes",
  "exhausted",
  "crashes",
  "stray_recoveries",
  "loose_escalations",
  "reviews",
  "reviews_excluded",
  "merges",
  "merges_excluded",
  "approved_tasks",
  "unapproved_tasks",
  "completed_tasks",
  "failed_tasks",
  "features",
  "merged_features",
] as const satisfies readonly SumName[];

function weight({ sums, days, censored }: Ledger): number {
  let weight = days.size + censored;
  for (const name of WEIGHED) weight += sums[name];
  return weight;
}

function both(a: Ledger, b: Ledger): Ledger {
  const sum = createLedger(Infinity, a.wall_hours + b.wall_hours);
  for (const ledger of [b, a]) {
    addToLedger(sum, 0, { ...createCell(NOBODY), sums: ledger.sums, coverage: ledger.coverage });
    for (const [day, mask] of ledger.days) sum.days.set(day, (sum.days.get(day) ?? 0) | mask);
    sum.censored += ledger.censored;
  }
  return sum;
}

function evaluate(
  metric: Metric,
  books: Books,
  before: Ledger,
  window: Window,
  targets: ReadonlyMap<string, number> | undefined,
): Omit<Row, "metric" | "group"> {
  const { value, n, excluded } = metric.read(books.now);
  const previous = window.previous < window.from ? metric.read(books.previous).value : null;
  const target = targetOf(metric, books.now, before, targets?.get(metric.id));
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

function targetOf(metric: Metric, now: Ledger, before: Ledger, given: number | undefined): Row["target"] {
  const { target } = metric;
  if (target === null) return null;
  const { bound } = target;
  if (given !== undefined) return { bound, value: given };
  if (target.kind === "fixed") return { bound, value: target.value };
  if (target.kind === "cap") return null;
  const usual = metric.baseline === undefined ? readBefore(metric, before) : metric.baseline(now, before);
  return usual === null ? null : { bound, value: usual * target.factor };
}

function readBefore(metric: Metric, before: Ledger): number | null {
  const { value, n } = metric.read(before);
  return n < MIN_BASELINE ? null : value;
}

export function holds(value: number, target: { bound: Bound; value: number }): boolean {
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
