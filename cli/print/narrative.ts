/**
 * Events as they are told at a terminal: what an agent does next on the same
 * task stands under the line that names both.
 *
 *   [14:23:28] ▶ coder-a (coder)         TASK-1        started by coder-a
 *              ◔ [████░░░░░░] 40% done
 *              $ 12.3 k in, 480 out, $0.01 reported, claude-sonnet-5 · 3.2s
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import { eventLine, eventNote } from "./event-line.ts";

/** After so long, ms, a line names its agent again: who looks up should not have to search. */
const GROUP_MS = 5 * 60 * 1000;

export class Narrative {
  readonly #colour: boolean;
  #last: { who: string; time_ms: number } | null = null;

  constructor(colour: boolean) {
    this.#colour = colour;
  }

  tell(event: StoredEvent): string {
    const who = JSON.stringify([event.agent_id, event.task_id, event.feature_id]);
    const time_ms = Date.parse(event.timestamp);
    const last = this.#last;
    const below = last?.who === who && Math.abs(time_ms - last.time_ms) < GROUP_MS;
    if (below) return eventNote(event);
    this.#last = { who, time_ms };
    return eventLine(event, this.#colour);
  }

  /** Something else was printed: the next event names its agent again. */
  interrupt(): void {
    this.#last = null;
  }
}
