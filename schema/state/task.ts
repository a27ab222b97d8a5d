/**
 * What a task is. What becomes of it is in `creation.ts`, `work.ts`, `review.ts`
 * and `ending.ts`; those hold the table of events, `status.ts` and `course.ts` what they do to its status.
 *
 * | event                    | what it does                                                       |
 * |--------------------------|--------------------------------------------------------------------|
 * | any known one with its id | met: counts, `updated_at` unless Clusterfork says it, and its feature where none was known |
 * | task_created             | see `creation.ts`                                                  |
 * | test_passed, test_failed | adds `passed` and `failed`, or one where they are not given; the last result |
 * | lint_passed, lint_error_found | the last result of what is not submitted yet                  |
 *
 * A task that was only mentioned is pending and `partial`. A task that closes
 * before it opens therefore stays closed.
 */
import type { StoredEvent } from "../event/event.ts";
import { speaksAsClusterfork } from "../event/own.ts";
import { isUnmoved, workedAt } from "./course.ts";
import { startFeature } from "./feature.ts";
import { amountIn, namesIn } from "./field.ts";
import { forgetIdle } from "./forget.ts";
import { MAX_FILES, MAX_OPEN_TASKS } from "./limits.ts";
import { bringFileCount, countFiles } from "./file-count.ts";
import { addFiles, releaseLists } from "./list.ts";
import type { CheckResult, Task } from "./entity/task.ts";
import type { ProjectState } from "./state.ts";
import type { Fold } from "./subject.ts";
import { createUsage } from "./usage.ts";

function createTask(id: string, seq: number, time_ms: number): Task {
  return {
    id,
    title: null,
    feature_id: null,
    parent_id: null,
    kind: null,
    priority: null,
    status: "pending",
    dependencies: [],
    assignee: null,
    role: null,
    model: null,
    progress: null,
    blocked_reason: null,
    failure_reason: null,
    files: [],
    file_count: null,
    review_cycles: 0,
    approved: false,
    attempts: 0,
    tests_passed: 0,
    tests_failed: 0,
    last_test: null,
    last_lint: null,
    lint_failing: null,
    escalations: 0,
    created_at: null,
    claimed_at: null,
    started_at: null,
    submitted_at: null,
    closed_at: null,
    merged_at: null,
    updated_at: time_ms,
    status_at: time_ms,
    first_seq: seq,
    last_seq: seq,
    events: 0,
    usage: createUsage(),
    partial: true,
    past: {
      moves: [],
      base: null,
      measured: null,
      titled_at: null,
      described_at: null,
      assigned_at: null,
      tested_at: null,
    },
  };
}

/** Puts a task among the open ones, as the newest of them. */
export function putOpenTask(state: ProjectState, task: Task): void {
  state.open_tasks.set(task.id, task);
  noteForgottenTask(state, forgetIdle(state.open_tasks, MAX_OPEN_TASKS, state.seq));
}

export function noteForgottenTask(state: ProjectState, forgotten: Task | null): void {
  if (forgotten === null) return;
  releaseLists(state, forgotten);
  state.counters.forgotten_tasks += 1;
  state.observer?.retireTask(forgotten);
}

/** The task with this id, made when it is new; counts the event for it. */
export function meetTask(state: ProjectState, id: string, event: StoredEvent, time_ms: number): Task {
  let task = state.open_tasks.get(id) ?? state.closed_tasks.get(id);
  if (task === undefined) {
    task = createTask(id, event.seq, time_ms);
    putOpenTask(state, task);
  }
  task.events += 1;
  task.last_seq = event.seq;
  // As of a feature (feature.ts): only work touches.
  if (speaksAsClusterfork(event)) return task;
  if (time_ms > task.updated_at) task.updated_at = time_ms;
  else if (time_ms < task.status_at && isUnmoved(task)) task.status_at = time_ms;
  return task;
}

/** Learns whose task it is; work that was seen before counts for that feature from now on. */
export function linkFeature(state: ProjectState, task: Task, feature_id: string): void {
  if (task.feature_id === feature_id) return;
  task.feature_id = feature_id;
  bringFileCount(state, task);
  const worked_at = workedAt(task);
  if (worked_at !== null) startFeature(state, feature_id, worked_at);
}

/** Those whose schema has `files_changed`: a shared view hides what no schema declares. */
const COUNTS_CHANGES: ReadonlySet<string> = new Set(["agent_submitted", "task_completed", "task_merged"]);

/** Files that an event names or counts as touched. */
export function touchFiles(state: ProjectState, event: StoredEvent, task: Task): void {
  const files = namesIn(event, "files", MAX_FILES);
  if (files !== null && files.length > 0) addFiles(state, task, files);
  const changed = COUNTS_CHANGES.has(event.event_type) ? amountIn(event, "files_changed") : null;
  countFiles(state, task, event, { named: files?.length ?? 0, counted: changed ?? 0 });
}

function noteTest(task: Task, result: CheckResult, time_ms: number): void {
  const { past } = task;
  if (past.tested_at !== null && time_ms < past.tested_at) return;
  past.tested_at = time_ms;
  task.last_test = result;
}

export const foldTestPassed: Fold = (_state, event, { task, time_ms }) => {
  if (task === null) return;
  task.tests_passed += amountIn(event, "passed") ?? 1;
  task.tests_failed += amountIn(event, "failed") ?? 0;
  noteTest(task, "passed", time_ms);
};

export const foldTestFailed: Fold = (_state, event, { task, time_ms }) => {
  if (task === null) return;
  task.tests_passed += amountIn(event, "passed") ?? 0;
  task.tests_failed += amountIn(event, "failed") ?? 1;
  noteTest(task, "failed", time_ms);
};

/** Of a submission that lint had not been told of, a result while it waits for its reviewer is still its own. */
function lintResult(result: CheckResult): Fold {
  return (_state, _event, { task }) => {
    if (task === null) return;
    task.lint_failing = result === "failed";
    if (task.status !== "review") task.last_lint = result;
    else if (task.last_lint === null) task.last_lint = "counted";
  };
}
export const foldLintPassed = lintResult("passed");
export const foldLintFailed = lintResult("failed");
