/** Things that only one process may have at a time: an agent, a file. Who waits longest comes first. */
import { Gate, type Engine, type Process } from "./engine.ts";

/** Members of a team with the same role; each works on one thing at a time. */
export class Pool<T> {
  readonly #engine: Engine;
  readonly #free: T[];
  readonly #waiting: { gate: Gate; take: (item: T) => void }[] = [];

  constructor(engine: Engine, items: readonly T[]) {
    this.#engine = engine;
    this.#free = [...items];
  }

  *acquire(): Process<T> {
    const free = this.#free.shift();
    if (free !== undefined) return free;
    const gate = new Gate();
    let taken: T | undefined;
    this.#waiting.push({ gate, take: (item) => (taken = item) });
    yield gate;
    if (taken === undefined) throw new Error("a pool woke somebody without giving him anything");
    return taken;
  }

  /** True when somebody waited for it. */
  release(item: T): boolean {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#free.push(item);
      return false;
    }
    next.take(item);
    this.#engine.open(next.gate);
    return true;
  }
}

/** Who holds which file. */
export class Locks<Holder> {
  readonly #engine: Engine;
  readonly #held = new Map<string, { holder: Holder; freed: Gate }>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  holderOf(path: string): Holder | null {
    return this.#held.get(path)?.holder ?? null;
  }

  /** Opens when the path is released; somebody else may be faster then. */
  freed(path: string): Gate | null {
    return this.#held.get(path)?.freed ?? null;
  }

  take(path: string, holder: Holder): void {
    if (this.#held.has(path)) throw new Error(`two hold ${path}`);
    this.#held.set(path, { holder, freed: new Gate() });
  }

  release(path: string): void {
    const held = this.#held.get(path);
    if (held === undefined) return;
    this.#held.delete(path);
    this.#engine.open(held.freed);
  }
}
