/**
 * Tells the project's alerts elsewhere, through the channels that its admins set.
 *
 *   log ──cursor──▶ alert_raised, alert_cleared ─▶ plan (which channels) ─▶ one row each, with the cursor
 *   rows that wait ─▶ send ─▶ delivered, or a growing pause, or dead: shown, and sent again on request
 *
 * The cursor moves in the transaction that notes the deliveries, so none is lost, and a delivery has an id, so who
 * gets one twice knows (B2). What waits is armed when the room wakes up (B3). Never on the way of an append (B1).
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import { OWN_KEY_ID } from "../../schema/event/own.ts";
import type { Gauges } from "./gauges.ts";
import { projectOf } from "./drain.ts";
import { inTime, Job, pauseAfter, type JobContext } from "./job.ts";
import {
  MAX_DELIVERIES,
  MAX_NOTICE_ATTEMPTS,
  MAX_NOTICE_PAUSE_MS,
  NOTICE_SCAN_EVENTS,
  NOTICE_TIMEOUT_MS,
  NOTICES_AT_ONCE,
} from "./limits.ts";
import { lastRow, lines } from "./log.ts";
import type { Live } from "./memory.ts";
import type { Delivery, NoticesCall, NoticesReply } from "./notices-call.ts";
import type { WakeAt } from "./wake.ts";

/** The room's whole knowledge of channels. Each method may be called twice, and may be answered late or never. */
export interface Notify {
  plan(events: readonly StoredEvent[]): Promise<{ channel: string; seq: number }[]>;
  /** `error`: null, or for people what is wrong and what to do; `final`: trying again is of no use. */
  send(
    channel: string,
    notice: { id: string; event: StoredEvent; title: string | null },
  ): Promise<{ error: string | null; final: boolean }>;
}
export type OpenNotify = (project_id: string) => Notify;

const TOLD: ReadonlySet<string> = new Set(["alert_raised", "alert_cleared"]);
const UNKNOWN_FAULT = "This installation could not send it. It tries again by itself.";

type Row = Record<string, SqlStorageValue> & Delivery;
const COLUMNS = "id, channel, seq, outcome, attempts, error, at_ms, next_ms";

export class Notices {
  readonly #context: JobContext;
  readonly #sql: SqlStorage;
  readonly #live: Pick<Live, "get">;
  readonly #openNotify: OpenNotify | undefined;
  readonly #gauges: Pick<Gauges, "failed">;
  readonly #job: Job;
  /** Up to here the log was looked through; null: no channel was ever made. */
  #seq: number | null;
  /** Of alerts that came since; true on waking up, as nobody knows. */
  #has_news = true;
  #failures = 0;
  #not_before_ms = 0;

  constructor(
    context: JobContext,
    live: Pick<Live, "get">,
    openNotify: OpenNotify | undefined,
    wakeAt: WakeAt,
    gauges: Pick<Gauges, "failed">,
  ) {
    this.#context = context;
    this.#sql = context.storage.sql;
    this.#live = live;
    this.#openNotify = openNotify;
    this.#gauges = gauges;
    this.#seq = this.#sql.exec<{ seq: number }>("SELECT seq FROM notices").toArray()[0]?.seq ?? null;
    this.#job = new Job(context, wakeAt, {
      name: "telling alerts",
      due: () => this.#due(),
      run: () => this.#run(),
      timeout_ms: 2 * NOTICE_TIMEOUT_MS,
    });
    this.#job.lookSoon();
  }

  /** Called after each commit. Cheap: a look at each type, and only where there are channels. */
  committed(events: readonly StoredEvent[]): void {
    if (this.#seq === null) return;
    const last_seq = events.at(-1)?.seq ?? 0;
    if (events.some(({ event_type }) => TOLD.has(event_type))) this.#has_news = true;
    else if (last_seq - this.#seq < NOTICE_SCAN_EVENTS) return;
    if (!this.#job.is_running) this.#job.lookSoon();
  }

  alarm(): Promise<void> {
    return this.#job.alarm();
  }

  async answer(call: NoticesCall): Promise<NoticesReply> {
    switch (call.kind) {
      case "open":
        // What is history by now is told to nobody.
        this.#seq ??= this.#write(lastRow(this.#sql)?.last_seq ?? 0);
        return { kind: "deliveries", deliveries: [] };
      case "read":
        return {
          kind: "deliveries",
          deliveries: this.#sql
            .exec<Row>(`SELECT ${COLUMNS} FROM delivery ORDER BY seq DESC, channel`)
            .toArray(),
        };
      case "resend": {
        const found = this.#sql.exec(
          "UPDATE delivery SET outcome = 'waiting', attempts = 0, next_ms = ?2, at_ms = ?2 WHERE id = ?1",
          call.delivery,
          Date.now(),
        );
        await this.#job.look();
        return { kind: "resent", found: found.rowsWritten > 0 };
      }
      case "test": {
        const id = `${call.channel}-test-${crypto.randomUUID()}`;
        const sent = await this.#send(call.channel, { id, event: testEvent(id), title: "This is a test" });
        return { kind: "tested", error: sent.error };
      }
    }
  }

  #due(): number | null {
    if (this.#seq === null || this.#openNotify === undefined) return null;
    const waiting = this.#sql
      .exec<{ at: number | null }>("SELECT min(next_ms) AS at FROM delivery WHERE outcome = 'waiting'")
      .one().at;
    const behind = (lastRow(this.#sql)?.last_seq ?? 0) - this.#seq;
    const news =
      behind > 0 && (this.#has_news || behind >= NOTICE_SCAN_EVENTS) ? this.#not_before_ms : Infinity;
    const at = Math.min(waiting ?? Infinity, news);
    return at === Infinity ? null : at;
  }

  async #run(): Promise<void> {
    try {
      if (Date.now() >= this.#not_before_ms) await this.#plan();
      this.#failures = 0;
    } catch (error) {
      this.#has_news = true;
      this.#failures += 1;
      this.#not_before_ms = Date.now() + pauseAfter(this.#failures, MAX_NOTICE_PAUSE_MS);
      this.#gauges.failed("notices");
      console.error("channels could not be read; what is to be told stays due", error);
    }
    const waiting = this.#sql
      .exec<Row>(
        `SELECT ${COLUMNS} FROM delivery WHERE outcome = 'waiting' AND next_ms <= ? ORDER BY seq, channel LIMIT ?`,
        Date.now(),
        NOTICES_AT_ONCE,
      )
      .toArray();
    await Promise.all(waiting.map((row) => this.#deliver(row)));
  }

  async #plan(): Promise<void> {
    if (this.#seq === null || this.#openNotify === undefined) return;
    this.#has_news = false;
    const { open_alerts } = this.#live.get().state;
    const events: StoredEvent[] = [];
    let seq = this.#seq;
    for (const line of lines(this.#sql, this.#seq)) {
      seq = line.seq;
      // Most are of something else, and need not be parsed.
      if (!line.text.includes('"alert_')) continue;
      const event = JSON.parse(line.text) as StoredEvent;
      const silent_until = open_alerts.get(alertIdOf(event))?.snoozed_until ?? 0;
      // Words that were renewed are for whoever looks; nobody is called for them.
      const is_renewed = event.metadata?.["renewed"] !== undefined;
      if (TOLD.has(event.event_type) && !is_renewed && silent_until <= Date.now()) events.push(event);
    }
    const planned = events.length === 0 ? [] : await inTime(this.#notify().plan(events), NOTICE_TIMEOUT_MS);
    this.#context.storage.transactionSync(() => {
      for (const { channel, seq: told } of planned)
        this.#sql.exec(
          `INSERT OR IGNORE INTO delivery (${COLUMNS}) VALUES (?1, ?2, ?3, 'waiting', 0, NULL, ?4, ?4)`,
          `${channel}-${String(told)}`,
          channel,
          told,
          Date.now(),
        );
      // Those that wait are never among them.
      this.#sql.exec(
        `DELETE FROM delivery WHERE outcome <> 'waiting' AND id IN
           (SELECT id FROM delivery ORDER BY seq DESC LIMIT -1 OFFSET ?)`,
        MAX_DELIVERIES,
      );
      this.#write(seq);
    });
    this.#seq = seq;
  }

  async #deliver({ id, channel, seq, attempts }: Row): Promise<void> {
    const event = eventAt(this.#sql, seq);
    const title = event && titleOf(this.#live, event);
    const sent =
      event === null
        ? { error: "The event was destroyed meanwhile.", final: true }
        : await this.#send(channel, { id, event, title });
    const tries = attempts + 1;
    const now_ms = Date.now();
    const is_over = sent.final || tries >= MAX_NOTICE_ATTEMPTS;
    if (sent.error !== null) this.#gauges.failed("notices");
    this.#sql.exec(
      "UPDATE delivery SET outcome = ?, attempts = ?, error = ?, at_ms = ?, next_ms = ? WHERE id = ?",
      sent.error === null ? "delivered" : is_over ? "dead" : "waiting",
      tries,
      sent.error,
      now_ms,
      is_over ? null : now_ms + pauseAfter(tries, MAX_NOTICE_PAUSE_MS),
      id,
    );
  }

  async #send(...[channel, notice]: Parameters<Notify["send"]>): ReturnType<Notify["send"]> {
    try {
      return await inTime(this.#notify().send(channel, notice), NOTICE_TIMEOUT_MS);
    } catch (error) {
      console.error("an alert was not told; it is tried again", error);
      return { error: UNKNOWN_FAULT, final: false };
    }
  }

  #notify(): Notify {
    if (this.#openNotify === undefined) throw new Error("this room has no way to tell alerts");
    return this.#openNotify(projectOf(this.#context));
  }

  #write(seq: number): number {
    this.#sql.exec("INSERT OR REPLACE INTO notices (one, seq) VALUES (1, ?)", seq);
    return seq;
  }
}

function alertIdOf({ metadata }: StoredEvent): string {
  const id = metadata?.["alert_id"];
  return typeof id === "string" ? id : "";
}

/** `alert_cleared` says no words of its own: they are the alert's. */
function titleOf(live: Pick<Live, "get">, event: StoredEvent): string | null {
  const said = event.metadata?.["title"];
  if (typeof said === "string") return said;
  const { open_alerts, closed_alerts } = live.get().state;
  const id = alertIdOf(event);
  return (open_alerts.get(id) ?? closed_alerts.get(id))?.title ?? null;
}

function eventAt(sql: SqlStorage, seq: number): StoredEvent | null {
  for (const { text } of lines(sql, seq - 1)) return text === "" ? null : (JSON.parse(text) as StoredEvent);
  return null;
}

function testEvent(id: string): StoredEvent {
  const now = new Date().toISOString();
  return {
    ...{
      id,
      seq: 0,
      timestamp: now,
      received_at: now,
      event_type: "alert_test",
      agent_id: "clusterfork:alerts",
    },
    ...{ source: "clusterfork", key_id: OWN_KEY_ID, v: 1 },
    metadata: {
      ...{ alert_id: "test", rule: "test", severity: "info" },
      message: "Alerts of this project are told here from now on. Nothing is wrong.",
    },
  };
}
