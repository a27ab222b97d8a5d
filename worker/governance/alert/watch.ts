/** The alerts of one project, as the room's watch asks for them (room/watch.ts). */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { Watcher } from "../../../schema/event/watcher.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import { evaluate, type Evaluation, type Gone } from "./engine.ts";
import { Recent } from "./recent.ts";
import { RULES } from "./rules.ts";

export class Alerts implements Watcher<ProjectState> {
  readonly #recent = new Recent();
  readonly #gone: Gone = new Map();

  note(event: StoredEvent): void {
    this.#recent.note(event);
  }

  look(state: ProjectState, now_ms: number): Evaluation {
    return evaluate(RULES, { state, recent: this.#recent, now_ms }, this.#gone);
  }
}
