/**
 * Sends a project's hourly sums to another installation, where its admins set one.
 *
 *   hours of the archive ──other than what was sent──▶ forward.send ──▶ noted as sent
 *      ▲ due: once an hour while the log has something that was not reported
 *      └ alarm, armed by commits, by failures (with a growing pause) and by waking up (B3)
 *
 * An hour is told apart by its report: a late or a destroyed event makes it another, and it is sent again. What
 * is noted here only saves the sending: the receiver drops a report that it has (B2). Nothing here ever holds
 * up an append (B1).
 */
import type { ForwardState, ForwardTarget } from "./contract.ts";
import type { Gauges } from "./gauges.ts";
import { inTime, Job, pauseAfter, type JobContext } from "./job.ts";
import { FORWARD_EVERY_MS, FORWARD_HOURS, FORWARD_TIMEOUT_MS, MAX_FORWARD_PAUSE_MS } from "./limits.ts";
import { lastRow } from "./log.ts";
import type { WakeAt } from "./wake.ts";

/** The room's whole knowledge of the other installation. Each method may be called twice, and may be answered late or never. */
export interface Forward {
  /** `report`: another one where its sums are others. `complete_seq`: the last seq in those hours when no other hour is still to come of it; else null. */
  hours(now_ms: number): Promise<{
    settled: readonly { hour: number; report: string }[];
    complete_seq: number | null;
  }>;
  /** Null once the receiver has them; else, for people, what is wrong and what to do. */
  send(hours: readonly number[]): Promise<string | null>;
}

export type OpenForward = (project_id: string) => Forward;

const UNKNOWN_FAULT = "This installation could not read its own archive. It tries again by itself.";

interface Row extends Record<string, SqlStorageValue> {
  project_id: string;
  /** Of whom what was sent is noted. */
  target: string;
  /** Up to here everything was reported. */
  seq: number;
  next_ms: number;
  error: string | null;
}

export class Forwarding {
  readonly #context: Pick<JobContext, "storage" | "waitUntil">;
  readonly #sql: SqlStorage;
  readonly #openForward: OpenForward;
  readonly #gauges: Pick<Gauges, "failed">;
  readonly #job: Job;
  #row: Row | null;
  #failures = 0;

  /** Made when the room wakes up: what waits must not depend on the next event. */
  constructor(
    context: Pick<JobContext, "storage" | "waitUntil">,
    openForward: OpenForward,
    wakeAt: WakeAt,
    gauges: Pick<Gauges, "failed">,
  ) {
    this.#context = context;
    this.#sql = context.storage.sql;
    this.#openForward = openForward;
    this.#gauges = gauges;
    this.#row =
      this.#sql.exec<Row>("SELECT project_id, target, seq, next_ms, error FROM forward").toArray()[0] ?? null;
    this.#job = new Job(context, wakeAt, {
      name: "forwarding",
      due: () => this.#due(),
      run: () => this.#run(),
      timeout_ms: FORWARD_TIMEOUT_MS,
    });
    this.#job.lookSoon();
  }

  /** Null: nothing leaves any more. Said again of the same receiver, it tries at once. */
  async set(forward: ForwardTarget | null): Promise<void> {
    const changed = forward?.target !== this.#row?.target;
    const row = forward && {
      ...forward,
      seq: changed ? 0 : (this.#row?.seq ?? 0),
      next_ms: Date.now(),
      error: null,
    };
    this.#context.storage.transactionSync(() => {
      // Another receiver has nothing yet.
      if (changed) this.#sql.exec("DELETE FROM forwarded");
      if (row === null) this.#sql.exec("DELETE FROM forward");
      else this.#write(row);
    });
    // Only now: had it failed, the next try would take the new receiver for the old one.
    this.#failures = 0;
    this.#row = row;
    await this.#job.look();
  }

  state(): ForwardState {
    return { error: this.#row?.error ?? null, next_ms: this.#due() };
  }

  /** Called after each commit. Cheap: mostly a comparison. */
  committed(): void {
    if (this.#row === null || this.#job.is_running) return;
    // Nothing is settled within the hour in which it is received.
    this.#job.armBy(Math.max(this.#row.next_ms, Date.now() + FORWARD_EVERY_MS));
  }

  alarm(): Promise<void> {
    return this.#job.alarm();
  }

  /** When there is something to look for; null when all is reported, or nothing is to be. */
  #due(): number | null {
    if (this.#row === null) return null;
    const head_seq = lastRow(this.#sql)?.last_seq ?? 0;
    return head_seq > this.#row.seq ? this.#row.next_ms : null;
  }

  async #run(): Promise<void> {
    const row = this.#row;
    if (row === null) return;
    let error: string | null;
    try {
      error = await this.#sendAll(row);
    } catch (fault) {
      console.error("forwarding failed; what is due stays due", fault);
      error = UNKNOWN_FAULT;
    }
    if (error !== null) this.#gauges.failed("forward");
    // What was set meanwhile has its own row, and is due.
    if (this.#row !== row) return;
    this.#failures = error === null ? 0 : this.#failures + 1;
    const pause_ms = error === null ? FORWARD_EVERY_MS : pauseAfter(this.#failures, MAX_FORWARD_PAUSE_MS);
    row.error = error;
    row.next_ms = Date.now() + pause_ms;
    this.#write(row);
  }

  async #sendAll(row: Row): Promise<string | null> {
    const forward = this.#openForward(row.project_id);
    const { settled, complete_seq } = await inTime(forward.hours(Date.now()), FORWARD_TIMEOUT_MS);
    const sent = new Map(
      this.#sql
        .exec<{ hour: number; report: string }>("SELECT hour, report FROM forwarded")
        .toArray()
        .map(({ hour, report }) => [hour, report]),
    );
    const unsent = settled.filter(({ hour, report }) => sent.get(hour) !== report);
    for (let from = 0; from < unsent.length; from += FORWARD_HOURS) {
      // What was set meanwhile has a run of its own, which sends all of it.
      if (this.#row !== row) return null;
      const part = unsent.slice(from, from + FORWARD_HOURS);
      const error = await inTime(forward.send(part.map(({ hour }) => hour)), FORWARD_TIMEOUT_MS);
      if (error !== null || this.#row !== row) return error;
      this.#context.storage.transactionSync(() => {
        for (const { hour, report } of part)
          this.#sql.exec("INSERT OR REPLACE INTO forwarded (hour, report) VALUES (?, ?)", hour, report);
      });
    }
    if (complete_seq !== null) row.seq = complete_seq;
    return null;
  }

  #write({ project_id, target, seq, next_ms, error }: Row): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO forward (one, project_id, target, seq, next_ms, error) VALUES (1, ?, ?, ?, ?, ?)",
      project_id,
      target,
      seq,
      next_ms,
      error,
    );
  }
}
