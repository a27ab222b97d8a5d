/**
 * `task_created` describes a task: title, kind, priority, parent, feature,
 * dependencies, assignee, files as far as given; it is no longer `partial`, and
 * its status stays. A second one updates what it names; one that is older than
 * another, by event time, fills in what that left open, and so does one whose
 * title is a guess.
 */
import { assign } from "./assignee.ts";
import {
  describes,
  earlier,
  idIn,
  idsIn,
  labelIn,
  nameIn,
  namesIn,
  newer,
  numberIn,
  textIn,
} from "./field.ts";
import { countFiles } from "./file-count.ts";
import { MAX_DEPENDENCIES, MAX_FILES, MAX_TITLE_CHARS } from "./limits.ts";
import { addFiles, setDependencies, setFiles } from "./list.ts";
import { move } from "./status.ts";
import type { Fold } from "./subject.ts";
import { linkFeature } from "./task.ts";

export const foldCreated: Fold = (state, event, { task, time_ms }) => {
  if (task === null) return;
  const { past } = task;
  const is_first = past.described_at === null;
  const is_newest = describes(event, past.described_at, time_ms);
  if (is_newest) past.described_at = time_ms;
  task.partial = false;
  task.created_at = earlier(task.created_at, time_ms);
  const title = textIn(event, "title", MAX_TITLE_CHARS);
  if (title !== null && describes(event, past.titled_at, time_ms)) {
    task.title = title;
    past.titled_at = time_ms;
  } else task.title ??= title;
  task.parent_id = newer(is_newest, task.parent_id, idIn(event, "parent_id"));
  task.kind = newer(is_newest, task.kind, labelIn(event, "kind"));
  task.priority = newer(is_newest, task.priority, numberIn(event, "priority"));
  const assignee = nameIn(event, "assignee");
  if (assignee !== null) move(state, task, assign(task, assignee, false, time_ms), time_ms);
  if (event.feature_id !== undefined && is_newest) linkFeature(state, task, event.feature_id);
  const dependencies = idsIn(event, "dependencies", MAX_DEPENDENCIES);
  if (dependencies !== null && (is_newest || task.dependencies.length === 0))
    setDependencies(state, task, dependencies);
  const files = namesIn(event, "files", MAX_FILES);
  if (files === null) return;
  countFiles(state, task, event, { named: files.length, counted: 0 });
  // What is met before it is described may have been touched already.
  if (is_first || !is_newest) addFiles(state, task, files);
  else setFiles(state, task, files);
};
