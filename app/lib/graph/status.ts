/** Eight task statuses share six looks: claimed draws as pending with initials, merged as done. */
import type { FeatureStatus, Task, TaskStatus } from "../../../schema/state/state.ts";

/** In the order of the legend. */
export const LOOKS = ["done", "review", "progress", "pending", "failed", "blocked"] as const;
export type Look = (typeof LOOKS)[number];

const LOOK_OF_TASK: Record<TaskStatus, Look> = {
  pending: "pending",
  claimed: "pending",
  in_progress: "progress",
  blocked: "blocked",
  review: "review",
  done: "done",
  failed: "failed",
  merged: "done",
};

const LOOK_OF_FEATURE: Record<FeatureStatus, Look> = {
  requested: "pending",
  planned: "pending",
  in_progress: "progress",
  done: "done",
  merged: "done",
  abandoned: "failed",
};

export const LOOK_LABEL: Record<Look, string> = {
  done: "Done",
  review: "In review",
  progress: "In progress",
  pending: "Pending",
  failed: "Failed",
  blocked: "Blocked",
};

const TASK_LABEL: Record<TaskStatus, string> = {
  pending: "Pending",
  claimed: "Claimed",
  in_progress: "In progress",
  blocked: "Blocked",
  review: "In review",
  done: "Done",
  failed: "Failed",
  merged: "Merged",
};

const FEATURE_LABEL: Record<FeatureStatus, string> = {
  requested: "Requested",
  planned: "Planned",
  in_progress: "In progress",
  done: "Done",
  merged: "Merged",
  abandoned: "Abandoned",
};

export const lookOfTask = (status: TaskStatus): Look => LOOK_OF_TASK[status];
export const lookOfFeature = (status: FeatureStatus): Look => LOOK_OF_FEATURE[status];
export const labelOfTask = (status: TaskStatus): string => TASK_LABEL[status];
export const labelOfFeature = (status: FeatureStatus): string => FEATURE_LABEL[status];

export type Counts = Record<Look, number> & { total: number };

export function emptyCounts(): Counts {
  return { done: 0, review: 0, progress: 0, pending: 0, failed: 0, blocked: 0, total: 0 };
}

export function countLooks(tasks: Iterable<Pick<Task, "status">>): Counts {
  const counts = emptyCounts();
  for (const task of tasks) {
    counts[lookOfTask(task.status)]++;
    counts.total++;
  }
  return counts;
}
