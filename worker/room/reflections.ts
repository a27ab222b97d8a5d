/**
 * Which features ended and were not reflected on yet. The reflection itself is a durable job behind a port.
 *
 *   commit ─▶ an ending ─▶ row ──REFLECT_SETTLE_MS later──▶ port: start ──▶ … ──▶ reflection_made in the log ─▶ row gone
 *                └ trouble after the end (a bug, a failed integration) ─▶ the same: what was said is amended
 *      ├ tasks of no feature, together (loose.ts)    └── none for REFLECT_STUCK_MS: a further attempt
 *      ├ a feature that nobody ends, and that rests (rested.ts)
 *      └ history that is imported: the newest MAX_REFLECTIONS_WAITING features of it
 *
 * The rows say what is due, and the log says what is done, so a run that was killed is started anew (B3), and one that
 * runs twice says the same twice, under the same ids (B2). No append waits for it (B1).
 */
import { eventTime, type StoredEvent } from "../../schema/event/event.ts";
import { OWN_KEY_ID } from "../../schema/event/own.ts";
import { findFeature } from "../../schema/state/select.ts";
import { projectOf } from "./drain.ts";
import type { Gauges } from "./gauges.ts";
import { inTime, Job, pauseAfter, type JobContext } from "./job.ts";
import {
  MAX_REFLECT_ATTEMPTS,
  MAX_REFLECT_PAUSE_MS,
  MAX_REFLECTIONS_AT_ONCE,
  MAX_REFLECTIONS_WAITING,
  REFLECT_HISTORY_MS,
  REFLECT_MAX_AGE_MS,
  REFLECT_SCAN_EVENTS,
  REFLECT_SETTLE_MS,
  REFLECT_START_TIMEOUT_MS,
  REFLECT_STUCK_MS,
  WAKING_LOOK_EVENTS,
} from "./limits.ts";
import { lastRow, lines, tailFits } from "./log.ts";
import { LOOSE, LOOSE_END, LooseWork, RESTING_MS } from "./loose.ts";
import type { Live } from "./memory.ts";
import { RestedWork } from "./rested.ts";
import type { WakeAt } from "./wake.ts";

/** `seq`: of what ended it, or of the trouble since. */
export interface ReflectionRun {
  feature_id: string;
  seq: number;
  attempt: number;
  /** Of tasks of no feature, whose `feature_id` is "": those since then, up to `seq`. */
  since?: number;
  /** It has not ended, and nobody will say that it has. */
  rests?: true;
}

/**
 * Starts a run, and ends the attempt before it. Starting one twice starts it once; rejects when it was not started.
 * `unwanted`: the project does not want its features looked back on.
 */
export type StartReflection = (project_id: string, run: ReflectionRun) => Promise<"started" | "unwanted">;

const ENDS = ["feature_merged", "feature_completed", "feature_abandoned"];
/** They change what is to be said of a feature that had ended. */
const TROUBLE = ["bug_reported", "integration_failed"];
const SAID = "reflection_made";
const LOOKED_AT = new RegExp(
  `"event_type":"(?:${[...ENDS, ...TROUBLE, SAID].join("|")})"|${LOOSE_END.source}`,
);

type Row = { feature_id: string; seq: number; attempt: number; due_ms: number };

export class Reflections {
  readonly #context: JobContext;
  readonly #sql: SqlStorage;
  readonly #live: Pick<Live, "get">;
  readonly #start: StartReflection;
  readonly #gauges: Pick<Gauges, "failed">;
  readonly #job: Job;
  readonly #loose: LooseWork;
  readonly #rested: RestedWork;
  /** Up to here the log was looked through. */
  #seq: number;
  /** Null on waking up, as nobody knows. */
  #has_news: boolean | null = null;
  #failures = 0;
  #not_before_ms = 0;

  constructor(
    context: JobContext,
    live: Pick<Live, "get">,
    start: StartReflection,
    wakeAt: WakeAt,
    gauges: Pick<Gauges, "failed">,
  ) {
    this.#live = live;
    this.#context = context;
    this.#sql = context.storage.sql;
    this.#start = start;
    this.#loose = new LooseWork(this.#sql, live);
    this.#rested = new RestedWork(this.#sql, live);
    this.#gauges = gauges;
    this.#seq = this.#sql.exec<{ seq: number }>("SELECT seq FROM reflected").toArray()[0]?.seq ?? 0;
    this.#job = new Job(context, wakeAt, {
      name: "reflections",
      due: () => this.#due(),
      run: () => this.#run(),
      timeout_ms: MAX_REFLECTIONS_AT_ONCE * REFLECT_START_TIMEOUT_MS,
    });
    this.#job.lookSoon();
  }

  /** Called after each commit. Cheap: a look at each type. */
  committed(events: readonly StoredEvent[]): void {
    const is_loose = this.#loose.committed(events);
    const may_rest = this.#rested.committed(events);
    if (is_loose || events.some(({ event_type }) => isLookedAt(event_type))) this.#has_news = true;
    else if (!may_rest && (events.at(-1)?.seq ?? 0) - this.#seq < REFLECT_SCAN_EVENTS) return;
    if (!this.#job.is_running) this.#job.lookSoon();
  }

  alarm(): Promise<void> {
    return this.#job.alarm();
  }

  #due(): number | null {
    const last = lastRow(this.#sql);
    const behind = (last?.last_seq ?? 0) - this.#seq;
    this.#has_news ??= tailFits(this.#sql, this.#seq, LOOKED_AT, WAKING_LOOK_EVENTS) ?? true;
    if (behind > 0 && (this.#has_news || behind >= REFLECT_SCAN_EVENTS)) return this.#not_before_ms;
    const quiet_ms =
      last !== null && behind > 0 && this.#rested.hasNews(this.#seq)
        ? this.#rested.quietAt(last.received_ms)
        : null;
    const dues = [this.#nextRun(), this.#rested.nextDue(), quiet_ms].filter((due_ms) => due_ms !== null);
    return dues.length === 0 ? null : Math.max(Math.min(...dues), this.#not_before_ms);
  }

  #nextRun(): number | null {
    // While as many run as may, the next begins when one of them has spoken, or is stuck.
    return this.#sql
      .exec<{ due_ms: number | null }>(
        "SELECT min(due_ms) AS due_ms FROM reflecting WHERE due_ms < ?1 AND (?2 > 0 OR attempt > 0)",
        ...[RESTING_MS, this.#free()],
      )
      .one().due_ms;
  }

  /** How many may begin. */
  #free(): number {
    const { running } = this.#sql
      .exec<{ running: number }>(
        "SELECT count(*) AS running FROM reflecting WHERE attempt > 0 AND due_ms > ?",
        Date.now(),
      )
      .one();
    return MAX_REFLECTIONS_AT_ONCE - running;
  }

  async #run(): Promise<void> {
    this.#has_news = false;
    try {
      this.#scan();
    } catch (error) {
      this.#has_news = true;
      throw error;
    }
    // What came since may be of one that rested.
    if (!this.#has_news) for (const rested of this.#rested.takeDue(Date.now())) this.#put(rested, Date.now());
    const due = this.#sql
      .exec<Row>(
        "SELECT feature_id, seq, attempt, due_ms FROM reflecting WHERE due_ms <= ? ORDER BY due_ms LIMIT ?",
        Date.now(),
        Math.max(0, this.#free()),
      )
      .toArray();
    for (const row of due) await this.#begin(row);
  }

  async #begin({ feature_id, seq, attempt }: Row): Promise<void> {
    const rests = this.#rested.isOpen(feature_id);
    if (!rests && !this.#hasEnded(feature_id, seq)) {
      // It goes on: its next ending is reflected on. Or nobody knows it any more.
      this.#drop(feature_id, seq);
      return;
    }
    if (attempt >= MAX_REFLECT_ATTEMPTS) {
      // It fails whenever it is tried: the report can still be asked for, and others are waiting.
      console.error(
        `nothing is reflected on ${feature_id === LOOSE ? "tasks of no feature that ended after" : "a feature that ended at"} seq ${String(seq)}: ${String(attempt)} attempts failed`,
      );
      this.#drop(feature_id, seq);
      return;
    }
    // Noted first: the job may be done before its start is answered.
    const stuck_ms = Date.now() + REFLECT_STUCK_MS * 2 ** attempt;
    this.#sql.exec(
      "UPDATE reflecting SET attempt = ?, due_ms = ? WHERE feature_id = ? AND seq = ?",
      ...[attempt + 1, stuck_ms, feature_id, seq],
    );
    try {
      const loose = feature_id === LOOSE ? { seq: this.#seq, since: seq } : {};
      const run = { feature_id, seq, attempt: attempt + 1, ...loose, ...(rests ? { rests } : {}) };
      const started = await inTime(this.#start(projectOf(this.#context), run), REFLECT_START_TIMEOUT_MS);
      if (started === "unwanted") this.#drop(feature_id, seq);
      this.#failures = 0;
      this.#not_before_ms = 0;
    } catch (error) {
      this.#failures += 1;
      this.#gauges.failed("reflect");
      this.#not_before_ms = Date.now() + pauseAfter(this.#failures, MAX_REFLECT_PAUSE_MS);
      this.#sql.exec(
        "UPDATE reflecting SET attempt = ?, due_ms = ? WHERE feature_id = ? AND seq = ?",
        ...[attempt, this.#not_before_ms, feature_id, seq],
      );
      console.error("a reflection could not be started; it stays due", error);
    }
  }

  #hasEnded(feature_id: string, seq: number): boolean {
    if (feature_id === LOOSE) return this.#loose.hasEnded(seq);
    const feature = findFeature(this.#live.get().state, feature_id);
    return feature !== undefined && feature.closed_at !== null;
  }

  /** Up to this seq it is done. */
  #drop(feature_id: string, seq: number): void {
    if (feature_id === LOOSE) return this.#loose.rest(Math.max(seq, this.#seq));
    this.#sql.exec("DELETE FROM reflecting WHERE feature_id = ? AND seq <= ?", feature_id, seq);
  }

  /** A bounded part of the log: what is left is news still, and looked through at once. */
  #scan(): void {
    let to = this.#seq;
    for (const { seq, text } of lines(this.#sql, this.#seq)) {
      if (seq > this.#seq + REFLECT_SCAN_EVENTS) {
        this.#has_news = true;
        break;
      }
      to = seq;
      this.#rested.note(text);
      if (LOOKED_AT.test(text)) this.#note(JSON.parse(text) as StoredEvent);
    }
    if (to === this.#seq) return;
    this.#seq = to;
    this.#loose.looked();
    this.#rested.looked(!this.#has_news);
    this.#leaveNewest();
    this.#sql.exec("INSERT OR REPLACE INTO reflected (one, seq) VALUES (1, ?)", to);
  }

  /** Of a history of thousands the oldest teach the least. It alone is due so late: what ends now is left in nobody's favour. */
  #leaveNewest(): void {
    this.#sql.exec(
      `DELETE FROM reflecting WHERE attempt = 0 AND feature_id <> ?1 AND due_ms > ?3 AND seq <=
         (SELECT seq FROM reflecting WHERE feature_id <> ?1 AND due_ms > ?3 ORDER BY seq DESC LIMIT 1 OFFSET ?2)`,
      ...[LOOSE, MAX_REFLECTIONS_WAITING, Date.now() + REFLECT_SETTLE_MS],
    );
  }

  #note(event: StoredEvent): void {
    this.#loose.note(event);
    const { event_type, feature_id, seq, key_id, metrics, received_at } = event;
    if (event_type === SAID) {
      // What came since is still to be reflected on.
      if (key_id !== OWN_KEY_ID) return;
      if (feature_id === undefined) this.#loose.rest(metrics?.["seq"] ?? 0);
      else this.#drop(feature_id, metrics?.["seq"] ?? 0);
      return;
    }
    if (feature_id === undefined) return;
    const is_due =
      ENDS.includes(event_type) || (TROUBLE.includes(event_type) && this.#hasEnded(feature_id, seq));
    if (!is_due) return;
    const is_history = Date.now() - eventTime(event) > REFLECT_MAX_AGE_MS;
    const wait_ms = is_history ? REFLECT_HISTORY_MS : REFLECT_SETTLE_MS;
    this.#put({ feature_id, seq }, Date.parse(received_at) + wait_ms);
  }

  #put({ feature_id, seq }: Pick<Row, "feature_id" | "seq">, due_ms: number): void {
    this.#sql.exec(
      `INSERT INTO reflecting (feature_id, seq, attempt, due_ms) VALUES (?1, ?2, 0, ?3)
       ON CONFLICT (feature_id) DO UPDATE SET seq = ?2, attempt = 0, due_ms = ?3`,
      ...[feature_id, seq, due_ms],
    );
  }
}

const KNOWN: ReadonlySet<string> = new Set([...ENDS, ...TROUBLE, SAID]);
const isLookedAt = (event_type: string): boolean => KNOWN.has(event_type);
