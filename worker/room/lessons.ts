/**
 * Tells the team's book what this project's log says about lessons.
 *
 *   log ──cursor──▶ events about lessons, and what was forgotten ─▶ book.take ─▶ cursor
 *      └ due: something of the kind was committed, or much came since anybody looked
 *
 * The book knows up to where it was told, so twice adds nothing (B2), and a book that lost what it knew is told from
 * where it stands. What is due stays due in the rows, with a growing pause (B3), and no append waits for it (B1).
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import { evidenceSeqs } from "../../schema/event/evidence.ts";
import { OWN_KEY_ID } from "../../schema/event/own.ts";
import { WITNESS_TYPE } from "../../schema/event/witness.ts";
import { textsOf } from "./chain.ts";
import { projectOf } from "./drain.ts";
import type { Gauges } from "./gauges.ts";
import { inTime, Job, pauseAfter, type JobContext } from "./job.ts";
import {
  LESSON_SCAN_EVENTS,
  LESSON_TIMEOUT_MS,
  MAX_LESSON_EVENTS,
  MAX_LESSON_PAUSE_MS,
  MAX_LESSON_ROWS,
  WAKING_LOOK_EVENTS,
  MAX_LESSON_SCAN,
} from "./limits.ts";
import { lastRow, lines, rowWith, tailFits } from "./log.ts";
import type { WakeAt } from "./wake.ts";

/** The room's whole knowledge of lessons. It may be called twice, and may be answered late or never. */
export interface Learn {
  /** Answers up to where the log is known now: less than `to` where it is to be told from there. */
  take(told: {
    since: number;
    to: number;
    /** `keys`: whose events a lesson rests on. */
    events: { event: StoredEvent; keys: string[] }[];
  }): Promise<number>;
}
export type OpenLearn = (project_id: string) => Learn;

const TOLD = /"event_type":"(?:lessons?_|events_forgotten")/;

export class Lessons {
  readonly #context: JobContext;
  readonly #sql: SqlStorage;
  readonly #open: OpenLearn;
  readonly #gauges: Pick<Gauges, "failed">;
  readonly #job: Job;
  /** Up to here the log was looked through. */
  #seq: number;
  /** Up to here the book knows it, by its own word; between the two there is nothing for it. */
  #known: number;
  /** Of lessons that came since; null on waking up, as nobody knows. */
  #has_news: boolean | null = null;
  #failures = 0;
  #not_before_ms = 0;

  constructor(context: JobContext, open: OpenLearn, wakeAt: WakeAt, gauges: Pick<Gauges, "failed">) {
    this.#context = context;
    this.#sql = context.storage.sql;
    this.#open = open;
    this.#gauges = gauges;
    const row = this.#sql.exec<{ seq: number; known: number }>("SELECT seq, known FROM lessons").toArray()[0];
    this.#seq = row?.seq ?? 0;
    this.#known = row?.known ?? 0;
    this.#job = new Job(context, wakeAt, {
      name: "telling lessons",
      due: () => this.#due(),
      run: () => this.#run(),
      timeout_ms: 2 * LESSON_TIMEOUT_MS,
    });
    this.#job.lookSoon();
  }

  /** Called after each commit. Cheap: a look at each type. */
  committed(events: readonly StoredEvent[]): void {
    const last_seq = events.at(-1)?.seq ?? 0;
    if (events.some(isTold)) this.#has_news = true;
    else if (last_seq - this.#seq < LESSON_SCAN_EVENTS) return;
    if (!this.#job.is_running) this.#job.lookSoon();
  }

  alarm(): Promise<void> {
    return this.#job.alarm();
  }

  #due(): number | null {
    const behind = (lastRow(this.#sql)?.last_seq ?? 0) - this.#seq;
    this.#has_news ??= tailFits(this.#sql, this.#seq, TOLD, WAKING_LOOK_EVENTS) ?? true;
    const is_due = behind > 0 && (this.#has_news || behind >= LESSON_SCAN_EVENTS);
    return is_due ? this.#not_before_ms : null;
  }

  async #run(): Promise<void> {
    try {
      // What comes while it runs is looked at again.
      this.#has_news = false;
      // Between two parts of a long log appends are served (B1).
      while (await this.#tell()) await scheduler.wait(0);
      this.#failures = 0;
    } catch (error) {
      this.#has_news = true;
      this.#failures += 1;
      this.#not_before_ms = Date.now() + pauseAfter(this.#failures, MAX_LESSON_PAUSE_MS);
      this.#gauges.failed("lessons");
      console.error("the book of lessons was not told; it stays due", error);
    }
  }

  /** False: that was all. */
  async #tell(): Promise<boolean> {
    const since = this.#seq;
    const events: Parameters<Learn["take"]>[0]["events"] = [];
    let to = since;
    const rows = new Rows(this.#sql);
    for (const { seq, text } of lines(this.#sql, since)) {
      if (seq > since + MAX_LESSON_SCAN) break;
      to = seq;
      if (!TOLD.test(text)) continue;
      const event = JSON.parse(text) as StoredEvent;
      if (isTold(event)) events.push({ event, keys: this.#keysOf(event, rows) });
      if (events.length === MAX_LESSON_EVENTS || rows.read >= MAX_LESSON_ROWS) break;
    }
    if (to === since) return false;
    if (events.length === 0) {
      this.#write(to, this.#known);
      return true;
    }
    const learn = this.#open(projectOf(this.#context));
    const known = await inTime(learn.take({ since: this.#known, to, events }), LESSON_TIMEOUT_MS);
    // Where it knows less than was thought, it is told from there.
    this.#write(Math.min(to, known), known);
    return true;
  }

  /** Whose events a lesson rests on; what was forgotten has no key any more. */
  #keysOf({ event_type, metadata }: StoredEvent, rows: Rows): string[] {
    if (event_type !== "lesson_learned") return [];
    const keys = new Set<string>();
    for (const seq of evidenceSeqs(metadata?.["evidence"]).sort((a, b) => a - b)) {
      const text = rows.textOf(seq);
      if (text) keys.add((JSON.parse(text) as StoredEvent).key_id);
    }
    keys.delete(OWN_KEY_ID);
    return [...keys];
  }

  #write(seq: number, known: number): void {
    this.#seq = seq;
    this.#known = known;
    this.#sql.exec("INSERT OR REPLACE INTO lessons (one, seq, known) VALUES (1, ?, ?)", seq, known);
  }
}

/** Rows of the log, the last one kept: evidence mostly lies together. */
class Rows {
  readonly #sql: SqlStorage;
  #last: { first_seq: number; texts: string[] } | null = null;
  read = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Empty where the event was forgotten; undefined where there is none. */
  textOf(seq: number): string | undefined {
    const known = this.#last;
    if (known !== null && seq >= known.first_seq && seq < known.first_seq + known.texts.length)
      return known.texts[seq - known.first_seq];
    // One lesson more than fits is looked up whole: it must not be told without its keys.
    this.read += 1;
    const row = rowWith(this.#sql, seq);
    if (row === null) return undefined;
    this.#last = { first_seq: row.first_seq, texts: [...textsOf(row.events)] };
    return this.#last.texts[seq - row.first_seq];
  }
}

function isTold({ event_type }: StoredEvent): boolean {
  return /^lessons?_/.test(event_type) || event_type === WITNESS_TYPE;
}
