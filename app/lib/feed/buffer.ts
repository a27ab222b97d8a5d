/**
 * The browser's copy of one project, without Svelte and without the DOM.
 *
 *   ServerMessage ──receive──▶ density check ──▶ fold ──▶ state
 *                                   │           └──────▶ the newest events
 *                                   └─ a gap: the caller reconnects with `since`
 *
 * Invariant (V1): every event is folded once and in order of seq, whatever the
 * socket repeats, loses or reorders. `seq` is the last seq that is accounted
 * for; an event that was withheld from this viewer leaves its seq, not a gap.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { ServerMessage } from "../../../schema/wire/socket.ts";
import type { Fold } from "./fold.ts";

/** Events kept for the live list: ~2 MB at 1 KB each, some minutes of a busy project. */
export const KEPT_EVENTS = 2_000;
/** The list is cut back only when it is this much too long, so that keeping it costs O(1) per event. */
const KEPT_SLACK = 500;

export type Received =
  /** `folded` events are new; 0 for a repeated frame. */
  | { kind: "folded"; folded: number }
  | { kind: "snapshot" }
  /** Events between `after` and `from` are missing: reconnect with since=after. */
  | { kind: "gap"; after: number; from: number }
  /** The server skipped ahead; its snapshot is on the way. */
  | { kind: "behind"; head: number };

export class FeedBuffer {
  #fold: Fold;
  #state: ProjectState;
  #seq = 0;
  #events: StoredEvent[] = [];
  /** True once the server said anything about the state: 0 is then a fact, not ignorance. */
  #known = false;

  constructor(fold: Fold) {
    this.#fold = fold;
    this.#state = fold.empty();
  }

  get state(): ProjectState {
    return this.#state;
  }
  get seq(): number {
    return this.#seq;
  }
  get known(): boolean {
    return this.#known;
  }
  /** `since` of the next connection; undefined asks for a snapshot. */
  get since(): number | undefined {
    return this.#known ? this.#seq : undefined;
  }
  /** A copy of the newest KEPT_EVENTS, the oldest first. */
  newest(): StoredEvent[] {
    return this.#events.slice(-KEPT_EVENTS);
  }

  receive(message: ServerMessage): Received {
    switch (message.type) {
      case "snapshot":
        return this.#replace(message);
      case "events":
        return this.#advance(message);
      case "behind":
        return { kind: "behind", head: message.head };
    }
  }

  #replace(message: Extract<ServerMessage, { type: "snapshot" }>): Received {
    // An older snapshot than what is folded would bring events back a second time.
    if (this.#known && message.seq < this.#seq) return { kind: "folded", folded: 0 };
    // The list must have no holes: what the snapshot jumped over is read from the log on demand.
    if (message.seq !== this.#seq) this.#events = [];
    this.#state = this.#fold.decode(message.state);
    this.#seq = message.seq;
    this.#known = true;
    return { kind: "snapshot" };
  }

  #advance(message: Extract<ServerMessage, { type: "events" }>): Received {
    if (message.from > this.#seq + 1) return { kind: "gap", after: this.#seq, from: message.from };
    let folded = 0;
    for (const event of message.events) {
      if (event.seq <= this.#seq || event.seq > message.to) continue;
      this.#fold.apply(this.#state, event);
      this.#seq = event.seq;
      this.#events.push(event);
      folded++;
    }
    if (message.to > this.#seq) this.#seq = message.to;
    this.#known = true;
    if (this.#events.length > KEPT_EVENTS + KEPT_SLACK) this.#events = this.newest();
    return { kind: "folded", folded };
  }
}
