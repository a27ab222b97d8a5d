/**
 * A discrete-event simulation of processes (as in SimPy): each is a generator
 * that yields what it waits for, and goes on when that has come.
 *
 *   process ──yield 5_000──▶ queue by time ──▶ the earliest goes on ──▶ …
 *      └──────yield gate───▶ waits until somebody opens it
 *
 * Two that are due at the same moment go in the order in which they began to
 * wait, so that a run is one sequence and not a matter of luck.
 */
export type Wait = number | Gate;
export type Process<T = void> = Generator<Wait, T, void>;

/** Closed at first; opened once, it lets everybody through from then on. */
export class Gate {
  #open = false;
  #waiting: Process[] = [];

  get isOpen(): boolean {
    return this.#open;
  }

  wait(process: Process): void {
    this.#waiting.push(process);
  }

  /** Those who waited, in order. */
  open(): Process[] {
    this.#open = true;
    const waited = this.#waiting;
    this.#waiting = [];
    return waited;
  }
}

interface Due {
  at_ms: number;
  order: number;
  process: Process;
}

export class Engine {
  #now_ms = 0;
  #order = 0;
  /** A binary heap, the earliest at 0. */
  readonly #due: Due[] = [];

  /** ms since the start of the run. */
  get now_ms(): number {
    return this.#now_ms;
  }

  /** Begins a process now. */
  start(process: Process): void {
    this.#put(process, this.#now_ms);
  }

  open(gate: Gate): void {
    for (const process of gate.open()) this.#put(process, this.#now_ms);
  }

  /** One step of the process that is due next; false when nobody is. */
  step(): boolean {
    const due = this.#take();
    if (due === null) return false;
    this.#now_ms = due.at_ms;
    const { done, value } = due.process.next();
    if (done === true) return true;
    if (typeof value === "number") this.#put(due.process, this.#now_ms + value);
    else if (value.isOpen) this.#put(due.process, this.#now_ms);
    else value.wait(due.process);
    return true;
  }

  #put(process: Process, at_ms: number): void {
    const heap = this.#due;
    const entry = { at_ms, order: this.#order++, process };
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !before(entry, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  #take(): Due | null {
    const heap = this.#due;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      if (left === undefined) break;
      const child = right !== undefined && before(right, left) ? right : left;
      if (!before(child, last)) break;
      heap[place] = child;
      place = 2 * place + (child === left ? 1 : 2);
    }
    heap[place] = last;
    return first;
  }
}

function before(one: Due, other: Due): boolean {
  return one.at_ms < other.at_ms || (one.at_ms === other.at_ms && one.order < other.order);
}
