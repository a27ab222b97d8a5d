/**
 * The order of components as it was worked out last. While events stream in, one component of a hundred changes from
 * one layout to the next; the others cost a second of a processor each time, which the page and the server lack.
 */
import type { NodeKey } from "./model.ts";

/** Centres as dagre gave them, px. */
export type Centres = ReadonlyMap<NodeKey, number>;

export class KeptOrders {
  #before = new Map<string, Centres>();
  #now = new Map<string, Centres>();

  /** `text`: all that the order depends on. */
  of(text: string, work: () => Centres): Centres {
    const centres = this.#now.get(text) ?? this.#before.get(text) ?? work();
    this.#now.set(text, centres);
    return centres;
  }

  /** A layout is done: what it did not need is forgotten. */
  settle(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }
}
