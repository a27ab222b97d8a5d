/**
 * Tasks of no feature that ended: they are looked back on together, so many at once or a day after the first of them.
 *
 *   an ending ─▶ the row is due in a day ─▶ … LOOSE_TASKS of them ─▶ due at once ─▶ reflection_made ─▶ the row rests
 *
 * Its row stands among those of features (reflections.ts) under an id that no feature has; `seq` is up to where loose
 * work was looked back on, which the row keeps while it rests.
 */
import { eventTime, type StoredEvent } from "../../schema/event/event.ts";
import { endsTask, TASK_ENDS } from "../../schema/event/type.ts";
import { findTask } from "../../schema/state/select.ts";
import { LOOSE_TASKS } from "../../schema/wire/learning.ts";
import { LOOSE_WAIT_MS, REFLECT_SETTLE_MS } from "./limits.ts";
import type { Live } from "./memory.ts";

/** No feature has it: ids have at least one character. */
export const LOOSE = "";
/** Far beyond every clock: nothing is due. */
export const RESTING_MS = 8_640_000_000_000_000;

/** As a line of the log has it; of which task the state says more. */
export const LOOSE_END = new RegExp(`"event_type":"(?:${TASK_ENDS.join("|")})"`);

type Row = { seq: number; due_ms: number };

export class LooseWork {
  readonly #sql: SqlStorage;
  readonly #live: Pick<Live, "get">;
  /** Endings since loose work was looked back on, as far as is known; null on waking up, as nobody knows. */
  #ended: number | null = null;
  /** Whether one was met on the way through the log. */
  #is_met = false;

  constructor(sql: SqlStorage, live: Pick<Live, "get">) {
    this.#sql = sql;
    this.#live = live;
  }

  /** Whether these make it worth looking through the log: the first after a rest, and each time that enough have ended. */
  committed(events: readonly StoredEvent[]): boolean {
    let ended = 0;
    for (const { event_type, feature_id } of events)
      if (feature_id === undefined && endsTask(event_type)) ended++;
    if (ended === 0) return false;
    const was = this.#ended;
    this.#ended = (was ?? 0) + ended;
    return was === null || was === 0 || this.#ended >= LOOSE_TASKS;
  }

  /** An event that is met on the way through the log. What is called done again is no ending: it closed nothing. */
  note(event: StoredEvent): void {
    const { event_type, task_id, feature_id } = event;
    if (feature_id !== undefined || task_id === undefined || !endsTask(event_type)) return;
    const task = findTask(this.#live.get().state, task_id);
    this.#is_met ||= task?.feature_id === null && task.closed_at === eventTime(event);
  }

  /** The log was looked through up to its end, or as far as one look goes. */
  looked(): void {
    if (!this.#is_met) {
      // They were tasks of features, whose endings do not say so.
      if (this.#ended === null || this.#ended >= LOOSE_TASKS) this.#ended = 1;
      return;
    }
    this.#is_met = false;
    const row = this.#row();
    const known = this.#count(row?.seq ?? 0);
    this.#ended = stillToCome(known);
    if (row === undefined) this.#put(0, this.#dueAfter(0));
    else if (row.due_ms === RESTING_MS || known >= LOOSE_TASKS)
      this.#sql.exec(
        "UPDATE reflecting SET due_ms = min(due_ms, ?) WHERE feature_id = ? AND attempt = 0",
        ...[this.#dueAfter(row.seq), LOOSE],
      );
  }

  /** Whether one of them is known still: they may have been opened again, or forgotten, while they waited. */
  hasEnded(since: number): boolean {
    return this.#count(since) > 0;
  }

  /** It was looked back on up to there, or given up: what ended since waits for its own turn. */
  rest(seq: number): void {
    // An attempt that was given up may speak after a later one: what that one looked back on stays so.
    if (seq < (this.#row()?.seq ?? 0)) return;
    const known = this.#count(seq);
    this.#ended = known === 0 ? 0 : stillToCome(known);
    this.#put(seq, known === 0 ? RESTING_MS : this.#dueAfter(seq));
  }

  #dueAfter(seq: number): number {
    return Date.now() + (this.#count(seq) >= LOOSE_TASKS ? REFLECT_SETTLE_MS : LOOSE_WAIT_MS);
  }

  /** Of the live state: what it forgot is too old to teach. */
  #count(seq: number): number {
    let count = 0;
    for (const { feature_id, last_seq } of this.#live.get().state.closed_tasks.values())
      if (feature_id === null && last_seq > seq) count++;
    return count;
  }

  #row(): Row | undefined {
    return this.#sql.exec<Row>("SELECT seq, due_ms FROM reflecting WHERE feature_id = ?", LOOSE).toArray()[0];
  }

  #put(seq: number, due_ms: number): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO reflecting (feature_id, seq, attempt, due_ms) VALUES (?, ?, 0, ?)",
      ...[LOOSE, seq, due_ms],
    );
  }
}

/** From where to count on: what is due already needs no further look. */
const stillToCome = (known: number): number => (known >= LOOSE_TASKS ? 1 : Math.max(1, known));
