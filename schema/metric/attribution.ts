/**
 * Whose money a model call is, where features are worked on at once. The rule:
 *
 *   1. own:         a call is of the feature that it names, or that its task belonged to when it came.
 *   2. shared:      a call that names neither is divided among the tasks that its agent held in that slot of time,
 *                   a like part each, and each part is of its task's feature.
 *   3. unassigned:  where the agent held none, or the task has no feature, or cells or tasks of then were put
 *                   together or forgotten, it is of nobody: nothing is guessed from what others did.
 *
 *   calls of no feature ─▶ cell (slot, agent) ─┬─ add-auth, add-auth, search ─▶ 2/3 and 1/3
 *                                              └─ no task ─▶ unassigned
 *
 * A task is held by its assignee as it is known now, from its claim (else its start) until it closed; a slot counts
 * when any of it lies within. Own, shared and unassigned of all features are the project's usage, to the token and
 * to the billionth of a dollar: parts are differences of what is given out so far, so that nothing is rounded away.
 * What is known of the cost stays apart as it is: reported, priced, and calls without a price (M2).
 */
import type { Task } from "../state/entity/task.ts";
import type { Cell } from "./cell.ts";

/** Model calls, and what is known of their cost. Of shared ones, calls come in fractions and tokens in whole ones. */
export interface Spent {
  calls: number;
  /** Those whose cost is known: the others are without a price. */
  known_calls: number;
  reported_usd: number;
  priced_usd: number;
  tokens: number;
}
const SPENT = [
  "calls",
  "known_calls",
  "reported_usd",
  "priced_usd",
  "tokens",
] as const satisfies readonly (keyof Spent)[];

export interface Attributed {
  own: Spent;
  shared: Spent;
  /** Of the calls that belong to no feature: what is left of them. */
  unassigned: Spent;
}

/** What of a cell a feature takes: from one fraction of it to the next. */
export interface Part {
  /** Null: of nobody. */
  feature: string | null;
  from: number;
  to: number;
}

const NOBODYS: readonly Part[] = [{ feature: null, from: 0, to: 1 }];

export function createAttributed(): Attributed {
  return { own: createSpent(), shared: createSpent(), unassigned: createSpent() };
}

function createSpent(): Spent {
  return { calls: 0, known_calls: 0, reported_usd: 0, priced_usd: 0, tokens: 0 };
}

/** Adds what lies between two fractions of it. */
export function addPart(to: Spent, from: Readonly<Spent>, part: Pick<Part, "from" | "to">): void {
  for (const name of SPENT) to[name] += until(from, name, part.to) - until(from, name, part.from);
}

function until(spent: Readonly<Spent>, name: keyof Spent, fraction: number): number {
  if (fraction === 1) return spent[name];
  const amount = spent[name] * fraction;
  return name === "tokens" ? Math.floor(amount) : amount;
}

/** A slot of time. */
interface Time {
  start_ms: number;
  span_ms: number;
}

interface Held {
  feature: string | null;
  from_ms: number;
  to_ms: number;
}

/** Divides cells of no feature. `tasks_from` is as of `Known`. */
export class Sharing {
  readonly #tasks_from: number;
  readonly #held = new Map<string, Held[]>();
  /** Of the slot that was asked for last, by agent. */
  #slot: Time = { start_ms: NaN, span_ms: NaN };
  readonly #parts = new Map<string, readonly Part[]>();

  constructor(tasks: Iterable<Task>, tasks_from: number) {
    this.#tasks_from = tasks_from;
    for (const { assignee, claimed_at, started_at, closed_at, feature_id } of tasks) {
      const from_ms = claimed_at ?? started_at;
      if (assignee === null || from_ms === null) continue;
      const held = { feature: feature_id, from_ms, to_ms: closed_at ?? Infinity };
      const others = this.#held.get(assignee);
      if (others === undefined) this.#held.set(assignee, [held]);
      else others.push(held);
    }
  }

  /** In order of their features' ids, whole together. */
  parts(slot: Time, { of, detail }: Pick<Cell, "of" | "detail">): readonly Part[] {
    const { start_ms, span_ms } = slot;
    // Of what was put together, nobody knows any more whether it named a feature.
    if (of.agent === null || detail < 2 || start_ms < this.#tasks_from) return NOBODYS;
    if (this.#slot.start_ms !== start_ms || this.#slot.span_ms !== span_ms) {
      this.#slot = { start_ms, span_ms };
      this.#parts.clear();
    }
    let parts = this.#parts.get(of.agent);
    if (parts === undefined) {
      const end_ms = start_ms + span_ms;
      parts = divide((this.#held.get(of.agent) ?? []).filter((held) => isHeldIn(held, start_ms, end_ms)));
      this.#parts.set(of.agent, parts);
    }
    return parts;
  }
}

/** Closed as the slot begins, it was not held in it. Closed before it was claimed, it never was. */
function isHeldIn({ from_ms, to_ms }: Held, start_ms: number, end_ms: number): boolean {
  return to_ms >= from_ms && from_ms < end_ms && (to_ms > start_ms || from_ms >= start_ms);
}

function divide(held: readonly Held[]): readonly Part[] {
  if (held.length === 0) return NOBODYS;
  const tasks = new Map<string | null, number>();
  for (const { feature } of held) tasks.set(feature, (tasks.get(feature) ?? 0) + 1);
  let before = 0;
  return [...tasks].sort(byFeature).map(([feature, count]) => {
    const from = before / held.length;
    before += count;
    return { feature, from, to: before / held.length };
  });
}

function byFeature([a]: [string | null, number], [b]: [string | null, number]): number {
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
