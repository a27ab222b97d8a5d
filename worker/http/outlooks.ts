/**
 * What was learned of projects, to foretell by. It is kept per isolate for the projects asked last, so that the next
 * question learns only what is new; whoever asks after it was lost pays for all of it once.
 */
import type { ComplexityBounds } from "../../schema/metric/complexity.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { Outlook } from "../insight/query/outlook.ts";

/** Projects whose learning is kept. Each is some MB at most, and an isolate has 128. */
const MAX_OUTLOOKS = 4;

export class Outlooks {
  readonly #kept = new Map<string, Outlook>();

  /** One that knows this state, and none newer: what it learned cannot be unlearned. */
  of(owner: string, state: ProjectState, bounds: ComplexityBounds): Outlook {
    const whose = `${String(bounds.medium_from)} ${String(bounds.medium_to)} ${owner}`;
    const known = this.#kept.get(whose);
    const outlook = known === undefined || known.seq > state.seq ? new Outlook(bounds) : known;
    outlook.learn(state);
    this.#kept.delete(whose);
    this.#kept.set(whose, outlook);
    if (this.#kept.size > MAX_OUTLOOKS) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    return outlook;
  }
}
