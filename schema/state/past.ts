/**
 * Rows that were written before the fold remembered moves: only what is newer
 * than their last change of status moves them, as it was when they were written.
 */
import { courseOf } from "./course.ts";
import { moveOf } from "./move.ts";
import { FEATURE_MOVE } from "./feature-course.ts";
import type { Feature, FeatureStatus } from "./entity/feature.ts";
import type { Task } from "./entity/task.ts";

export type StoredTask = Omit<Task, "past"> & { past?: Task["past"] };
export type StoredFeature = Omit<Feature, "past" | "file_count_is_least"> & {
  file_count_is_least?: boolean;
  past?: Omit<Feature["past"], "files"> & { files?: number[] };
};

export function withTaskPast(row: StoredTask): Task {
  const { past } = row;
  if (past !== undefined) return { ...row, past };
  const { title, created_at, claimed_at, assignee, progress } = row;
  return {
    ...row,
    past: {
      moves: [],
      base: courseOf(row),
      measured: progress,
      titled_at: title === null ? null : (created_at ?? row.status_at),
      described_at: row.partial ? null : created_at,
      assigned_at: assignee === null ? null : claimed_at,
      tested_at: null,
    },
  };
}

const LAST_MOVE: Partial<Record<FeatureStatus, number>> = {
  planned: FEATURE_MOVE.plan,
  done: FEATURE_MOVE.complete,
  merged: FEATURE_MOVE.merge,
  abandoned: FEATURE_MOVE.abandon,
};

export function withFeaturePast(row: StoredFeature): Feature {
  const { past } = row;
  // Before files were told apart, those of its tasks were added up: what it counts is not known to be the least.
  const { file_count_is_least = false } = row;
  if (past !== undefined) return { ...row, file_count_is_least, past: { ...past, files: past.files ?? [] } };
  const { title, created_at, requested_by, status, status_at } = row;
  const last = LAST_MOVE[status];
  return {
    ...row,
    file_count_is_least,
    past: {
      moves: last === undefined ? [] : [moveOf(status_at, last)],
      titled_at: title === null ? null : (created_at ?? status_at),
      described_at: row.partial ? null : created_at,
      requested_at: requested_by === null ? null : created_at,
      files: [],
    },
  };
}
