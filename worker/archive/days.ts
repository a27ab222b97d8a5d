/**
 * The tally by days, in the table of the hours: what a question over months adds up, instead of each of its hours.
 * Twice, for a day that told everything apart would have as many cells as its hours together: by who did it, and by
 * what it was for. A day's row is the sum of its hours' rows, moved forward by the same step; where it has no row,
 * because its hours are from before there were such days, the first step that touches it makes a whole one.
 *
 *   hours ─┬─▶ days by who:  role, agent, model
 *          └─▶ days by what: feature, kind, complexity
 */
import {
  addCell,
  cellKey,
  createCell,
  NOBODY,
  type Cell,
  type Detail,
  type Subjects,
} from "../../schema/metric/cell.ts";
import { DAY_MS } from "../../schema/metric/slot.ts";
import { cellsIn, type Cells } from "./cells.ts";
import { LOOKUP_IDS } from "./limits.ts";

export const DAY_HOURS = 24;
/** Days stand behind all hours there can be: a time is below 8.64e15 ms, which are 2.4e9 hours, or 1e8 days. */
const FIRST_KEY = 10_000_000_000;
const KEYS_APART = 10_000_000_000;

export interface DayKind {
  /** Of the first day of 1970. */
  zero_key: number;
  /** Its keys are from the one to below the other: days before 1970 are negative. */
  from_key: number;
  end_key: number;
  /** What it tells apart. */
  tells: readonly (keyof Subjects)[];
  /** As far as that is one of those (schema/metric/detail.ts); else such days are taken for no other question. */
  detail: Detail;
}

function kindOf(nth: number, tells: DayKind["tells"], detail: Detail): DayKind {
  const zero_key = FIRST_KEY + nth * KEYS_APART;
  return { zero_key, from_key: zero_key - KEYS_APART / 2, end_key: zero_key + KEYS_APART / 2, tells, detail };
}
export const BY_WHO = kindOf(0, ["role", "agent", "model"], 1);
export const BY_WHAT = kindOf(1, ["feature", "kind", "complexity"], 2);
const KINDS = [BY_WHO, BY_WHAT];
/** What is less is an hour. */
export const FIRST_DAY_KEY = BY_WHO.from_key;

/** Of the days that tell what is asked for; null: none do. */
export function kindFor(asked: readonly (keyof Subjects)[]): DayKind | null {
  return KINDS.find(({ tells }) => asked.every((name) => tells.includes(name))) ?? null;
}
export const startOfDay = (key: number, { zero_key }: DayKind): number => (key - zero_key) * DAY_MS;

/** Of each kind one. */
export const dayKeysOf = (hour: number): number[] => KINDS.map((kind) => dayKeyOf(hour, kind));
const dayKeyOf = (hour: number, { zero_key }: DayKind) => zero_key + Math.floor(hour / DAY_HOURS);

/** What a step adds to the days, from what it adds to the hours; before anything that is archived is added to those. */
export function daysOf(hours: ReadonlyMap<number, Cells>): Map<number, Cells> {
  const days = new Map<number, Cells>();
  for (const kind of KINDS)
    for (const [hour, cells] of hours) {
      const key = dayKeyOf(hour, kind);
      let sum = days.get(key);
      if (sum === undefined) days.set(key, (sum = new Map<string, Cell>()));
      for (const cell of cells.values()) addTo(sum, cell, kind);
    }
  return days;
}

/** Adds what is archived of the same days: their rows, or all their hours. */
export async function addArchivedDays(
  db: D1Database,
  project_id: string,
  days: ReadonlyMap<number, Cells>,
): Promise<void> {
  for (const kind of KINDS) {
    const { zero_key, from_key, end_key } = kind;
    const keys = [...days.keys()].filter((key) => key >= from_key && key < end_key);
    for (let from = 0; from < keys.length; from += LOOKUP_IDS) {
      const { results } = await db
        .prepare(
          `SELECT value AS day, tally.cells FROM json_each(?2)
           LEFT JOIN archive_tally AS own ON own.project_id = ?1 AND own.hour = value
           JOIN archive_tally AS tally ON tally.project_id = ?1
             AND tally.hour BETWEEN iif(own.hour IS NULL, (value - ?3) * ${DAY_HOURS}, value)
               AND iif(own.hour IS NULL, (value - ?3) * ${DAY_HOURS} + ${DAY_HOURS - 1}, value)`,
        )
        .bind(project_id, JSON.stringify(keys.slice(from, from + LOOKUP_IDS)), zero_key)
        .all<{ day: number; cells: string }>();
      for (const { day, cells } of results) {
        const sum = days.get(day);
        if (sum === undefined) continue;
        for (const known of cellsIn(cells)) addTo(sum, known, kind);
      }
    }
  }
}

function addTo(cells: Cells, cell: Cell, { tells, detail }: DayKind): void {
  const of = { ...NOBODY, ...Object.fromEntries(tells.map((name) => [name, cell.of[name]])) };
  const key = cellKey(of);
  let sum = cells.get(key);
  if (sum === undefined) {
    sum = createCell(of);
    sum.detail = detail;
    cells.set(key, sum);
  }
  addCell(sum, cell);
}
