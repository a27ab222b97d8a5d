/** Time that stands still until the world lets it pass: timers, waits and the clock of the room. */
import { vi } from "vitest";

interface Timer {
  at_ms: number;
  run: () => void;
}

/** Enough turns for every chain of promises between two waits. */
const TURNS = 40;

export async function turns(): Promise<void> {
  for (let n = 0; n < TURNS; n += 1) await Promise.resolve();
}

export class Clock {
  #now_ms: number;
  #next = 1;
  readonly #timers = new Map<number, Timer>();

  constructor(start_ms: number) {
    this.#now_ms = start_ms;
    vi.useFakeTimers({ toFake: ["Date"], now: start_ms });
    vi.stubGlobal("setTimeout", (run: () => void, ms = 0) => {
      const id = this.#next++;
      this.#timers.set(id, { at_ms: this.#now_ms + ms, run });
      return id;
    });
    vi.stubGlobal("clearTimeout", (id: number) => this.#timers.delete(id));
    // The archive lets others go first; waits of real length stand for patience.
    const wait = (ms: number) =>
      ms === 0 ? Promise.resolve() : new Promise<void>((resolve) => setTimeout(resolve, ms));
    vi.stubGlobal("scheduler", { wait });
  }

  get now_ms(): number {
    return this.#now_ms;
  }

  set(now_ms: number): void {
    this.#now_ms = now_ms;
    vi.setSystemTime(now_ms);
  }

  /** The wall's clock alone: timers count on what never goes back, alarms on the wall's. */
  setBack(ms: number): void {
    this.set(this.#now_ms - ms);
    for (const timer of this.#timers.values()) timer.at_ms -= ms;
  }

  /** When the next timer is due; Infinity when there is none. */
  next(): number {
    return Math.min(Infinity, ...Array.from(this.#timers.values(), ({ at_ms }) => at_ms));
  }

  /** Runs every timer that is due, in the order in which they are. */
  fire(): void {
    const due = [...this.#timers].filter(([, { at_ms }]) => at_ms <= this.#now_ms);
    for (const [id, { run }] of due.sort(([, a], [, b]) => a.at_ms - b.at_ms)) {
      if (this.#timers.delete(id)) run();
    }
  }

  /** Timers end with the object that set them. */
  clear(): void {
    this.#timers.clear();
  }

  restore(): void {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  }
}
