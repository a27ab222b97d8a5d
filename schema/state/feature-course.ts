/**
 * How a feature goes, by event time; as `course.ts` for a task, and simpler,
 * since a feature has few moves: each time all of them are stepped.
 *
 *   requested ─▶ planned ─▶ in_progress ─▶ done ─▶ merged
 *                                          abandoned
 *
 * Work on it needs no move: `started_at` says since when it is in progress.
 */
import { codeOf, moveOf, placeBetweenSame, timeOf } from "./move.ts";
import { MAX_MOVES } from "./limits.ts";
import type { Feature, FeatureStatus } from "./entity/feature.ts";

export const FEATURE_MOVE = { plan: 0, complete: 1, abandon: 2, reopen: 3, merge: 4 } as const;
export type FeatureMove = (typeof FEATURE_MOVE)[keyof typeof FEATURE_MOVE];

export function isClosed(status: FeatureStatus): boolean {
  return status === "done" || status === "merged" || status === "abandoned";
}

/** Puts a move in its place. Where there are too many, one between two of its kind goes, else the oldest. */
export function enter(feature: Feature, code: FeatureMove, time_ms: number): void {
  const { moves } = feature.past;
  let place = moves.length;
  while (place > 0 && timeOf(moves[place - 1] ?? 0) > time_ms) place -= 1;
  moves.splice(place, 0, moveOf(time_ms, code));
  if (moves.length > MAX_MOVES) moves.splice(placeBetweenSame(moves) ?? 0, 1);
  replay(feature, time_ms);
}

/** Work on it was seen then. */
export function start(feature: Feature, time_ms: number): void {
  if (feature.started_at !== null && time_ms >= feature.started_at) return;
  feature.started_at = time_ms;
  replay(feature, time_ms);
}

/** When it was last merged by then, as far as moves are remembered; also where it was opened again since. */
export function mergedBefore({ past }: Feature, time_ms: number): number | null {
  const move = past.moves.findLast((one) => codeOf(one) === FEATURE_MOVE.merge && timeOf(one) <= time_ms);
  return move === undefined ? null : timeOf(move);
}

/** Its status is the first one, which it has since it is known. */
export function isUnmoved({ status, started_at, past }: Feature): boolean {
  if (status !== "requested" || started_at !== null) return false;
  return past.moves.every((move) => codeOf(move) === FEATURE_MOVE.reopen);
}

function replay(feature: Feature, time_ms: number): void {
  const { started_at } = feature;
  let status: FeatureStatus = "requested";
  let status_at: number | null = null;
  let closed_at: number | null = null;
  for (const move of feature.past.moves) {
    const at = timeOf(move);
    const was: FeatureStatus = status;
    status = after(was, codeOf(move), started_at !== null && started_at <= at);
    if (status === "merged" && was === "merged" && closed_at === status_at) {
      // Merged before anybody said that it is done: it was done when they say.
      if (codeOf(move) === FEATURE_MOVE.complete) closed_at = at;
    }
    if (status === was) continue;
    status_at = at;
    if (!isClosed(status)) closed_at = null;
    else if (was !== "done" || status !== "merged") closed_at = at;
  }
  if (started_at !== null && !isClosed(status)) {
    status = "in_progress";
    status_at = status_at === null ? started_at : Math.max(status_at, started_at);
  }
  feature.status = status;
  feature.status_at = status_at ?? Math.min(feature.status_at, time_ms);
  feature.closed_at = closed_at;
}

function after(status: FeatureStatus, code: number, is_started: boolean): FeatureStatus {
  switch (code) {
    case FEATURE_MOVE.plan:
      return status === "requested" && !is_started ? "planned" : status;
    case FEATURE_MOVE.complete:
      return status === "merged" ? status : "done";
    case FEATURE_MOVE.abandon:
      return "abandoned";
    case FEATURE_MOVE.merge:
      return "merged";
    case FEATURE_MOVE.reopen:
      return isClosed(status) ? "requested" : status;
    default:
      return status;
  }
}
