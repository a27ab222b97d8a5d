/** Sums of slots and facts of tasks and features, by group: a ledger for the window, one for the time before it, one for all before that. */
import { NOBODY, type Subjects } from "./cell.ts";
import type { Ask, Grouping, Known } from "./ask.ts";
import {
  ESCAPE_MS,
  featureFacts,
  subjectsOfFeature,
  subjectsOfTask,
  taskFacts,
  type AddFact,
} from "./fact.ts";
import { addToLedger, createLedger, hoursBetween, type Ledger } from "./ledger.ts";
import { addFact, censor, StepLedgers, stepsOf } from "./series.ts";
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
}

export function collect(known: Known, ask: Ask, window: Window): Map<string | null, Books> {
  const { by, filter = {}, now_ms } = ask;
  const first = known.first_ms ?? now_ms;
  const slots = [...known.slots];
  const steps =
    ask.points === undefined
      ? null
      : stepsOf(slots, window, { points: ask.points, now_ms, first_ms: known.first_ms });
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
        steps: steps === null ? null : new StepLedgers(steps, first),
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

  if (by === undefined) booksOf({ ...NOBODY, ...(filter as Partial<Subjects>) });
  for (const { start_ms, cells } of slots) {
    for (const cell of cells.values()) {
      const books = booksOf(cell.of);
      const ledger = books === null ? null : bookAt(books, start_ms);
      if (ledger === null) continue;
      addToLedger(ledger, start_ms, cell);
      const is_censored = start_ms > censored_from;
      if (is_censored) censor(ledger, cell.sums.merged_features, cell.sums.escaped_features);
      if (ledger === books?.now) books.steps?.addCell(start_ms, cell, is_censored);
    }
  }
  const adding =
    (books: Books): AddFact =>
    (time_ms, name, amount) => {
      const ledger = bookAt(books, time_ms);
      if (ledger === null) return;
      const is_censored = known.snap(time_ms) > censored_from;
      addFact(ledger, name, amount, is_censored);
      if (ledger === books.now) books.steps?.addFact(time_ms, name, amount, is_censored);
    };
  for (const task of known.tasks) {
    const books = booksOf(subjectsOfTask(task, ask.complexity));
    if (books !== null) taskFacts(task, adding(books));
  }
  for (const feature of known.features) {
    const books = booksOf(subjectsOfFeature(feature, ask.complexity));
    if (books !== null) featureFacts(feature, adding(books), ask.complexity);
  }
  return groups;
}

/** Those with most of all that is counted in the window, in order of their names. `all`: there is one group, which stays. */
export function largest(
  groups: ReadonlyMap<string | null, Books>,
  all: boolean,
): { groups: [string | null, Books][]; omitted: number } {
  const seen = [...groups].filter(([, { now }]) => all || weight(now) > 0).sort(byName);
  const kept = seen
    .toSorted(([, a], [, b]) => weight(b.now) - weight(a.now))
    .slice(0, MAX_GROUPS)
    .sort(byName);
  return { groups: kept, omitted: seen.length - kept.length };
}

/** What nobody is named for comes last. */
function byName([a]: [string | null, Books], [b]: [string | null, Books]): number {
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

function weight({ sums, days, censored }: Ledger): number {
  return (
    days.size +
    sums.calls +
    sums.submissions +
    sums.reviews +
    sums.merges +
    sums.completed_tasks +
    sums.failed_tasks +
    sums.features +
    sums.merged_features +
    censored +
    sums.gaps
  );
}
