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
 */
import { hexOf, textsOf } from "./chain.ts";
import { inTime, Job, pauseAfter, type JobContext } from "./job.ts";
import {
  DRAIN_BYTES,
  DRAIN_DELAY_MS,
  DRAIN_EVENTS,
  DRAIN_TIMEOUT_MS,
  MAX_DRAIN_PAUSE_MS,
  MAX_DRAIN_STEPS,
} from "./limits.ts";
import { drainRows, lastRow, receivedAfter } from "./log.ts";
import type { Gauges } from "./gauges.ts";
import type { WakeAt } from "./wake.ts";

export interface ArchiveCursor {
  seq: number;
  /** Running maximum of event time there, ms. */
  time: number;
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
  clear(): Promise<void>;
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
  /** The hint, read once. */
  #drained: number;
  #must_clear: boolean;

  /** Made when the room wakes up: a backlog must not depend on the next event. */
  constructor(context: JobContext, openArchive: OpenArchive, wakeAt: WakeAt, gauges: Pick<Gauges, "failed">) {
    this.#context = context;
    this.#sql = context.storage.sql;
    this.#openArchive = openArchive;
    this.#gauges = gauges;
    const hint = readHint(this.#sql);
    this.#drained = hint?.seq ?? 0;
    this.#must_clear = hint?.must_clear === 1;
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

  /** The archive holds what was destroyed: it is emptied and filled anew. */
  forgot(): Promise<void> {
    this.#must_clear = true;
    this.#writeHint();
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
      if (this.#must_clear) {
        await inTime(archive.clear(), DRAIN_TIMEOUT_MS);
        this.#must_clear = false;
        this.#drained = 0;
        this.#writeHint();
      }
      let cursor = await inTime(archive.cursor(), DRAIN_TIMEOUT_MS);
      this.#drained = cursor.seq;
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

  #writeHint(): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO drain (one, project_id, seq, must_clear) VALUES (1, ?, ?, ?)",
      projectOf(this.#context),
      this.#drained,
      this.#must_clear ? 1 : 0,
    );
  }
}

/** The project whose room this is. */
export function projectOf({ id, storage }: Pick<DurableObjectState, "id" | "storage">): string {
  const project_id = id.name ?? readHint(storage.sql)?.project_id;
  if (project_id === undefined) throw new Error("the room does not know its own name");
  return project_id;
}

function readHint(sql: SqlStorage): { project_id: string; seq: number; must_clear: number } | undefined {
  return sql
    .exec<{ project_id: string; seq: number; must_clear: number }>(
      "SELECT project_id, seq, must_clear FROM drain",
    )
    .toArray()[0];
}

/** To the end of a row of the log, since only there the chain's hash is known; at least one row, or the rest of one. */
export function batchAfter(sql: SqlStorage, after: number): { texts: string[]; head: string } | null {
  const texts: string[] = [];
  let bytes = 0;
  let head: string | null = null;
  for (const row of drainRows(sql, after, DRAIN_EVENTS)) {
    const next = after + texts.length + 1;
    if (row.first_seq > next) throw new Error(`the log has no seq ${String(next)}`);
    const part = textsOf(row.events).slice(next - row.first_seq);
    bytes += row.events.byteLength;
    if (head !== null && (texts.length + part.length > DRAIN_EVENTS || bytes > DRAIN_BYTES)) break;
    texts.push(...part);
    head = hexOf(row.head);
  }
  return head === null ? null : { texts, head };
}
