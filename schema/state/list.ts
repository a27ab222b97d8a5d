import { MAX_DEPENDENCIES, MAX_FILES, MAX_TOTAL_DEPENDENCIES, MAX_TOTAL_FILES } from "./limits.ts";
import type { Feature } from "./entity/feature.ts";
import type { ProjectState } from "./state.ts";
import type { Task } from "./entity/task.ts";

/** Replaces the dependencies as far as the limits of one list and of all lists allow. */
export function setDependencies(state: ProjectState, owner: Task | Feature, ids: string[]): void {
  const totals = state.totals;
  totals.dependencies -= owner.dependencies.length;
  const room = Math.min(MAX_DEPENDENCIES, MAX_TOTAL_DEPENDENCIES - totals.dependencies);
  owner.dependencies = ids.length <= room ? ids : ids.slice(0, room);
  totals.dependencies += owner.dependencies.length;
}

/** Replaces the files, bounded likewise. */
export function setFiles(state: ProjectState, task: Task, paths: string[]): void {
  const totals = state.totals;
  totals.files -= task.files.length;
  const room = Math.min(MAX_FILES, MAX_TOTAL_FILES - totals.files);
  task.files = paths.length <= room ? paths : paths.slice(0, room);
  totals.files += task.files.length;
}

/** Adds files that work turned out to touch. */
export function addFiles(state: ProjectState, task: Task, paths: string[]): void {
  if (task.files.length === 0) setFiles(state, task, paths);
  else if (task.files.length < MAX_FILES) setFiles(state, task, [...new Set([...task.files, ...paths])]);
}

/** Gives back what a forgotten entry held. */
export function releaseLists(state: ProjectState, forgotten: Task | Feature): void {
  state.totals.dependencies -= forgotten.dependencies.length;
  if ("files" in forgotten) state.totals.files -= forgotten.files.length;
}
