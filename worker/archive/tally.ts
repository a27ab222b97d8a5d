/**
 * The tally of the archive: cells per hour, moved forward by each step of the drain.
 *
 *   events, as they are folded ──noteEvent──▶ cells of their hours
 *   entities that changed: facts of before are taken out, facts of after are put in, each at its own hour
 *
 * Both are sums, so a step adds what it changes to what is there, and the whole is what a room with room for
 * everything would have (schema/metric/tally.ts).
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import {
  addCell,
  cellKey,
  createCell,
  encodeCell,
  type Cell,
  type Subjects,
} from "../../schema/metric/cell.ts";
import {
  featureFacts,
  subjectsOfFeature,
  subjectsOfTask,
  taskFacts,
  type AddFact,
} from "../../schema/metric/fact.ts";
import { noteEvent, type Sink } from "../../schema/metric/note.ts";
import type { Feature } from "../../schema/state/entity/feature.ts";
import type { Observer, Seen } from "../../schema/state/state.ts";
import type { Task } from "../../schema/state/entity/task.ts";
import { bounded, cellsIn, type Cells } from "./cells.ts";
import { FIRST_DAY_KEY } from "./days.ts";
import { hourOf } from "./hours.ts";
import { LOOKUP_IDS, MAX_DAY_CELLS, MAX_HOUR_CELLS } from "./limits.ts";
import { statements, upsertOf, type Archived } from "./rows.ts";

export class HourTally implements Observer, Sink {
  readonly hours = new Map<number, Cells>();

  cell(time_ms: number, of: Subjects): Cell {
    const hour = hourOf(time_ms);
    let cells = this.hours.get(hour);
    if (cells === undefined) this.hours.set(hour, (cells = new Map<string, Cell>()));
    const key = cellKey(of);
    let cell = cells.get(key);
    if (cell === undefined) cells.set(key, (cell = createCell({ ...of })));
    return cell;
  }

  note(event: StoredEvent, seen: Seen): void {
    noteEvent(event, seen, this);
  }

  /** The fold of the archive forgets nothing, see FOLD_CHUNK_EVENTS. */
  retireTask(): void {}
  retireFeature(): void {}

  /** Once the step is folded: what the entities that it changed tell of themselves now, instead of before. */
  noteChanges({ entities, texts }: Archived): void {
    for (const task of entities.tasks.values()) {
      const before = texts.tasks.get(task.id);
      // The archive wrote it from an entity of this kind.
      if (before !== undefined) this.#task(JSON.parse(before) as Task, -1);
      this.#task(task, 1);
    }
    for (const feature of entities.features.values()) {
      const before = texts.features.get(feature.id);
      if (before !== undefined) this.#feature(JSON.parse(before) as Feature, -1);
      this.#feature(feature, 1);
    }
  }

  #task(task: Task, sign: 1 | -1): void {
    taskFacts(task, this.#adding(subjectsOfTask(task), sign));
  }
  #feature(feature: Feature, sign: 1 | -1): void {
    featureFacts(feature, this.#adding(subjectsOfFeature(feature), sign));
  }
  #adding(of: Subjects, sign: 1 | -1): AddFact {
    return (time_ms, name, amount) => {
      this.cell(time_ms, of).sums[name] += sign * amount;
    };
  }

  /** Without what only went and came back: an hour in which nothing changed is not written. */
  changed(): Map<number, Cells> {
    const changed = new Map<number, Cells>();
    for (const [hour, cells] of this.hours) {
      const kept: Cells = new Map([...cells].filter(([, cell]) => !isEmpty(cell)));
      if (kept.size > 0) changed.set(hour, kept);
    }
    return changed;
  }
}

function isEmpty({ sums, hours, coverage }: Cell): boolean {
  return hours === 0 && coverage.length === 0 && Object.values(sums).every((sum) => sum === 0);
}

/** Adds what is archived of the same hours. */
export async function addArchivedTally(
  db: D1Database,
  project_id: string,
  hours: ReadonlyMap<number, Cells>,
): Promise<void> {
  const numbers = [...hours.keys()];
  for (let from = 0; from < numbers.length; from += LOOKUP_IDS) {
    const { results } = await db
      .prepare(
        "SELECT hour, cells FROM archive_tally WHERE project_id = ?1 AND hour IN (SELECT value FROM json_each(?2))",
      )
      .bind(project_id, JSON.stringify(numbers.slice(from, from + LOOKUP_IDS)))
      .all<{ hour: number; cells: string }>();
    for (const row of results) {
      const cells = hours.get(row.hour);
      if (cells === undefined) continue;
      for (const known of cellsIn(row.cells)) {
        const key = cellKey(known.of);
        const cell = cells.get(key);
        if (cell === undefined) cells.set(key, known);
        else addCell(cell, known);
      }
    }
  }
}

export function tallyStatements(
  db: D1Database,
  project_id: string,
  hours: ReadonlyMap<number, Cells>,
): D1PreparedStatement[] {
  const rows = Array.from(hours, ([hour, cells]) => [
    hour,
    JSON.stringify(
      [...bounded(cells, hour < FIRST_DAY_KEY ? MAX_HOUR_CELLS : MAX_DAY_CELLS)]
        .filter(([, cell]) => !isEmpty(cell))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, cell]) => encodeCell(cell)),
    ),
  ]);
  return statements(db, project_id, rows, upsertOf("archive_tally", "hour", ["hour", "cells"], ["cells"]));
}
