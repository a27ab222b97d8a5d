/** Sums of slots and facts of tasks and features, by group: a ledger for the window, one for the time before it, one for all before that. */
import { addPart, createAttributed, Sharing, type Attributed } from "./attribution.ts";
import { NOBODY, type Cell, type Subjects } from "./cell.ts";
import { ESCAPE_MS } from "../state/feature.ts";
import { isAttributed, subjectsAsked, type Ask, type Grouping, type Known } from "./ask.ts";
import { tells } from "./detail.ts";
import { featureFacts, subjectsOfFeature, subjectsOfTask, taskFacts, type AddFact } from "./fact.ts";
import { addToLedger, createLedger, hoursBetween, type Ledger } from "./ledger.ts";
import { addFact, censor, StepLedgers, stepsOf } from "./series.ts";
import { floorTo, HOUR_MS } from "./slot.ts";
import type { SumName } from "./sums.ts";
import { isTold } from "./told.ts";
import type { Window } from "./window.ts";

/** Groups of one answer: more than a person compares; with every metric they are some 2,000 rows. */
export const MAX_GROUPS = 100;

export interface Books {
  now: Ledger;
  previous: Ledger;
  /** Before the previous window. */
  older: Ledger;
  /** The window again, step by step; null where nobody asked for it. */
  steps: StepLedgers | null;
  /** Whose the cost of the window is; null where nobody asked for it, or nobody knows. */
  attributed: Attributed | null;
}

export interface Collected {
  all: Map<string | null, Books>;
  /** As of `Measures`. */
  truncated_until: number | null;
}

export function collect(known: Known, ask: Ask, window: Window): Collected {
  const { by, filter = {}, now_ms } = ask;
  const first = known.first_ms ?? now_ms;
  const slots = [...known.slots];
  const tasks = [...known.tasks];
  const is_told = isTold(slots, tasks);
  const sharing =
    isAttributed(ask) && known.tasks_from !== undefined ? new Sharing(tasks, known.tasks_from) : null;
  const steps =
    ask.points === undefined
      ? null
      : stepsOf(slots, window, { points: ask.points, now_ms, first_ms: known.first_ms });
  const ledgerOf = (from: number, to: number) =>
    createLedger(
      hoursBetween(from, to === Infinity ? now_ms : to),
      hoursBetween(Math.max(from, first), Math.min(to, now_ms)),
      hoursBetween(first, Math.min(to, now_ms)),
      is_told,
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
        steps: steps === null ? null : new StepLedgers(steps, first, is_told),
        attributed: sharing === null ? null : createAttributed(),
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
  const attribute = (slot: { start_ms: number; span_ms: number }, cell: Cell): void => {
    if (sharing === null || cell.sums.calls === 0) return;
    if (cell.of.feature !== null) {
      const own = booksOf(cell.of)?.attributed?.own;
      if (own !== undefined) addPart(own, cell.sums, { from: 0, to: 1 });
      return;
    }
    for (const part of sharing.parts(slot, cell)) {
      const to = booksOf({ ...cell.of, feature: part.feature })?.attributed;
      if (to) addPart(part.feature === null ? to.unassigned : to.shared, cell.sums, part);
    }
  };
  const censored_from = now_ms - ESCAPE_MS;

  const asked = subjectsAsked(ask);
  let truncated_until: number | null = null;

  if (by === undefined) booksOf({ ...NOBODY, ...(filter as Partial<Subjects>) });
  for (const slot of slots) {
    const { start_ms, span_ms, cells } = slot;
    const is_asked = start_ms >= window.previous && start_ms < window.to;
    const is_censored = start_ms + span_ms > censored_from;
    for (const cell of cells.values()) {
      if (is_asked && cell.detail < 2 && !tells(cell.detail, asked))
        truncated_until = Math.max(truncated_until ?? -Infinity, start_ms + span_ms);
      if (start_ms >= window.from && start_ms < window.to) attribute(slot, cell);
      const books = booksOf(cell.of);
      const ledger = books === null ? null : bookAt(books, start_ms);
      if (ledger === null) continue;
      addToLedger(ledger, start_ms, cell);
      if (is_censored) censor(ledger, cell.sums.merged_features, cell.sums.escaped_features);
      if (ledger === books?.now) books.steps?.addCell(start_ms, cell, is_censored);
    }
  }
  const adding =
    (books: Books): AddFact =>
    (time_ms, name, amount) => {
      const ledger = bookAt(books, time_ms);
      if (ledger === null) return;
      // As of the sums by the hour: an hour is old when all of it is.
      const is_censored = floorTo(time_ms, HOUR_MS) + HOUR_MS > censored_from;
      addFact(ledger, name, amount, is_censored);
      if (ledger === books.now) books.steps?.addFact(time_ms, name, amount, is_censored);
    };
  for (const task of tasks) {
    const books = booksOf(subjectsOfTask(task, ask.complexity));
    if (books !== null) taskFacts(task, adding(books));
  }
  for (const feature of known.features) {
    const books = booksOf(subjectsOfFeature(feature, ask.complexity));
    if (books !== null) featureFacts(feature, adding(books), ask.complexity);
  }
  return { all: groups, truncated_until };
}

/** Those with most of all that is counted in the window, in order of their names. `all`: there is one group, which stays. */
export function largest(
  groups: ReadonlyMap<string | null, Books>,
  all: boolean,
): { groups: [string | null, Books][]; omitted: number } {
  const seen = Array.from(groups, ([group, books]) => ({
    group,
    books,
    weight: weight(books.now) + (books.attributed?.shared.calls ?? 0),
  }))
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
  "coverage_excluded",
  "loose_submissions",
] as const satisfies readonly SumName[];

function weight({ sums, days, censored }: Ledger): number {
  let weight = days.size + censored;
  for (const name of WEIGHED) weight += sums[name];
  return weight;
}
