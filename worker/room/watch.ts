/**
 * Lets watchers look at the project (schema/event/watcher.ts), and appends what they say.
 *
 *   commit ─▶ pending ──WATCH_EVERY_MS later──▶ note each ─▶ look at the state ─▶ own events ─▶ append
 *                                                                     └ next_ms ─▶ the alarm
 *
 * What is noted is in memory alone: after an eviction it is built from the log's tail. The row says up to where
 * was looked and when to look again, so nothing stays unsaid without traffic (B3), and a look more adds nothing,
 * for the ids of what is said derive from its cause (B2). Never on the way of an append (B1).
 */
import type { EventBatch } from "../../schema/event/batch.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { speaksAsClusterfork } from "../../schema/event/own.ts";
import type { Watcher } from "../../schema/event/watcher.ts";
import type { Known } from "../../schema/metric/measure.ts";
import { knownOf } from "../../schema/metric/source.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import type { Appended, Principal, Refusal } from "./contract.ts";
import { projectOf } from "./drain.ts";
import type { Gauges } from "./gauges.ts";
import { Job, type JobContext } from "./job.ts";
import { MAX_WATCH_PENDING, WATCH_EVERY_MS, WATCH_TAIL_EVENTS, WATCH_TIMEOUT_MS } from "./limits.ts";
import { lastRow, lines } from "./log.ts";
import type { Live } from "./memory.ts";
import { CLUSTERFORK, packOwn } from "./own.ts";
import type { WakeAt } from "./wake.ts";

export type OpenWatchers = (project_id: string) => readonly Watcher<ProjectState, Known>[];

export type AppendOwn = (principal: Principal, batch: EventBatch) => Promise<Appended | Refusal>;

type Row = {
  /** Up to here was looked. */
  seq: number;
  /** When to look again though nothing came; null: not. */
  next_ms: number | null;
};

export class Watch {
  readonly #context: JobContext;
  readonly #sql: SqlStorage;
  readonly #live: Pick<Live, "get">;
  readonly #open: OpenWatchers;
  readonly #gauges: Pick<Gauges, "failed">;
  readonly #job: Job;
  #row: Row;
  #watchers: readonly Watcher<ProjectState, Known>[] | null = null;
  /** Committed since the watchers were opened, and not noted yet. */
  #pending: StoredEvent[] = [];
  #append: AppendOwn | null = null;
  /** Or since when this object is there: waking up has other things to do first. */
  #looked_ms = Date.now();
  #has_looked = false;

  /** Made when the room wakes up: what is due must not depend on the next event. */
  constructor(
    context: JobContext,
    live: Pick<Live, "get">,
    open: OpenWatchers,
    wakeAt: WakeAt,
    gauges: Pick<Gauges, "failed">,
  ) {
    this.#context = context;
    this.#sql = context.storage.sql;
    this.#live = live;
    this.#open = open;
    this.#gauges = gauges;
    this.#row = readRow(this.#sql);
    this.#job = new Job(context, wakeAt, {
      name: "the watch",
      due: () => this.#due(),
      run: () => this.#run(),
      timeout_ms: WATCH_TIMEOUT_MS,
    });
    this.#job.lookSoon();
  }

  /** The room's own way to its log, which needs this in turn. */
  speakThrough(append: AppendOwn): void {
    this.#append = append;
  }

  /** Called after each commit. */
  committed(events: readonly StoredEvent[]): void {
    if (this.#watchers !== null) {
      this.#pending.push(...events);
      if (this.#pending.length > MAX_WATCH_PENDING) this.#note(this.#watchers);
    }
    // What was said here is nothing to look at again.
    if (events.every(speaksAsClusterfork)) return;
    if (!this.#job.is_running) this.#job.armBy(Date.now() + WATCH_EVERY_MS);
  }

  /** Events were destroyed: what was noted of them goes too. */
  restart(): void {
    this.#watchers = null;
    this.#pending = [];
  }

  alarm(): Promise<void> {
    // What woke the room was asked for: it may be evicted again before any later moment.
    if (!this.#has_looked) this.#looked_ms = 0;
    return this.#job.alarm();
  }

  #due(): number | null {
    const { seq, next_ms } = this.#row;
    const head_seq = lastRow(this.#sql)?.last_seq ?? 0;
    return head_seq <= seq ? next_ms : Math.min(next_ms ?? Infinity, this.#looked_ms + WATCH_EVERY_MS);
  }

  async #run(): Promise<void> {
    const watchers = this.#watchers ?? this.#reopen();
    for (const watcher of watchers) await watcher.prepare?.(Date.now());
    // Meanwhile events may have been destroyed, and with them what was noted.
    if (this.#watchers !== watchers) return;
    this.#note(watchers);
    const { state, tally, seq } = this.#live.get();
    const now_ms = Date.now();
    this.#looked_ms = now_ms;
    this.#has_looked = true;
    const looks = watchers.map((watcher) => watcher.look(state, now_ms, () => knownOf(state, tally)));
    const events = looks.flatMap((look) => look.events);
    const next_ms = looks.reduce((least, look) => Math.min(least, look.next_ms ?? Infinity), Infinity);
    if (events.length > 0) {
      const reply = await this.#append?.(CLUSTERFORK, packOwn(events));
      if (reply?.ok !== true) {
        // It is said again: the row still says that nobody looked.
        this.#gauges.failed("watch");
        this.#write({ seq: this.#row.seq, next_ms: now_ms + WATCH_EVERY_MS });
        return;
      }
    }
    // What was just said moved the head, and nobody has to look at it; what came meanwhile is looked at.
    const own_only = this.#pending.every(speaksAsClusterfork);
    const looked_seq = own_only ? (lastRow(this.#sql)?.last_seq ?? seq) : seq;
    this.#write({ seq: looked_seq, next_ms: next_ms === Infinity ? null : Math.max(next_ms, now_ms) });
  }

  /** From the log's tail, without what is pending: that is in it. */
  #reopen(): readonly Watcher<ProjectState, Known>[] {
    const watchers = this.#open(projectOf(this.#context));
    this.#pending = [];
    const since = (lastRow(this.#sql)?.last_seq ?? 0) - WATCH_TAIL_EVENTS;
    for (const { text } of lines(this.#sql, Math.max(0, since))) {
      if (text === "") continue;
      const event = JSON.parse(text) as StoredEvent;
      for (const watcher of watchers) watcher.note(event);
    }
    this.#watchers = watchers;
    return watchers;
  }

  #note(watchers: readonly Watcher<ProjectState, Known>[]): void {
    const events = this.#pending;
    this.#pending = [];
    for (const event of events) for (const watcher of watchers) watcher.note(event);
  }

  #write(row: Row): void {
    if (row.seq === this.#row.seq && row.next_ms === this.#row.next_ms) return;
    this.#row = row;
    this.#sql.exec("INSERT OR REPLACE INTO watch (one, seq, next_ms) VALUES (1, ?, ?)", row.seq, row.next_ms);
  }
}

function readRow(sql: SqlStorage): Row {
  return sql.exec<Row>("SELECT seq, next_ms FROM watch").toArray()[0] ?? { seq: 0, next_ms: null };
}
