import type { Usage } from "./usage.ts";

export const TASK_STATUSES = [
  "pending",
  "claimed",
  "in_progress",
  "blocked",
  "review",
  "done",
  "failed",
  "merged",
] as const;

export type TaskStatus = (typeof TASK_STATUSES)[number];

export type CheckResult = "passed" | "failed";

/** What the moves of a task decide, and nothing else does: see `course.ts`. */
export interface Course {
  status: TaskStatus;
  /** Event time at which the status last changed. */
  status_at: number;
  /** True between an approval and the next change request. */
  approved: boolean;
  /** Times that work on it began: claims and starts after a failure count anew. */
  attempts: number;
  claimed_at: number | null;
  started_at: number | null;
  /** First submission to review. */
  submitted_at: number | null;
  /** When it became done, failed or merged; null while open. */
  closed_at: number | null;
  merged_at: number | null;
}

/** What the fold places a late event by. Of others `stage.ts` alone reads it. */
export interface TaskPast {
  /** By time, the newest ones: ms since the epoch times 16, and what it was (`course.ts`). */
  moves: number[];
  /** The course before `moves`; null while they are all there were. */
  base: Course | null;
  /** The newest progress that was told as a number. */
  measured: number | null;
  /** Event time of the newest title. */
  titled_at: number | null;
  /** Event time of the newest description. */
  described_at: number | null;
  /** Event time at which the assignee was named; null where a start alone lets it be guessed. */
  assigned_at: number | null;
  /** Event time of the newest test result. */
  tested_at: number | null;
}

/** All times are ms since the epoch, by event time; null where no event said so. */
export interface Task extends Course {
  id: string;
  title: string | null;
  feature_id: string | null;
  /** The task this one is a part of. */
  parent_id: string | null;
  /** The sender's kind of work item: `task`, `bug`, `chore`, … */
  kind: string | null;
  /** 0 is the most urgent, as senders give it. */
  priority: number | null;
  /** Ids of tasks or features that must be finished first; they may be unknown, and may form cycles. */
  dependencies: string[];
  assignee: string | null;
  /** Of the assignee, as it was at its last event about this task. */
  role: string | null;
  model: string | null;
  /** 0 to 1; null when nobody reported any. */
  progress: number | null;
  blocked_reason: string | null;
  failure_reason: string | null;
  files: string[];
  /** The most files that one event names or counts; null while none does. `files` may be cut, this is not. */
  file_count: number | null;
  /** Times that a reviewer asked for changes or rejected. */
  review_cycles: number;
  tests_passed: number;
  tests_failed: number;
  last_test: CheckResult | null;
  /** Of the work that is not submitted yet; `counted` once a submission has been told its result. */
  last_lint: CheckResult | "counted" | null;
  /** Whether the newest result of lint was a failure, whatever became of the submission; null while none is known. */
  lint_failing: boolean | null;
  /** Times that it was escalated to a person. */
  escalations: number;
  created_at: number | null;
  /** Event time of the newest event about it. */
  updated_at: number;
  first_seq: number;
  last_seq: number;
  events: number;
  usage: Usage;
  /** Known only from events that mention it: no `task_created` seen, or forgotten and met again. */
  partial: boolean;
  past: TaskPast;
}
