/**
 * When the chain is audited (L5): once in the night after new events came. The
 * room knows when, and what was found; the run itself is a durable job behind
 * a port, which reads the archive and walks the chain part by part.
 *
 *   alarm ──due──▶ note the run ──▶ port: start ──▶ … walkChain … ──▶ noteAudit ──▶ done, until new events come
 *                      └── no verdict for AUDIT_STUCK_MS: a further attempt
 *
 * A job that cannot be started is tried again with a growing pause, one that
 * got stuck is started anew: neither holds up an append (B1), and neither stays
 * so once its cause is gone (B3).
 */
import { hash } from "node:crypto";
import type { AuditReport, AuditResponse } from "../../schema/wire/audit.ts";
import type { AuditFinding, AuditRun } from "./contract.ts";
import { projectOf } from "./drain.ts";
import type { Gauges } from "./gauges.ts";
import { inTime, Job, pauseAfter, type JobContext } from "./job.ts";
import {
  AUDIT_SPREAD_MS,
  AUDIT_START_TIMEOUT_MS,
  AUDIT_STUCK_MS,
  MAX_AUDIT_PAUSE_MS,
  MAX_AUDIT_STUCK_MS,
} from "./limits.ts";
import { lastRow, receivedAfter } from "./log.ts";
import type { WakeAt } from "./wake.ts";

/** Starts a run, and ends the attempt before it. Starting one twice starts it once; rejects when it was not started. */
export type StartAudit = (project_id: string, run: AuditRun) => Promise<void>;

const DAY_MS = 86_400_000;

type Row = {
  /** The day of the newest run, and how often it was started. */
  day: string;
  attempt: number;
  /** Null while none runs. */
  started_ms: number | null;
  /** How far the log went when the last finished run began. */
  checked_seq: number;
  /** JSON of an AuditReport, null until there is one. */
  report: string | null;
};

/** Reports of before there were witnesses lack their number. */
type StoredReport = Omit<AuditReport, "unwitnessed"> & Partial<Pick<AuditReport, "unwitnessed">>;

export class Audit {
  readonly #context: JobContext;
  readonly #sql: SqlStorage;
  readonly #start: StartAudit;
  readonly #gauges: Pick<Gauges, "failed">;
  readonly #job: Job;
  /** The stored row, read once. */
  #row: Row;
  #failures = 0;
  #not_before_ms = 0;

  /** Made when the room wakes up: what is due must not depend on the next event. */
  constructor(context: JobContext, start: StartAudit, wakeAt: WakeAt, gauges: Pick<Gauges, "failed">) {
    this.#context = context;
    this.#sql = context.storage.sql;
    this.#start = start;
    this.#gauges = gauges;
    this.#row = readRow(this.#sql);
    this.#job = new Job(context, wakeAt, {
      name: "the audit",
      due: () => this.#due(),
      run: (due_ms) => this.#run(due_ms),
      timeout_ms: AUDIT_START_TIMEOUT_MS,
    });
    this.#job.lookSoon();
  }

  /** Called after each commit. Cheap: mostly a comparison. */
  committed(): void {
    if (!this.#job.is_armed) this.#job.lookSoon();
  }

  alarm(): Promise<void> {
    return this.#job.alarm();
  }

  /** From whichever attempt: what it found is true of the log. */
  note({ verdict, to, anchors }: AuditFinding, done: boolean): void {
    const report: AuditReport = {
      at: Date.now(),
      ok: verdict.ok,
      seq: verdict.seq,
      hash: verdict.ok ? verdict.hash : null,
      reason: verdict.ok ? null : verdict.reason,
      forgotten: verdict.ok ? verdict.forgotten : 0,
      unwitnessed: verdict.ok ? verdict.unwitnessed : 0,
      anchors,
    };
    // A late answer of an earlier attempt, about a shorter log.
    if (to < this.#row.checked_seq) return;
    this.#write({
      ...this.#row,
      report: JSON.stringify(report),
      ...(done ? { started_ms: null, checked_seq: to } : {}),
    });
    this.#job.lookSoon();
  }

  /** When there is something to do; null when there is nothing. */
  #due(): number | null {
    const { started_ms, attempt, checked_seq } = this.#row;
    if (started_ms !== null) {
      const stuck_ms = started_ms + Math.min(AUDIT_STUCK_MS * 2 ** (attempt - 1), MAX_AUDIT_STUCK_MS);
      return Math.max(stuck_ms, this.#not_before_ms);
    }
    const last = lastRow(this.#sql);
    if (last === null || last.last_seq <= checked_seq) return null;
    const received_ms = receivedAfter(this.#sql, checked_seq) ?? last.received_ms;
    return Math.max(nightAfter(received_ms, this.#context.id.toString()), this.#not_before_ms);
  }

  async #run(due_ms: number): Promise<void> {
    const before = this.#row;
    const run: AuditRun =
      before.started_ms === null
        ? { day: new Date(due_ms).toISOString().slice(0, 10), attempt: 1 }
        : { day: before.day, attempt: before.attempt + 1 };
    // Noted first: the job may be done before its start is answered.
    this.#write({ ...before, ...run, started_ms: Date.now() });
    try {
      await inTime(this.#start(projectOf(this.#context), run), AUDIT_START_TIMEOUT_MS);
      this.#failures = 0;
      this.#not_before_ms = 0;
    } catch (error) {
      this.#failures += 1;
      this.#gauges.failed("audit");
      const pause_ms = pauseAfter(this.#failures, MAX_AUDIT_PAUSE_MS);
      this.#not_before_ms = Date.now() + pause_ms;
      const { day, attempt, started_ms } = before;
      if (this.#row.started_ms !== null) this.#write({ ...this.#row, day, attempt, started_ms });
      console.error(`the audit could not be started; next try in ${String(pause_ms / 1_000)} s`, error);
    }
  }

  #write(row: Row): void {
    this.#row = row;
    this.#sql.exec(
      "INSERT OR REPLACE INTO audit (one, day, attempt, started_ms, checked_seq, report) VALUES (1, ?, ?, ?, ?, ?)",
      row.day,
      row.attempt,
      row.started_ms,
      row.checked_seq,
      row.report,
    );
  }
}

/** For whoever may read the room, also where no audit is ever started. */
export function readAudit(sql: SqlStorage): AuditResponse {
  const { report, started_ms } = readRow(sql);
  return {
    last: report === null ? null : { unwitnessed: 0, ...(JSON.parse(report) as StoredReport) },
    running_since: started_ms,
  };
}

function readRow(sql: SqlStorage): Row {
  const found = sql.exec<Row>("SELECT day, attempt, started_ms, checked_seq, report FROM audit").toArray()[0];
  return found ?? { day: "", attempt: 0, started_ms: null, checked_seq: 0, report: null };
}

/** The room's own moment of the night (UTC) that comes next. */
function nightAfter(time_ms: number, room_id: string): number {
  const share = Number.parseInt(hash("sha256", room_id, "hex").slice(0, 8), 16) / 2 ** 32;
  const own_ms = Math.floor(share * AUDIT_SPREAD_MS);
  return (Math.floor((time_ms - own_ms) / DAY_MS) + 1) * DAY_MS + own_ms;
}
