/** The statuses that a task had, as its moves tell them: where its time went. */
import { courseOf, step } from "./course.ts";
import { codeOf, timeOf } from "./move.ts";
import type { Task, TaskStatus } from "./entity/task.ts";

export interface Stage {
  /** ms. */
  from: number;
  status: TaskStatus;
}

/**
 * In order of time, each until the next begins, from its creation or its first move on. Of a task with more moves
 * than are kept (`MAX_MOVES`) they begin with the oldest that is, and `whole` is false.
 */
export function stagesOf({ created_at, past }: Pick<Task, "created_at" | "past">): {
  stages: Stage[];
  whole: boolean;
} {
  const { base, moves } = past;
  const known_from = base?.status_at ?? Math.min(created_at ?? Infinity, timeOf(moves[0] ?? Infinity));
  if (!Number.isFinite(known_from)) return { stages: [], whole: true };
  const course = courseOf(
    base ?? { ...NOTHING_YET, status: "pending", status_at: known_from, approved: false, attempts: 0 },
  );
  const stages: Stage[] = [{ from: known_from, status: course.status }];
  for (const move of moves) {
    const was = course.status;
    step(course, codeOf(move), timeOf(move));
    if (course.status !== was) stages.push({ from: timeOf(move), status: course.status });
  }
  return { stages, whole: base === null };
}

const NOTHING_YET = {
  claimed_at: null,
  started_at: null,
  submitted_at: null,
  closed_at: null,
  merged_at: null,
};
