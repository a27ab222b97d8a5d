/** The alerts of one project, as the room's watch asks for them (room/watch.ts). */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { Watcher } from "../../../schema/event/watcher.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import { evaluate, type Evaluation, type Gone } from "./engine.ts";
import { Recent } from "./recent.ts";
import { RULES } from "./rules.ts";

export class Alerts implements Watcher<ProjectState> {
  readonly #recent = new Recent();
  #gone: Gone | null = null;

  note(event: StoredEvent): void {
    this.#recent.note(event);
  }

  look(state: ProjectState, now_ms: number): Evaluation {
    this.#gone ??= goneBefore(state, now_ms);
    return evaluate(RULES, { state, recent: this.#recent, now_ms }, this.#gone);
  }
}

/**
 * What is away when the memory is new has been so since the last event, at the latest: a room that sleeps between two
 * looks would else begin to wait anew at each, and clear nothing (B3). What holds is struck out as it is looked at.
 */
function goneBefore(state: ProjectState, now_ms: number): Gone {
  const gone: Gone = new Map();
  for (const { id, updated_at } of state.open_alerts.values())
    gone.set(id, Math.min(now_ms, Math.max(state.time, updated_at)));
  return gone;
}
