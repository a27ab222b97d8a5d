/**
 * How many files work touched: what its complexity is told by. A number of its own, because the lists are
 * cut by the limits of all lists together, and the archive's are not: both must count alike.
 */
import { findFeature } from "./select.ts";
import type { Feature, ProjectState, Task } from "./state.ts";

/** The most that one event told; whatever a task gains, its feature gains. */
export function countFiles(state: ProjectState, task: Task, count: number): void {
  const gained = count - (task.file_count ?? 0);
  if (gained <= 0) return;
  task.file_count = count;
  if (task.feature_id !== null) addToFeature(state, task.feature_id, gained);
}

/** A task that learns its feature, or another one, brings its files along. */
export function moveFileCount(state: ProjectState, task: Task, feature_id: string): void {
  if (task.file_count === null) return;
  if (task.feature_id !== null) addToFeature(state, task.feature_id, -task.file_count);
  addToFeature(state, feature_id, task.file_count);
}

export function raiseFileCount(feature: Feature, count: number): void {
  if (count > (feature.file_count ?? 0)) feature.file_count = count;
}

function addToFeature(state: ProjectState, id: string, count: number): void {
  const feature = findFeature(state, id);
  if (feature !== undefined) feature.file_count = Math.max(0, (feature.file_count ?? 0) + count);
}
