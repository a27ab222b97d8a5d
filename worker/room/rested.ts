/**
 * Features that nobody ends: a coding agent's sessions and branches. They are looked back on when they rest, and again when
 * they rest after new work.
 *
 *   an event of one ─▶ met on the way through the log ─▶ row, due when it has rested ─▶ still open, nothing since
 *      ▲                  └ more of it later: due later                                   └▶ reflecting (reflections.ts)
 *      └ nothing worth a look in the log? looked through all the same, once nothing came for REST_ENDED_MS
 *
 * Everything else has an ending by somebody who knows: a tracker's epic may rest for weeks and go on.
 */
import { eventTime, type StoredEvent } from "../../schema/event/event.ts";
import { OWN_KEY_ID } from "../../schema/event/own.ts";
import { findFeature } from "../../schema/state/select.ts";
import {
  MAX_MET_CHARS,
  MAX_RESTING,
  REFLECT_HISTORY_MS,
  REST_ENDED_MS,
  REST_MS,
  WAKING_LOOK_EVENTS,
} from "./limits.ts";
import { tailFits } from "./log.ts";
import type { Live } from "./memory.ts";

/** As the hooks, the telemetry and the transcripts of coding agents call them. */
const UNENDED: ReadonlySet<string> = new Set(["session", "branch"]);
/** As a line of the log has it: its own, or one that it has in its metadata. */
const OF_FEATURE = /"feature_id":("(?:[^"\\]|\\.)*")/;

const BY_SENDER = new RegExp(`"key_id":"(?!${OWN_KEY_ID}")`);

export class RestedWork {
  readonly #sql: SqlStorage;
  readonly #live: Pick<Live, "get">;
  /** Of each open feature the last line that was met on the way through the log, until its row is written. */
  readonly #met = new Map<string, string>();
  #met_chars = 0;
  /** Whether something of the kind was committed since; null on waking up, as nobody knows. */
  #has_news: boolean | null = null;
  /** When a sender last spoke; null on waking up. What Clusterfork says meanwhile does not put off a look. */
  #heard_ms: number | null = null;

  constructor(sql: SqlStorage, live: Pick<Live, "get">) {
    this.#sql = sql;
    this.#live = live;
  }

  /** Of the lines that it holds. */
  get met_chars(): number {
    return this.#met_chars;
  }

  /** Whether a sender spoke after this seq, up to which the log was looked through. On waking up the log is asked. */
  hasNews(after: number): boolean {
    this.#has_news ??= tailFits(this.#sql, after, BY_SENDER, WAKING_LOOK_EVENTS) ?? true;
    return this.#has_news;
  }

  /** When nothing has come for so long that a look is worth it; `last_ms` is when the log's last line came. */
  quietAt(last_ms: number): number {
    this.#heard_ms ??= last_ms;
    return this.#heard_ms + REST_ENDED_MS;
  }

  /** Called after each commit. True: the log is worth looking through when nothing more comes. */
  committed(events: readonly StoredEvent[]): boolean {
    const heard = events.findLast(({ key_id }) => key_id !== OWN_KEY_ID);
    if (heard !== undefined) this.#heard_ms = Date.parse(heard.received_at);
    if (this.#has_news === true) return false;
    const is_news = events.some(
      ({ feature_id, key_id }) =>
        feature_id !== undefined && key_id !== OWN_KEY_ID && this.isOpen(feature_id),
    );
    if (is_news) this.#has_news = true;
    return is_news;
  }

  /** A line that is met on the way through the log: of most nothing but the last is parsed. */
  note(text: string): void {
    const found = OF_FEATURE.exec(text);
    const name = found?.[1];
    if (name === undefined || isInside(text, found?.index ?? 0)) return;
    // A history's features have ended, nearly all: their lines are not held.
    if (!this.isOpen(JSON.parse(name) as string)) return;
    if (text.includes(`"key_id":"${OWN_KEY_ID}"`)) return;
    this.#met_chars += text.length - (this.#met.get(name)?.length ?? 0);
    this.#met.set(name, text);
    if (this.#met_chars > MAX_MET_CHARS) this.#write();
  }

  /** The log was looked through, up to its end or as far as one look goes. */
  looked(is_all: boolean): void {
    this.#write();
    if (is_all) this.#has_news = false;
    this.#sql.exec(
      "DELETE FROM resting WHERE seq <= (SELECT seq FROM resting ORDER BY seq DESC LIMIT 1 OFFSET ?)",
      MAX_RESTING,
    );
  }

  /** A later line of the same feature takes the row's place. */
  #write(): void {
    for (const [name, text] of this.#met) {
      const feature_id = JSON.parse(name) as string;
      const event = JSON.parse(text) as StoredEvent;
      if (event.feature_id !== feature_id) continue;
      this.#sql.exec(
        "INSERT OR REPLACE INTO resting (feature_id, seq, due_ms) VALUES (?, ?, ?)",
        ...[feature_id, event.seq, restedBy(event)],
      );
    }
    this.#met.clear();
    this.#met_chars = 0;
  }

  nextDue(): number | null {
    return this.#sql.exec<{ due_ms: number | null }>("SELECT min(due_ms) AS due_ms FROM resting").one()
      .due_ms;
  }

  /** What has rested long enough is to be looked back on; what has ended meanwhile is by its ending. */
  takeDue(now_ms: number): { feature_id: string; seq: number }[] {
    const due = this.#sql
      .exec<{
        feature_id: string;
        seq: number;
      }>("DELETE FROM resting WHERE due_ms <= ? RETURNING feature_id, seq", now_ms)
      .toArray();
    return due.filter(({ feature_id }) => this.isOpen(feature_id));
  }

  isOpen(feature_id: string): boolean {
    const feature = findFeature(this.#live.get().state, feature_id);
    return feature !== undefined && feature.closed_at === null && UNENDED.has(feature.kind ?? "");
  }
}

/** By its own clock, so that a history that is imported has rested already; but not before all of it is here. */
function restedBy(event: StoredEvent): number {
  const received_ms = Date.parse(event.received_at);
  const rest_ms = event.event_type === "agent_stopped" ? REST_ENDED_MS : REST_MS;
  return Math.max(received_ms + REFLECT_HISTORY_MS, Math.min(eventTime(event), received_ms) + rest_ms);
}

/** Metadata is stored after the fields of the envelope: a name that comes later is no event's own, and takes no other line's place. */
function isInside(text: string, at: number): boolean {
  const metadata = text.indexOf('"metadata":{');
  return metadata >= 0 && metadata < at;
}
