/**
 * What is being built.
 *
 * | event              | status afterwards                                                       |
 * |--------------------|-------------------------------------------------------------------------|
 * | any known one that names it, or whose task belongs to it | requested, when it is new; counts; `updated_at` unless Clusterfork says it |
 * | feature_requested  | as it is; fills in title, kind, priority, parent, dependencies, requester |
 * | feature_planned    | requested → planned; fills in likewise                                  |
 * | feature_started, work on a task of it | requested, planned → in_progress                     |
 * | feature_completed  | done; a merged one stays merged                                         |
 * | feature_merged     | merged                                                                  |
 * | feature_abandoned  | abandoned                                                               |
 * | feature_reopened   | in_progress when work on it was ever seen, else requested               |
 *
 * - Events move it by event time, whenever they come (`feature-course.ts`): done,
 *   merged and abandoned are exchanged for each other by a newer one, done and
 *   merged in either order are merged. Only `feature_reopened` opens a closed one:
 *   work on its tasks does not.
 * - An event counts for `feature_id`, else for its task's feature: for one, once.
 * - `partial` until a request or a plan was seen.
 */
import type { StoredEvent } from "../event/event.ts";
import { speaksAsClusterfork } from "../event/own.ts";
import { enter, FEATURE_MOVE, isUnmoved, mergedBefore, start, type FeatureMove } from "./feature-course.ts";
import { raiseFileCount } from "./file-count.ts";
import {
  amountIn,
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
import { forgetIdle, forgetOldest } from "./forget.ts";
import {
  MAX_CLOSED_FEATURES,
  MAX_DEPENDENCIES,
  MAX_FILES,
  MAX_OPEN_FEATURES,
  MAX_TITLE_CHARS,
} from "./limits.ts";
import { releaseLists, setDependencies } from "./list.ts";
import { findFeature, findTask } from "./select.ts";
import type { Feature } from "./entity/feature.ts";
import type { ProjectState } from "./state.ts";
import type { Fold } from "./subject.ts";
import { createUsage } from "./usage.ts";

function createFeature(id: string, seq: number, time_ms: number): Feature {
  return {
    id,
    title: null,
    parent_id: null,
    kind: null,
    priority: null,
    status: "requested",
    dependencies: [],
    requested_by: null,
    file_count: null,
    file_count_is_least: false,
    bug_at: null,
    created_at: null,
    started_at: null,
    closed_at: null,
    updated_at: time_ms,
    status_at: time_ms,
    first_seq: seq,
    last_seq: seq,
    events: 0,
    usage: createUsage(),
    partial: true,
    past: { moves: [], titled_at: null, described_at: null, requested_at: null, files: [] },
  };
}

function putOpen(state: ProjectState, feature: Feature): void {
  state.open_features.set(feature.id, feature);
  noteForgotten(state, forgetIdle(state.open_features, MAX_OPEN_FEATURES, state.seq));
}

function noteForgotten(state: ProjectState, forgotten: Feature | null): void {
  if (forgotten === null) return;
  releaseLists(state, forgotten);
  state.counters.forgotten_features += 1;
  state.observer?.retireFeature(forgotten);
}

/** The feature with this id, made when it is new; counts the event for it. */
export function meetFeature(state: ProjectState, id: string, event: StoredEvent, time_ms: number): Feature {
  let feature = state.open_features.get(id) ?? state.closed_features.get(id);
  if (feature === undefined) {
    feature = createFeature(id, event.seq, time_ms);
    putOpen(state, feature);
  }
  feature.events += 1;
  feature.last_seq = event.seq;
  // An alert about it that is cleared, a lesson of it that is written: no work on it.
  if (speaksAsClusterfork(event)) return feature;
  if (time_ms > feature.updated_at) feature.updated_at = time_ms;
  else if (time_ms < feature.status_at && isUnmoved(feature)) feature.status_at = time_ms;
  return feature;
}

/** Keeps the open and closed Maps in step with what it came to. */
function settle(state: ProjectState, feature: Feature, was_closed_at: number | null): void {
  const { closed_at } = feature;
  if (closed_at === was_closed_at) return;
  state.closed_features.delete(feature.id);
  if (closed_at === null) {
    putOpen(state, feature);
    return;
  }
  state.open_features.delete(feature.id);
  // Set anew, so that the order stays that of closing.
  state.closed_features.set(feature.id, feature);
  noteForgotten(state, forgetOldest(state.closed_features, MAX_CLOSED_FEATURES));
}

function move(state: ProjectState, feature: Feature, code: FeatureMove, time_ms: number): void {
  const { closed_at } = feature;
  enter(feature, code, time_ms);
  settle(state, feature, closed_at);
}

/** Work on a task of the feature was seen. */
export function startFeature(state: ProjectState, id: string, time_ms: number): void {
  const feature = state.open_features.get(id) ?? state.closed_features.get(id);
  if (feature !== undefined) start(feature, time_ms);
}

function describe(state: ProjectState, event: StoredEvent, feature: Feature, time_ms: number): void {
  const { past } = feature;
  const is_newest = describes(event, past.described_at, time_ms);
  if (is_newest) past.described_at = time_ms;
  const title = textIn(event, "title", MAX_TITLE_CHARS);
  if (title !== null && describes(event, past.titled_at, time_ms)) {
    feature.title = title;
    past.titled_at = time_ms;
  } else feature.title ??= title;
  feature.parent_id = newer(is_newest, feature.parent_id, idIn(event, "parent_id"));
  feature.kind = newer(is_newest, feature.kind, labelIn(event, "kind"));
  feature.priority = newer(is_newest, feature.priority, numberIn(event, "priority"));
  const requested_by = nameIn(event, "requested_by");
  if (requested_by !== null && (past.requested_at === null || time_ms >= past.requested_at)) {
    feature.requested_by = requested_by;
    past.requested_at = time_ms;
  }
  const dependencies = idsIn(event, "dependencies", MAX_DEPENDENCIES);
  if (dependencies !== null && (is_newest || feature.dependencies.length === 0))
    setDependencies(state, feature, dependencies);
  feature.partial = false;
}

export const foldRequested: Fold = (state, event, { feature, time_ms }) => {
  if (feature === null) return;
  describe(state, event, feature, time_ms);
  // Whoever said it first, until somebody is named.
  const is_first = feature.created_at === null || time_ms < feature.created_at;
  if (feature.past.requested_at === null && is_first) feature.requested_by = event.agent_id;
  feature.created_at = earlier(feature.created_at, time_ms);
};

export const foldPlanned: Fold = (state, event, { feature, time_ms }) => {
  if (feature === null) return;
  describe(state, event, feature, time_ms);
  raiseFileCount(
    feature,
    Math.max(namesIn(event, "files", MAX_FILES)?.length ?? 0, amountIn(event, "file_count") ?? 0),
  );
  move(state, feature, FEATURE_MOVE.plan, time_ms);
};

export const foldFeatureStarted: Fold = (_state, _event, { feature, time_ms }) => {
  if (feature !== null) start(feature, time_ms);
};

function moving(code: FeatureMove): Fold {
  return (state, event, { feature, time_ms }) => {
    if (feature === null) return;
    const counts = code === FEATURE_MOVE.complete || code === FEATURE_MOVE.merge;
    if (counts) raiseFileCount(feature, amountIn(event, "files_changed") ?? 0);
    move(state, feature, code, time_ms);
  };
}
export const foldFeatureCompleted = moving(FEATURE_MOVE.complete);
export const foldFeatureMerged = moving(FEATURE_MOVE.merge);
export const foldFeatureAbandoned = moving(FEATURE_MOVE.abandon);
export const foldFeatureReopened = moving(FEATURE_MOVE.reopen);

/** ms. A bug that is found later did not escape from the merge before it. */
export const ESCAPE_MS = 7 * 86_400_000;

/** `caused_by` names the feature, or a task of it; else it is what the report itself is about. */
export const foldBug: Fold = (state, event, { feature: about, time_ms }) => {
  const caused_by = idIn(event, "caused_by");
  const feature = caused_by === null ? about : featureOf(state, caused_by);
  if (feature === null) return;
  const merged_at = mergedBefore(feature, time_ms);
  if (merged_at === null || time_ms - merged_at > ESCAPE_MS) return;
  // Stays when the feature is opened again to mend it, and merged anew: it did escape.
  feature.bug_at = earlier(feature.bug_at, time_ms);
};

function featureOf(state: ProjectState, id: string): Feature | null {
  const found = findFeature(state, id);
  if (found !== undefined) return found;
  const feature_id = findTask(state, id)?.feature_id ?? null;
  return feature_id === null ? null : (findFeature(state, feature_id) ?? null);
}
