/**
 * The archive of one project in D1, as its room's drain sees it.
 *
 *   cursor ──▶ read entities and hours that the events touch ──▶ fold forward ──▶ one batch():
 *                                                       segment, entities, hours, cursor
 *
 * D1's entities are folded from D1's own rows and cursor, never copied from the
 * hot state, so what the hot state forgot is whole here. The segment goes first
 * and only where the cursor still stands: a step that was done already, that
 * two do at once, or that arrives late fails as a whole (B2). A lost answer
 * therefore does no harm: whoever tries again reads the cursor first.
 *
 * Where events were destroyed the seq says too little: a late step from before
 * would bring them back. So the cursor has a generation, which only emptying
 * raises: a step holds in its own one alone, and emptying for a later one (P1).
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import { addArchivedDays, daysOf } from "./days.ts";
import { foldForward, mentionedIds, relatedIds, type Clock } from "./entities.ts";
import { gzip } from "./gzip.ts";
import { addHour, countHours } from "./hours.ts";
import { FOLD_CHUNK_EVENTS, PARSE_CHUNK_EVENTS } from "./limits.ts";
import { affordable } from "./measure.ts";
import { addArchivedTally, HourTally, tallyStatements } from "./tally.ts";
import { entityStatements, hourStatements, noneArchived, readEntities, readHours } from "./rows.ts";

/** How far the archive is, and of which generation of the log. */
export interface Cursor extends Clock {
  generation: number;
}

/** What the room copies: every seq after the cursor, without a gap. */
export interface Batch {
  /** Stored JSON texts; empty where an event was forgotten. */
  texts: readonly string[];
  /** Hex: the chain's hash after the last of them; written only where all of them fit into the step. */
  head: string;
}

/** A step's events are parsed over some turns of the thread, which appends of all projects share (V2). */
async function eventsIn(texts: readonly string[]): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (const [nth, text] of texts.entries()) {
    if (nth > 0 && nth % PARSE_CHUNK_EVENTS === 0) await scheduler.wait(0);
    // The room validated it when it was stored.
    if (text !== "") events.push(JSON.parse(text) as StoredEvent);
  }
  return events;
}

/** Of the project ?1; an archive without a cursor is as old as can be. */
const GENERATION = "coalesce((SELECT generation FROM archive_cursor WHERE project_id = ?1), 0)";

/** Of what was copied; the cursor stays. */
const TABLES = [
  "archive_segment",
  "archive_task",
  "archive_feature",
  "archive_agent",
  "archive_hour",
  "archive_tally",
] as const;

export class Archive {
  readonly #db: D1Database;
  readonly #project_id: string;

  constructor(db: D1Database, project_id: string) {
    this.#db = db;
    this.#project_id = project_id;
  }

  /** How far the archive is; seq 0 when it is empty. */
  async cursor(): Promise<Cursor> {
    const found = await this.#db
      .prepare("SELECT seq, time, generation FROM archive_cursor WHERE project_id = ?")
      .bind(this.#project_id)
      .first<Cursor>();
    return found ?? { seq: 0, time: 0, generation: 0 };
  }

  /**
   * Returns the cursor after what was stored: the batch, or as many of its
   * first events as one step affords. Rejects when nothing was stored, or when
   * nobody knows.
   */
  async write(cursor: Cursor, batch: Batch): Promise<Cursor> {
    const { generation } = cursor;
    const db = this.#db;
    const project_id = this.#project_id;
    const all = await eventsIn(batch.texts);
    const count = await affordable(db, project_id, all, cursor.time);
    const events = all.slice(0, count);
    // The seq says where an event stands: forgotten ones have a place, and no text.
    const texts =
      count < all.length ? batch.texts.slice(0, (all[count]?.seq ?? 0) - cursor.seq - 1) : batch.texts;
    // Inside a commit there is no head: the chain is one of commits.
    const head = texts.length < batch.texts.length ? "" : batch.head;
    const { hours, first_time, last_time } = countHours(events, cursor.time);
    const archived = noneArchived();
    await readEntities(db, project_id, mentionedIds(events), archived);
    await readEntities(db, project_id, relatedIds(archived.entities.tasks.values()), archived);
    const known_hours = await readHours(db, project_id, [...hours.keys()]);

    const counted = new HourTally();
    let clock: Clock = cursor;
    for (let from = 0; from < events.length; from += FOLD_CHUNK_EVENTS) {
      const chunk = events.slice(from, from + FOLD_CHUNK_EVENTS);
      clock = foldForward(archived.entities, chunk, clock, counted);
      // Appends come first: they share this thread.
      await scheduler.wait(0);
    }
    const next: Cursor = { seq: cursor.seq + texts.length, time: clock.time, generation };
    const summed = Array.from(hours.values(), (hour) => {
      const known = known_hours.get(hour.hour);
      return known === undefined ? hour : addHour(hour, known);
    });
    counted.noteChanges(archived);
    const tally = counted.changed();
    const days = daysOf(tally);
    await addArchivedTally(db, project_id, tally);
    await addArchivedDays(db, project_id, days);
    await db.batch([
      db
        .prepare(
          `INSERT INTO archive_segment (project_id, first_seq, last_seq, first_time, last_time, head, events)
           VALUES (?1,
             -- Null, which the column refuses, when the cursor is elsewhere by now.
             CASE WHEN coalesce((SELECT seq FROM archive_cursor WHERE project_id = ?1), 0) = ?2
               AND ${GENERATION} = ?8 THEN ?2 + 1 END,
             ?3, ?4, ?5, ?6, ?7)`,
        )
        .bind(
          project_id,
          cursor.seq,
          next.seq,
          first_time,
          last_time,
          head,
          await gzip(texts.join("\n")),
          generation,
        ),
      ...entityStatements(db, project_id, archived),
      ...hourStatements(db, project_id, summed),
      ...tallyStatements(db, project_id, tally),
      ...tallyStatements(db, project_id, days),
      db
        .prepare(
          `INSERT INTO archive_cursor (project_id, seq, time, generation) VALUES (?, ?, ?, ?)
           ON CONFLICT (project_id) DO UPDATE SET seq = excluded.seq, time = excluded.time`,
        )
        .bind(project_id, next.seq, next.time, generation),
    ]);
    return next;
  }

  /**
   * Empties it of earlier generations, for instance because events were
   * destroyed: the room then copies its log anew. Done already, or of a
   * generation that is past, it changes nothing.
   */
  async clear(generation: number): Promise<void> {
    const prepared = (query: string) => this.#db.prepare(query).bind(this.#project_id, generation);
    await this.#db.batch([
      ...TABLES.map((table) => prepared(`DELETE FROM ${table} WHERE project_id = ?1 AND ${GENERATION} < ?2`)),
      // Last: the others look at it.
      prepared(
        `INSERT INTO archive_cursor (project_id, seq, time, generation) VALUES (?1, 0, 0, ?2)
         ON CONFLICT (project_id) DO UPDATE SET seq = 0, time = 0, generation = excluded.generation
         WHERE archive_cursor.generation < excluded.generation`,
      ),
    ]);
  }
}
