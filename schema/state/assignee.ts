/**
 * Whose task it is, by event time. A claim of what was another's takes it over,
 * which moves its status; which claims do is told by the claim before each, so
 * a late one may change what the next one was.
 *
 *   claim a 9:00 ─ start 9:02 ─ claim b 9:30   b takes over, whichever claim comes first
 *
 * The name is remembered of the newest alone: of three claims and more that come
 * out of order, those between may count as a take-over although they were none.
 */
import { codeOf, MOVE, moveOf, timeOf, type Move } from "./move.ts";
import type { Task } from "./entity/task.ts";

function names(code: number): boolean {
  return code === MOVE.claim || code === MOVE.take || code === MOVE.assign;
}

/** Notes the assignee; returns the move that the caller then makes. */
export function assign(task: Task, who: string, by_claim: boolean, time_ms: number): Move {
  const { past } = task;
  if (past.assigned_at !== null && time_ms < past.assigned_at) {
    const claim = assignLate(task, who, time_ms);
    return by_claim ? claim : MOVE.assign;
  }
  const takes = past.assigned_at !== null && task.assignee !== who;
  task.assignee = who;
  past.assigned_at = time_ms;
  if (!by_claim) return MOVE.assign;
  return takes ? MOVE.take : MOVE.claim;
}

/** What a claim was that comes after a later one; corrects what that one is. */
function assignLate({ assignee, past }: Task, who: string, time_ms: number): Move {
  const { moves } = past;
  const next = moves.findIndex((move) => timeOf(move) > time_ms && names(codeOf(move)));
  const is_first = !moves.some((move) => timeOf(move) <= time_ms && names(codeOf(move)));
  const after = moves[next];
  const is_same = who === assignee;
  const guess = is_first || is_same ? MOVE.claim : MOVE.take;
  if (after === undefined || codeOf(after) === MOVE.assign) return guess;
  if (!is_same) {
    moves[next] = moveOf(timeOf(after), MOVE.take);
    return guess;
  }
  if (timeOf(after) !== past.assigned_at) return guess;
  moves[next] = moveOf(timeOf(after), MOVE.claim);
  return codeOf(after) === MOVE.take ? MOVE.take : MOVE.claim;
}

/** A start that names nobody: its sender, until somebody is named. The earliest one counts. */
export function guess(task: Task, agent_id: string, time_ms: number): void {
  const { past } = task;
  if (past.assigned_at !== null) return;
  const first = past.moves.find((move) => codeOf(move) === MOVE.start);
  if (task.assignee === null || (first !== undefined && time_ms < timeOf(first))) task.assignee = agent_id;
}
