/**
 * Copies the log to the archive, some thousand events at a time.
 *
 *   log after the archive's cursor ──batch──▶ archive.write ──▶ next cursor
 *      ▲ due: enough events, or the oldest waits for DRAIN_DELAY_MS
 *      └ alarm, armed by commits, by failures (with a growing pause) and by waking up with a backlog (B3)
 *
 * The archive's own cursor is the truth; the room's row is a hint that saves
 * the look at an archive that has everything. Nothing here ever holds up an
 * append (B1): the log keeps what the archive lacks.
 *
 * What was issued before events were destroyed may be executed long after. So
 * the room counts the times, as generations of its log: the archive takes only
 * what is of its cursor's generation, and emptying it is what raises that (P1).
 * Where the two differ without an emptying to come, one of them was restored
 * from a backup. The log is what holds: the archive is emptied and filled anew,
 * under a generation that neither had.
 */
import { batchAfter } from "./drain-batch.ts";
import { inTime, Job, pauseAfter, type JobContext } from "./job.ts";
import {
  DRAIN_DELAY_MS,
  DRAIN_EVENTS,
  DRAIN_TIMEOUT_MS,
  MAX_DRAIN_PAUSE_MS,
  MAX_DRAIN_STEPS,
} from "./limits.ts";
import { lastRow, receivedAfter } from "./log.ts";
import type { Gauges } from "./gauges.ts";
import type { WakeAt } from "./wake.ts";

export interface ArchiveCursor {
  seq: number;
  /** Running maximum of event time there, ms. */
  time: number;
  /** Of the log that was copied. */
  generation: number;
}

/** The room's whole knowledge of the archive. Each method may be called twice, and may be answered late or never. */
export interface Archive {
  cursor(): Promise<ArchiveCursor>;
  /**
   * `texts` are of the seqs after the cursor, without a gap; `head` is the
   * chain's hash after them, in hex. It may take only the first of them: the
   * cursor that it returns says how many.
   */
  write(cursor: ArchiveCursor, batch: { texts: readonly string[]; head: string }): Promise<ArchiveCursor>;
  /** Empties it where it is of an earlier generation, and puts it into this one; else it does nothing. */
  clear(generation: number): Promise<void>;
}

export type OpenArchive = (project_id: string) => Archive;

export class Drain {
  readonly #context: JobContext;
  readonly #sql: SqlStorage;
  readonly #openArchive: OpenArchive;
  readonly #gauges: Pick<Gauges, "failed">;
  readonly #job: Job;
  #failures = 0;
  #not_before_ms = 0;
  /** The row, which only this writes. */
  #drained = 0;
  #must_clear = false;
  #generation = 0;

  /** Made when the room wakes up: a backlog must not depend on the next event. */
  constructor(context: JobContext, openArchive: OpenArchive, wakeAt: WakeAt, gauges: Pick<Gauges, "failed">) {
    this.#context = context;
    this.#sql = context.storage.sql;
    this.#openArchive = openArchive;
    this.#gauges = gauges;
    this.#read();
    this.#job = new Job(context, wakeAt, {
      name: "the drain",
      due: () => this.#due(),
      run: () => this.#run(),
      timeout_ms: DRAIN_TIMEOUT_MS,
    });
    this.#job.lookSoon();
  }

  /** How far the archive is, as far as this object knows. */
  lag(): { lag_events: number; lag_ms: number } {
    const last_seq = lastRow(this.#sql)?.last_seq ?? 0;
    const since_ms = receivedAfter(this.#sql, this.#drained);
    return {
      lag_events: Math.max(0, last_seq - this.#drained),
      lag_ms: since_ms === null ? 0 : Math.max(0, Date.now() - since_ms),
    };
  }

  /** Called after each commit, with the last seq of the log. Cheap: mostly a comparison. */
  committed(seq: number): void {
    if (this.#job.is_running) return;
    const wait_ms = seq - this.#drained >= DRAIN_EVENTS ? 0 : DRAIN_DELAY_MS;
    this.#job.armBy(Math.max(Date.now() + wait_ms, this.#not_before_ms));
  }

  /** Part of the transaction that destroys events: the archive holds them, so it is emptied and filled anew. */
  noteForgetting(): void {
    this.#sql.exec(
      `INSERT INTO drain (one, project_id, seq, must_clear, generation) VALUES (1, ?, 0, 1, 1)
       ON CONFLICT (one) DO UPDATE SET must_clear = 1, generation = generation + 1`,
      projectOf(this.#context),
    );
  }

  /** That transaction is done. */
  forgot(): Promise<void> {
    this.#read();
    return this.#job.arm(Date.now());
  }

  alarm(): Promise<void> {
    return this.#job.alarm();
  }

  /** When there is something to do; null when there is nothing. */
  #due(): number | null {
    if (this.#must_clear) return Math.max(Date.now(), this.#not_before_ms);
    const last = lastRow(this.#sql);
    if (last === null || last.last_seq <= this.#drained) return null;
    const enough = last.last_seq - this.#drained >= DRAIN_EVENTS;
    const at = enough ? 0 : (receivedAfter(this.#sql, this.#drained) ?? 0) + DRAIN_DELAY_MS;
    return Math.max(at, this.#not_before_ms);
  }

  async #run(): Promise<void> {
    try {
      const archive = this.#openArchive(projectOf(this.#context));
      if (this.#must_clear) await this.#clear(archive);
      let cursor = await inTime(archive.cursor(), DRAIN_TIMEOUT_MS);
      this.#drained = cursor.seq;
      this.#compare(cursor.generation);
      for (let step = 0; step < MAX_DRAIN_STEPS; step += 1) {
        const at = this.#due();
        if (at === null || at > Date.now() || this.#must_clear) break;
        const batch = batchAfter(this.#sql, cursor.seq);
        if (batch === null) break;
        cursor = await inTime(archive.write(cursor, batch), DRAIN_TIMEOUT_MS);
        this.#drained = cursor.seq;
        this.#failures = 0;
        this.#not_before_ms = 0;
      }
      this.#writeHint();
    } catch (error) {
      this.#failures += 1;
      this.#gauges.failed("drain");
      const pause_ms = pauseAfter(this.#failures, MAX_DRAIN_PAUSE_MS);
      this.#not_before_ms = Date.now() + pause_ms;
      console.error(
        `copying to the archive failed; the log has everything, next try in ${String(pause_ms / 1_000)} s`,
        error,
      );
    }
  }

  async #clear(archive: Archive): Promise<void> {
    const generation = this.#generation;
    await inTime(archive.clear(generation), DRAIN_TIMEOUT_MS);
    // More was destroyed meanwhile: that has to go too.
    if (this.#generation !== generation) return;
    this.#must_clear = false;
    this.#drained = 0;
    this.#writeHint();
  }

  /** Throws where the archive is of another past than the log. */
  #compare(generation: number): void {
    if (generation === this.#generation || this.#must_clear) return;
    this.#generation = Math.max(this.#generation, generation + 1);
    this.#must_clear = true;
    this.#writeHint();
    throw new Error(
      "the log or the archive was restored from a backup: the archive is filled anew from the log; forget again what the log should not hold",
    );
  }

  #read(): void {
    const hint = readHint(this.#sql);
    this.#drained = hint?.seq ?? 0;
    this.#must_clear = hint?.must_clear === 1;
    this.#generation = hint?.generation ?? 0;
  }

  #writeHint(): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO drain (one, project_id, seq, must_clear, generation) VALUES (1, ?, ?, ?, ?)",
      projectOf(this.#context),
      this.#drained,
      this.#must_clear ? 1 : 0,
      this.#generation,
    );
  }
}

/** The project whose room this is. */
export function projectOf({ id, storage }: Pick<DurableObjectState, "id" | "storage">): string {
  const project_id = id.name ?? readHint(storage.sql)?.project_id;
  if (project_id === undefined) throw new Error("the room does not know its own name");
  return project_id;
}

interface Hint extends Record<string, SqlStorageValue> {
  project_id: string;
  seq: number;
  must_clear: number;
  generation: number;
}

function readHint(sql: SqlStorage): Hint | undefined {
  return sql.exec<Hint>("SELECT project_id, seq, must_clear, generation FROM drain").toArray()[0];
}
