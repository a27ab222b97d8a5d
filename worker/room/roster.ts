/** Who watches, and what they may hold: the team's own viewers, and those of the links with a budget of theirs (V2). */
import { Budget } from "./budget.ts";
import { MAX_ROOM_UNACKED_LENGTH, MAX_SHARED_UNACKED_LENGTH } from "./limits.ts";
import type { Viewer } from "./viewer.ts";

export class Roster {
  readonly #viewers = new Map<WebSocket, Viewer>();
  readonly #own = new Budget(MAX_ROOM_UNACKED_LENGTH);
  readonly #shared = new Budget(MAX_SHARED_UNACKED_LENGTH);

  add(socket: WebSocket, viewer: Viewer): Budget {
    this.#viewers.set(socket, viewer);
    const budget = this.budgetOf(viewer);
    budget.join(viewer);
    return budget;
  }

  remove(socket: WebSocket): void {
    const viewer = this.#viewers.get(socket);
    if (viewer === undefined) return;
    this.#viewers.delete(socket);
    this.budgetOf(viewer).leave(viewer);
  }

  get(socket: WebSocket): Viewer | undefined {
    return this.#viewers.get(socket);
  }

  budgetOf(viewer: Viewer): Budget {
    return viewer.link === undefined ? this.#own : this.#shared;
  }

  /** Before all of them are served. */
  look(now_ms: number): void {
    this.#own.look(now_ms);
    this.#shared.look(now_ms);
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** How many of them watch a link. */
  get shared_size(): number {
    return this.#shared.viewers;
  }

  /** The team's own first: nobody of them waits for what is redacted for others. */
  *[Symbol.iterator](): Generator<[WebSocket, Viewer]> {
    for (const entry of this.#viewers) if (entry[1].link === undefined) yield entry;
    if (this.shared_size === 0) return;
    for (const entry of this.#viewers) if (entry[1].link !== undefined) yield entry;
  }
}
