/**
 * What rules need of the log beside the live state: occurrences that leave no
 * trace in it. Bounded, and rebuilt from the log's tail.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { clockAfter, foldTime } from "../../../schema/state/clock.ts";

export interface Occurrence {
  event_type: string;
  seq: number;
  time_ms: number;
  agent_id: string;
  task_id: string | null;
  feature_id: string | null;
  /** The budget that it is about. */
  subject: string | null;
}

const NOTED: ReadonlySet<string> = new Set(["retry_budget_exhausted", "budget_warned", "budget_exceeded"]);

/** Occurrences. A task exhausts its budget once; a hundred of them are one alarm to a person. */
const MAX_OCCURRENCES = 100;

/** So far behind the clock that receives it, an event is history: a live sender's spool is emptied sooner. */
const HISTORY_BEHIND_MS = 10 * 60_000;
/** Batches of an import follow each other within seconds; on a busy machine within a minute. */
const HISTORY_PAUSE_MS = 60_000;
/** A sender whose clock is slow is always behind: nobody's alarm waits longer than this for it. */
const HISTORY_MOST_MS = 30 * 60_000;

export class Recent {
  #occurrences: Occurrence[] = [];
  #time_ms = 0;
  /** Receiving clock, ms: of the first and the last of an unbroken stream of history. */
  #history = { began_ms: -Infinity, last_ms: -Infinity };

  get occurrences(): readonly Occurrence[] {
    return this.#occurrences;
  }

  /** Until then, ms, history may still be arriving: what it says of silence the next batch may answer. */
  get history_until_ms(): number {
    const { began_ms, last_ms } = this.#history;
    return Math.min(last_ms + HISTORY_PAUSE_MS, began_ms + HISTORY_MOST_MS);
  }

  note(event: StoredEvent): void {
    const time_ms = foldTime(event, this.#time_ms);
    const received_ms = Date.parse(event.received_at);
    if (received_ms - time_ms > HISTORY_BEHIND_MS) {
      const goes_on = received_ms - this.#history.last_ms <= HISTORY_PAUSE_MS;
      this.#history = { began_ms: goes_on ? this.#history.began_ms : received_ms, last_ms: received_ms };
    }
    this.#time_ms = clockAfter(event, time_ms, this.#time_ms);
    if (!NOTED.has(event.event_type)) return;
    const { event_type, seq, agent_id, task_id = null, feature_id = null } = event;
    const budget = event.metadata?.["budget_id"];
    const subject = typeof budget === "string" ? budget : null;
    this.#occurrences.push({ event_type, seq, time_ms, agent_id, task_id, feature_id, subject });
    if (this.#occurrences.length > MAX_OCCURRENCES) this.#occurrences.shift();
  }
}
