/**
 * One move of a task as one number, its event time in ms times 16 and its code:
 * the moves of a task are a flat list that sorts by time.
 */
export const MOVE = {
  claim: 0,
  /** A claim of a task that was another's. */
  take: 1,
  /** Named as the one who does it, without a claim. It moves no status. */
  assign: 2,
  start: 3,
  progress: 4,
  /** Progress with a number. */
  measure: 5,
  block: 6,
  unblock: 7,
  submit: 8,
  approve: 9,
  change: 10,
  complete: 11,
  fail: 12,
  merge: 13,
  reopen: 14,
} as const;
export type Move = (typeof MOVE)[keyof typeof MOVE];

const CODES = 16;

export function moveOf(time_ms: number, code: number): number {
  return time_ms * CODES + code;
}

export function timeOf(move: number): number {
  return Math.floor(move / CODES);
}

/** A number, not a `Move`: it is only compared. */
export function codeOf(move: number): number {
  return move - Math.floor(move / CODES) * CODES;
}

/** Moves that show that somebody worked on it. */
export function isWork(code: number): boolean {
  return (
    code === MOVE.start ||
    code === MOVE.progress ||
    code === MOVE.measure ||
    code === MOVE.submit ||
    (code >= MOVE.change && code <= MOVE.merge)
  );
}

/** A move between two of its kind, which tells nothing; null when there is none. */
export function placeBetweenSame(moves: readonly number[]): number | null {
  for (let at = 1; at + 1 < moves.length; at += 1) {
    const code = codeOf(moves[at] ?? 0);
    if (codeOf(moves[at - 1] ?? 0) === code && codeOf(moves[at + 1] ?? 0) === code) return at;
  }
  return null;
}

/** Whether a move of one of these codes is later than this time. */
export function isBefore(time_ms: number, moves: readonly number[], of: (code: number) => boolean): boolean {
  for (let at = moves.length - 1; at >= 0; at -= 1) {
    const move = moves[at] ?? 0;
    if (timeOf(move) <= time_ms) return false;
    if (of(codeOf(move))) return true;
  }
  return false;
}
