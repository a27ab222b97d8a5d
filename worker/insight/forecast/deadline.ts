/** When each running piece of work outruns what was said of it, the soonest first. */
export interface Deadline {
  at_ms: number;
  id: string;
  /** Tells it from an earlier one of the same id. */
  made: number;
}

export class Deadlines {
  /** Descending, so that the soonest is popped. */
  readonly #pending: Deadline[] = [];

  add(deadline: Deadline): void {
    if (!Number.isFinite(deadline.at_ms)) return;
    let low = 0;
    let high = this.#pending.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pending[middle]?.at_ms ?? 0) > deadline.at_ms) low = middle + 1;
      else high = middle;
    }
    this.#pending.splice(low, 0, deadline);
  }

  get size(): number {
    return this.#pending.length;
  }

  /** Takes out those that are over. */
  *over(now_ms: number): Generator<Deadline> {
    for (;;) {
      const next = this.#pending.at(-1);
      if (next === undefined || next.at_ms >= now_ms) return;
      this.#pending.pop();
      yield next;
    }
  }

  keep(isAwaited: (deadline: Deadline) => boolean): void {
    const kept = this.#pending.filter(isAwaited);
    this.#pending.splice(0, this.#pending.length, ...kept);
  }
}
