/**
 * Opened again: somebody said of work that was called done or merged that it is not (`task_reopened`,
 * `feature_reopened`). What a feature's report counts and what its analysis learns from are the same by this rule.
 *
 * A failure that is opened again is a new attempt, and no surprise. A start, a review or a block that is told after the
 * end moves the status, and is not counted: most are words of the same work that came late, from a second reporter or
 * a tracker's bookkeeping, and none says that the closing was wrong.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { codeOf, MOVE } from "../../../schema/state/move.ts";
import { FINISHED } from "./closing.ts";

type Turn = "finished" | "failed" | "opened";

const BY_TYPE: ReadonlyMap<string, Turn> = new Map<string, Turn>([
  ...[...FINISHED].map((type) => [type, "finished"] as const),
  ["task_failed", "failed"],
  ["feature_abandoned", "failed"],
  ["task_reopened", "opened"],
  ["feature_reopened", "opened"],
]);
const BY_MOVE: ReadonlyMap<number, Turn> = new Map<number, Turn>([
  [MOVE.complete, "finished"],
  [MOVE.merge, "finished"],
  [MOVE.fail, "failed"],
  [MOVE.reopen, "opened"],
]);

/** How often a task was, as far as its moves are kept. */
export function timesReopened({ past: { base, moves } }: Pick<Task, "past">): number {
  const was_finished = base !== null && (base.status === "done" || base.status === "merged");
  const turns = moves.flatMap((move) => BY_MOVE.get(codeOf(move)) ?? []);
  return openings([...(was_finished ? (["finished"] as const) : []), ...turns], (turn) => turn).length;
}

export interface Opening {
  closed: StoredEvent;
  opened: StoredEvent;
}

/** Each time that the events of one subject tell, with the closing before it. */
export function openingsIn(own: readonly StoredEvent[]): Opening[] {
  const turns = own.filter(({ event_type }) => BY_TYPE.has(event_type));
  return openings(turns, ({ event_type }) => BY_TYPE.get(event_type)).map(([closed, opened]) => ({
    closed,
    opened,
  }));
}

function openings<T>(turns: readonly T[], turnOf: (one: T) => Turn | undefined): [T, T][] {
  return turns.flatMap((opened, index): [T, T][] => {
    const before = turns[index - 1];
    const again = before !== undefined && turnOf(opened) === "opened" && turnOf(before) === "finished";
    return again ? [[before, opened]] : [];
  });
}
