/**
 * One imagined future: every open task takes a drawn time, agents take the most urgent task that waits for nothing
 * (list scheduling, Graham 1969), and what runs already has an agent.
 *
 * Hundreds of futures of one graph are imagined, so tasks are places in the queue, and what each waits for is looked
 * up once for all of them.
 */
import type { WorkGraph } from "./graph.ts";

/** By place in the queue. */
export interface Schedule {
  /** When each task ends, ms from now; NaN: it never began. */
  ends: Float64Array;
  /** The task whose end let it begin; -1: it began at once, or waited for an agent only. */
  after: Int32Array;
}

export interface Plan {
  graph: WorkGraph;
  /** Ids in the order in which agents take them up. */
  queue: readonly string[];
  /** Of the queue. */
  running: ReadonlySet<string>;
  /** Agents; infinite where the drawn times hold the waiting already. */
  capacity: number;
}

/** What something outside the queue ends at: never. */
const OUTSIDE = -1;

export class Scheduler {
  readonly #capacity: number;
  readonly #running: readonly number[];
  readonly #idle: readonly number[];
  /** What each waits for, and what waits for each. */
  readonly #needs: readonly (readonly number[])[];
  readonly #needed_by: readonly (readonly number[])[];
  /** How much each waits for. */
  readonly #needed: Int32Array;
  /** Of one run, written anew by the next: hundreds of runs would leave thousands of them behind. */
  readonly #ends: Float64Array;
  readonly #after: Int32Array;
  /** When all that each waits for is over, and which was the last of it. */
  readonly #ready_at: Float64Array;
  readonly #last: Int32Array;
  readonly #missing: Int32Array;

  constructor({ graph, queue, running, capacity }: Plan) {
    const place = new Map(queue.map((id, index) => [id, index]));
    this.#capacity = Math.max(1, capacity);
    this.#running = queue.flatMap((id, index) => (running.has(id) ? [index] : []));
    this.#idle = queue.flatMap((id, index) => (running.has(id) ? [] : [index]));
    this.#needs = queue.map((id) =>
      (graph.waits_for.get(id) ?? []).map((other) => place.get(other) ?? OUTSIDE),
    );
    const needed_by = queue.map((): number[] => []);
    for (const [index, needs] of this.#needs.entries())
      for (const other of needs) needed_by[other]?.push(index);
    this.#needed_by = needed_by;
    this.#needed = Int32Array.from(this.#needs.map((needs) => needs.length));
    this.#ends = new Float64Array(queue.length);
    this.#after = new Int32Array(queue.length);
    this.#ready_at = new Float64Array(queue.length);
    this.#last = new Int32Array(queue.length);
    this.#missing = new Int32Array(queue.length);
  }

  /** `remaining_ms`: drawn once for each task, by its place. What is returned holds until the next run. */
  run(remaining_ms: (index: number) => number): Schedule {
    const ends = this.#ends.fill(NaN);
    const after = this.#after.fill(-1);
    const ready_at = this.#ready_at.fill(0);
    const last = this.#last.fill(-1);
    const missing = this.#missing;
    missing.set(this.#needed);
    /** Those that wait for nothing unknown any more, but may have to wait; then those that could begin now. */
    const pending: number[] = [];
    const ready: number[] = [];
    const isLater = (a: number, b: number): boolean => {
      const apart = (ready_at[a] ?? 0) - (ready_at[b] ?? 0);
      return apart === 0 ? a > b : apart > 0;
    };
    let placing = false;
    const finish = (index: number, end: number): void => {
      ends[index] = end;
      for (const other of this.#needed_by[index] ?? []) {
        missing[other] = (missing[other] ?? 0) - 1;
        if (missing[other] !== 0) continue;
        for (const need of this.#needs[other] ?? []) {
          const over = ends[need] ?? 0;
          if (over <= (ready_at[other] ?? 0)) continue;
          ready_at[other] = over;
          last[other] = need;
        }
        if (placing && Number.isNaN(ends[other])) insert(pending, other, isLater);
      }
    };

    /** When each agent is free, ms; those at work come back when they are done. */
    const free: number[] = [];
    for (const index of this.#running) {
      const end = remaining_ms(index);
      finish(index, end);
      free.push(end);
    }
    const capacity = this.#capacity;
    if (capacity !== Infinity) for (let spare = capacity - free.length; spare > 0; spare--) free.push(0);
    // More at work than there are agents: the surplus does not come back for more.
    free.sort((a, b) => a - b).splice(Number.isFinite(capacity) ? capacity : free.length);
    free.reverse();
    placing = true;

    for (const index of this.#idle) if (missing[index] === 0) pending.push(index);
    pending.sort((a, b) => (ready_at[b] ?? 0) - (ready_at[a] ?? 0) || b - a);
    for (;;) {
      const soonest = capacity === Infinity ? 0 : (free.at(-1) ?? 0);
      while (pending.length > 0 && (ready_at[pending.at(-1) ?? 0] ?? 0) <= soonest)
        insert(ready, pending.pop() ?? 0, isBehind);
      // The most urgent of those that could begin now, else what can begin first.
      const index = ready.pop() ?? pending.pop();
      // All are placed, but for what waits for something outside the queue.
      if (index === undefined) break;
      const begin = Math.max(soonest, ready_at[index] ?? 0);
      const end = begin + remaining_ms(index);
      after[index] = (ready_at[index] ?? 0) >= soonest ? (last[index] ?? -1) : -1;
      finish(index, end);
      if (capacity === Infinity) continue;
      // The agent that is free first is free again at `end`.
      free.pop();
      insert(free, end, isMore);
    }
    return { ends, after };
  }
}

const isMore = (a: number, b: number): boolean => a > b;
/** Less urgent. */
const isBehind = isMore;

/** Into a list whose last is the first to be taken; few are in it, and moving them is cheap. */
function insert(list: number[], value: number, isAfter: (a: number, b: number) => boolean): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAfter(list[middle] ?? 0, value)) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, value);
}
