/**
 * How a task goes, by event time: the same moves give the same course, in
 * whatever order they arrive.
 *
 *   moves, by time:  claim 9:00 · start 9:02 · submit 9:40 · merge 9:55
 *                                   ▲
 *   changes 9:20, told at last ─────┘  is put in its place, and all of it is stepped again
 *
 * One that is newer than all others, which is nearly each, is one step. The
 * newest `MAX_MOVES` are kept (`move.ts`); older ones are folded into `base`.
 * Moves of one instant keep the order of arrival, for nothing else tells theirs;
 * only a merge stays the last of its instant against work on it.
 */
import { earlier } from "./field.ts";
import { MAX_MOVES } from "./limits.ts";
import { codeOf, isWork, MOVE, moveOf, placeBetweenSame, timeOf, type Move } from "./move.ts";
import type { Course, Task, TaskStatus } from "./entity/task.ts";

export function isClosed(status: TaskStatus): boolean {
  return status === "done" || status === "failed" || status === "merged";
}

/** The status of a task that nothing holds up, by what is known of its work. */
function restingStatus(course: Course): TaskStatus {
  if (course.started_at !== null) return "in_progress";
  return course.claimed_at !== null ? "claimed" : "pending";
}

function set(course: Course, status: TaskStatus, time_ms: number): void {
  const was = course.status;
  if (was === status) return;
  const was_closed = isClosed(was);
  const begins = status === "claimed" || status === "in_progress" || status === "review";
  if (begins && (was === "pending" || was_closed || course.attempts === 0)) course.attempts += 1;
  if (status === "in_progress") course.started_at ??= time_ms;
  course.status = status;
  course.status_at = time_ms;
  if (isClosed(status)) {
    if (was !== "done" || status !== "merged") course.closed_at = time_ms;
    course.merged_at = status === "merged" ? time_ms : null;
  } else if (was_closed) {
    course.closed_at = null;
    course.merged_at = null;
    course.approved = false;
  }
}

/** What one move does to what stands before it in time. */
export function step(course: Course, code: number, time_ms: number): void {
  const { status } = course;
  switch (code) {
    case MOVE.claim:
    case MOVE.take: {
      course.claimed_at ??= time_ms;
      const taken_over = code === MOVE.take && (status === "in_progress" || status === "review");
      if (status === "pending" || status === "failed" || taken_over) set(course, "claimed", time_ms);
      return;
    }
    case MOVE.start:
      return set(course, "in_progress", time_ms);
    case MOVE.progress:
    case MOVE.measure:
      if (status === "pending" || status === "claimed") set(course, "in_progress", time_ms);
      return;
    case MOVE.block:
      return set(course, "blocked", time_ms);
    case MOVE.unblock:
      if (status === "blocked") set(course, restingStatus(course), time_ms);
      return;
    case MOVE.submit:
      course.submitted_at ??= time_ms;
      return set(course, "review", time_ms);
    case MOVE.approve:
      course.approved = true;
      return;
    case MOVE.change:
      course.approved = false;
      return set(course, "in_progress", time_ms);
    case MOVE.complete:
      if (status !== "merged") return set(course, "done", time_ms);
      // Merged before anybody said that it is done: it stays merged, and was done when they say.
      if (course.closed_at === course.merged_at) course.closed_at = time_ms;
      return;
    case MOVE.fail:
      return set(course, "failed", time_ms);
    case MOVE.merge:
      return set(course, "merged", time_ms);
    case MOVE.reopen:
      if (isClosed(status)) set(course, restingStatus(course), time_ms);
      return;
  }
}

/** Steps the task by a move, or, when it comes late, by all moves anew. */
export function enter(task: Task, code: Move, time_ms: number): void {
  const { past } = task;
  const { moves } = past;
  const place = placeOf(moves, code, time_ms);
  if (place < moves.length || (past.base !== null && time_ms < past.base.status_at)) {
    insertLate(task, place, code, time_ms);
    return;
  }
  step(task, code, time_ms);
  moves.push(moveOf(time_ms, code));
  if (moves.length > MAX_MOVES) makeRoom(task);
}

/** Behind all that are not later. */
function placeOf(moves: readonly number[], code: Move, time_ms: number): number {
  let place = moves.length;
  for (; place > 0; place -= 1) {
    const before = moves[place - 1] ?? 0;
    const at = timeOf(before);
    if (at < time_ms) break;
    const merged_then = codeOf(before) === MOVE.merge && code < MOVE.fail;
    if (at === time_ms && !merged_then) break;
  }
  return place;
}

function insertLate(task: Task, place: number, code: Move, time_ms: number): void {
  const { past } = task;
  if (past.base !== null && time_ms < past.base.status_at) {
    // Its place is not known any more: it tells when something was first seen, and moves nothing.
    tellFirst(past.base, code, time_ms);
    tellFirst(task, code, time_ms);
    return;
  }
  past.moves.splice(place, 0, moveOf(time_ms, code));
  replay(task, time_ms);
  if (past.moves.length > MAX_MOVES) makeRoom(task);
}

function tellFirst(course: Course, code: Move, time_ms: number): void {
  if (code === MOVE.claim || code === MOVE.take) course.claimed_at = earlier(course.claimed_at, time_ms);
  if (code === MOVE.start) course.started_at = earlier(course.started_at, time_ms);
  if (code === MOVE.submit) course.submitted_at = earlier(course.submitted_at, time_ms);
}

/** Steps all moves from the base on. A status that none of them changes is as old as the task is known. */
function replay(task: Task, time_ms: number): void {
  const { base, moves } = task.past;
  const known_since = Math.min(task.status_at, time_ms);
  setCourse(task, base ?? { ...NOT_BEGUN, status_at: known_since });
  for (const move of moves) step(task, codeOf(move), timeOf(move));
}

/** Its status is the first one, which it has since it is known. */
export function isUnmoved({ status, attempts, past }: Task): boolean {
  if (status !== "pending" || attempts > 0 || past.base !== null) return false;
  return past.moves.every((move) => {
    const code = codeOf(move);
    return code === MOVE.approve || code === MOVE.assign || code === MOVE.unblock || code === MOVE.reopen;
  });
}

/** Of a run, such as progress, only the first and the last tell anything; else the oldest goes into the base. */
function makeRoom({ past }: Task): void {
  const between = placeBetweenSame(past.moves);
  if (between !== null) {
    past.moves.splice(between, 1);
    return;
  }
  const oldest = past.moves.shift();
  if (oldest === undefined) return;
  past.base ??= { ...NOT_BEGUN, status_at: timeOf(oldest) };
  step(past.base, codeOf(oldest), timeOf(oldest));
}

const NOT_BEGUN: Readonly<Course> = {
  status: "pending",
  status_at: 0,
  approved: false,
  attempts: 0,
  claimed_at: null,
  started_at: null,
  submitted_at: null,
  closed_at: null,
  merged_at: null,
};

function setCourse(to: Course, from: Readonly<Course>): void {
  to.status = from.status;
  to.status_at = from.status_at;
  to.approved = from.approved;
  to.attempts = from.attempts;
  to.claimed_at = from.claimed_at;
  to.started_at = from.started_at;
  to.submitted_at = from.submitted_at;
  to.closed_at = from.closed_at;
  to.merged_at = from.merged_at;
}

/** What stands fixed of a task whose moves nobody wrote down: only newer ones move it. */
export function courseOf(task: Course): Course {
  const course = { ...NOT_BEGUN };
  setCourse(course, task);
  return course;
}

/** Event time of the first work on it that is known; null when there was none. */
export function workedAt(task: Task): number | null {
  const { base, moves } = task.past;
  const before = base === null ? null : (base.started_at ?? base.submitted_at ?? base.closed_at);
  if (before !== null) return before;
  const first = moves.find((entry) => isWork(codeOf(entry)));
  return first === undefined ? null : timeOf(first);
}
