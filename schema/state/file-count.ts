/**
 * How many files work touched: what its complexity is told by. A number of its own, because the lists are cut by the
 * limits of all lists together, and the archive's are not: both must count alike. A task's is the most that one of its
 * events tells. A feature's tasks touch the same files, so a feature tells them apart: by marks, since their names would
 * fill the state, and only so many. What it counts is true as far as it goes, and it says where there may be more.
 */
import type { StoredEvent } from "../event/event.ts";
import { fileMarksIn } from "../event/file-mark.ts";
import { MAX_FEATURE_FILES } from "./limits.ts";
import { findFeature } from "./select.ts";
import type { Feature } from "./entity/feature.ts";
import type { ProjectState } from "./state.ts";
import type { Task } from "./entity/task.ts";

export interface Told {
  /** Files that the event names. */
  named: number;
  /** Files that it counts, named or not. */
  counted: number;
}

export function countFiles(
  state: ProjectState,
  task: Task,
  event: StoredEvent,
  { named, counted }: Told,
): void {
  const count = Math.max(named, counted);
  if (count <= 0) return;
  if (count > (task.file_count ?? 0)) task.file_count = count;
  const feature = task.feature_id === null ? undefined : findFeature(state, task.feature_id);
  if (feature === undefined) return;
  raiseFileCount(feature, count);
  if (counted > named) feature.file_count_is_least = true;
  if (named > 0) tellApart(feature, event);
}

function tellApart(feature: Feature, event: StoredEvent): void {
  const { files } = feature.past;
  for (const mark of fileMarksIn(event)) {
    if (files.includes(mark)) continue;
    if (files.length >= MAX_FEATURE_FILES) {
      feature.file_count_is_least = true;
      raiseFileCount(feature, MAX_FEATURE_FILES + 1);
      return;
    }
    files.push(mark);
  }
  raiseFileCount(feature, files.length);
}

/** What a task had counted when it learned its feature: which files these were, only its events told. */
export function bringFileCount(state: ProjectState, task: Task): void {
  const feature = task.feature_id === null ? undefined : findFeature(state, task.feature_id);
  if (feature === undefined || task.file_count === null) return;
  raiseFileCount(feature, task.file_count);
  feature.file_count_is_least = true;
}

export function raiseFileCount(feature: Feature, count: number): void {
  if (count > (feature.file_count ?? 0)) feature.file_count = count;
}
