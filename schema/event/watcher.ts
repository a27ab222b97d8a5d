/**
 * Who looks at a project as it works and decides something about it: alerts, targets, forecasts. The room calls
 * it, and appends what it says.
 */
import type { StoredEvent } from "./event.ts";
import type { OwnEvent } from "./own.ts";

/** `Known`: what the room knows beside its state, as the reader of its metrics asks for it. */
export interface Watcher<State, Known = unknown> {
  /** Each event once, in order. After the memory was lost: those of the log's tail, from somewhere on. */
  note(event: StoredEvent): void;
  /** Waited for before each look: what stands elsewhere and was not read lately. Meets its own failures. */
  prepare?(now_ms: number): Promise<void>;
  /**
   * What there is to say now, and when to look again though nothing comes, ms; null: not before the next event.
   * `known` costs a walk over the tally each time. Said again until it stands in the log, so its ids derive from the cause. Never waits.
   */
  look(state: State, now_ms: number, known: () => Known): { events: OwnEvent[]; next_ms: number | null };
}
