/**
 * What rules need of the log beside the live state: occurrences that leave no
 * trace in it. Bounded, and rebuilt from the log's tail.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { foldTime } from "../../../schema/state/clock.ts";

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

export class Recent {
  #occurrences: Occurrence[] = [];
  #time_ms = 0;

  get occurrences(): readonly Occurrence[] {
    return this.#occurrences;
  }

  note(event: StoredEvent): void {
    const time_ms = foldTime(event, this.#time_ms);
    this.#time_ms = Math.max(this.#time_ms, time_ms);
    if (!NOTED.has(event.event_type)) return;
    const { event_type, seq, agent_id, task_id = null, feature_id = null } = event;
    const budget = event.metadata?.["budget_id"];
    const subject = typeof budget === "string" ? budget : null;
    this.#occurrences.push({ event_type, seq, time_ms, agent_id, task_id, feature_id, subject });
    if (this.#occurrences.length > MAX_OCCURRENCES) this.#occurrences.shift();
  }
}
