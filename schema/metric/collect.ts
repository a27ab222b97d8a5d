/** Sums of slots and facts of tasks and features, by group: a ledger for the window, one for the time before it, one for all before that. */
import { addPart, createAttributed, Sharing } from "./attribution.ts";
import { NOBODY, type Cell, type Subjects } from "./cell.ts";
import { ESCAPE_MS } from "../state/feature.ts";
import type { Feature } from "../state/entity/feature.ts";
import type { Task } from "../state/entity/task.ts";
import { isAttributed, subjectsAsked, type Ask, type Grouping, type Known } from "./ask.ts";
import type { Books, Within } from "./books.ts";
import type { ComplexityBounds } from "./complexity.ts";
import { tells } from "./detail.ts";
import { featureFacts, subjectsOfFeature, subjectsOfTask, taskFacts, type AddFact } from "./fact.ts";
import { isApproved } from "./approved.ts";
import { isHeard } from "./heard.ts";
import { largest } from "./largest.ts";
import { addToLedger, createLedger, hoursBetween, type Ledger } from "./ledger.ts";
import { addFact, censorCell, StepLedgers, stepsOf } from "./series.ts";
import { floorTo, HOUR_MS } from "./slot.ts";
import { isTold } from "./told.ts";
import type { Window } from "./window.ts";

export interface Collected {
  groups: [string | null, Books][];
  /** Groups beyond MAX_GROUPS. */
  omitted: number;
  /** As of `Measures`. */
  truncated_until: number | null;
}

/** The window first, which tells the groups that are told; of the time before it nothing but theirs is added up. */
export function collect(known: Known, ask: Ask, window: Window): Collected {
  const { by, filter = {}, now_ms } = ask;
  const first = known.first_ms ?? now_ms;
  const slots = [...known.slots];
  const tasks = [...known.tasks];
  const features = [...known.features];
  const asked = subjectsAsked(ask);
  const log = {
    is_told: isTold(slots, tasks),
    is_heard: isHeard(slots),
    is_approved: isApproved(slots),
    has_features: !asked.some((name) => name === "role" || name === "agent" || name === "model"),
    span: { from_ms: first, to_ms: now_ms },
  };
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
      log,
    );
  const inside = new Map<string | null, Within>();
  const wanted = (Object.entries(filter) as [Grouping, string][]).filter(([, value]) => value !== undefined);
  const isWanted = (of: Subjects) => wanted.every(([name, value]) => of[name] === value);
  const groupOf = (of: Subjects) => (by === undefined ? null : of[by]);
  const within = (of: Subjects): Within | null => {
    if (!isWanted(of)) return null;
    const group = groupOf(of);
    let books = inside.get(group);
    if (books === undefined) {
      books = {
        now: ledgerOf(window.from, window.to),
        steps: steps === null ? null : new StepLedgers(steps, first, log),
        attributed: sharing === null ? null : createAttributed(),
      };
      inside.set(group, books);
    }
    return books;
  };
  const attribute = (slot: { start_ms: number; span_ms: number }, cell: Cell): void => {
    if (sharing === null || cell.sums.calls === 0) return;
    if (cell.of.feature !== null) {
      const own = within(cell.of)?.attributed?.own;
      if (own !== undefined) addPart(own, cell.sums, { from: 0, to: 1 });
      return;
    }
    for (const part of sharing.parts(slot, cell)) {
      const to = within({ ...cell.of, feature: part.feature })?.attributed;
      if (to) addPart(part.feature === null ? to.unassigned : to.shared, cell.sums, part);
    }
  };
  const censored_from = now_ms - ESCAPE_MS;
  const isInside = (time_ms: number) => time_ms >= window.from && time_ms < window.to;
  // As of the sums by the hour: an hour is old when all of it is.
  const isFactCensored = (time_ms: number) => floorTo(time_ms, HOUR_MS) + HOUR_MS > censored_from;

  let truncated_until: number | null = null;

  if (by === undefined) within({ ...NOBODY, ...(filter as Partial<Subjects>) });
  for (const slot of slots) {
    const { start_ms, span_ms, cells } = slot;
    if (start_ms < window.previous || start_ms >= window.to) continue;
    const is_inside = start_ms >= window.from;
    const is_censored = start_ms + span_ms > censored_from;
    for (const cell of cells.values()) {
      if (cell.detail < 2 && !tells(cell.detail, asked))
        truncated_until = Math.max(truncated_until ?? -Infinity, start_ms + span_ms);
      if (!is_inside) continue;
      attribute(slot, cell);
      const books = within(cell.of);
      if (books === null) continue;
      addToLedger(books.now, start_ms, cell);
      if (is_censored) censorCell(books.now, cell);
      books.steps?.addCell(start_ms, cell, is_censored);
    }
  }
  eachFact(features, tasks, ask.complexity, (of) => {
    const books = within(of);
    if (books === null) return null;
    return (time_ms, name, amount) => {
      if (!isInside(time_ms)) return;
      const is_censored = isFactCensored(time_ms);
      addFact(books.now, name, amount, is_censored);
      books.steps?.addFact(time_ms, name, amount, is_censored);
    };
  });

  const { kept, omitted } = largest(inside, by === undefined);
  const groups = kept.map(([group, books]): [string | null, Books] => [
    group,
    {
      ...books,
      previous: ledgerOf(window.previous, window.from),
      older: ledgerOf(-Infinity, window.previous),
    },
  ]);
  if (window.from === -Infinity) return { groups, omitted, truncated_until };
  const books = new Map(groups);
  const before = (of: Subjects, time_ms: number): Ledger | null => {
    if (time_ms >= window.from) return null;
    const told = books.get(groupOf(of));
    if (told === undefined || !isWanted(of)) return null;
    return time_ms >= window.previous ? told.previous : told.older;
  };
  for (const { start_ms, span_ms, cells } of slots) {
    if (start_ms >= window.from) continue;
    const is_censored = start_ms + span_ms > censored_from;
    for (const cell of cells.values()) {
      const ledger = before(cell.of, start_ms);
      if (ledger === null) continue;
      addToLedger(ledger, start_ms, cell);
      if (is_censored) censorCell(ledger, cell);
    }
  }
  eachFact(features, tasks, ask.complexity, (of) =>
    books.has(groupOf(of))
      ? (time_ms, name, amount) => {
          const ledger = before(of, time_ms);
          if (ledger !== null) addFact(ledger, name, amount, isFactCensored(time_ms));
        }
      : null,
  );
  return { groups, omitted, truncated_until };
}

/** Null of `addingTo`: nobody asked for what it tells. */
function eachFact(
  features: Iterable<Feature>,
  tasks: Iterable<Task>,
  bounds: ComplexityBounds | undefined,
  addingTo: (of: Subjects) => AddFact | null,
): void {
  for (const task of tasks) {
    const add = addingTo(subjectsOfTask(task, bounds));
    if (add !== null) taskFacts(task, add);
  }
  for (const feature of features) {
    const add = addingTo(subjectsOfFeature(feature, bounds));
    if (add !== null) featureFacts(feature, add, bounds);
  }
}
