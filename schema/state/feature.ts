/**
 * What is being built.
 *
 * | event              | status afterwards                                                       |
 * |--------------------|-------------------------------------------------------------------------|
 * | any known one that names it, or whose task belongs to it | requested, when it is new; counts |
 * | feature_requested  | as it is; fills in title, kind, priority, parent, dependencies, requester |
 * | feature_planned    | requested → planned; fills in likewise                                  |
 * | feature_started, work on a task of it | requested, planned → in_progress                     |
 * | feature_completed  | done; a merged one stays merged                                         |
 * | feature_merged     | merged                                                                  |
 * | feature_abandoned  | abandoned                                                               |
 * | bug_reported       | as it is; the first since its merge is noted                            |
 * | feature_reopened   | in_progress when work on it was ever seen, else requested               |
 *
 * - Done, merged and abandoned are left, or exchanged for each other, only by
 *   an event that is not earlier than `status_at`; done → merged always applies.
 *   Only `feature_reopened` opens a closed one: work on its tasks does not.
 * - An event counts for `feature_id`, else for its task's feature: for one, once.
 * - `partial` until a request or a plan was seen.
 */
import type { StoredEvent } from "../event/event.ts";
import { raiseFileCount } from "./file-count.ts";
import { amountIn, idIn, idsIn, labelIn, nameIn, namesIn, numberIn, textIn } from "./field.ts";
import { forgetIdle, forgetOldest } from "./forget.ts";
import {
  MAX_CLOSED_FEATURES,
  MAX_DEPENDENCIES,
  MAX_FILES,
  MAX_OPEN_FEATURES,
  MAX_TITLE_CHARS,
} from "./limits.ts";
import { releaseLists, setDependencies } from "./list.ts";
import type { Feature, FeatureStatus, ProjectState } from "./state.ts";
import { findFeature, findTask } from "./select.ts";
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
  if (time_ms > feature.updated_at) feature.updated_at = time_ms;
  return feature;
}

function isClosed(status: FeatureStatus): boolean {
  return status === "done" || status === "merged" || status === "abandoned";
}

function open(state: ProjectState, feature: Feature, status: FeatureStatus, time_ms: number): void {
  if (isClosed(feature.status)) {
    state.closed_features.delete(feature.id);
    feature.closed_at = null;
    putOpen(state, feature);
  }
  feature.status = status;
  feature.status_at = time_ms;
}

function close(state: ProjectState, feature: Feature, status: FeatureStatus, time_ms: number): void {
  const was = feature.status;
  if (was === status) return;
  const merges_done = was === "done" && status === "merged";
  if (isClosed(was) && !merges_done) {
    if (time_ms < feature.status_at || (was === "merged" && status === "done")) return;
  }
  feature.status = status;
  feature.status_at = time_ms;
  if (merges_done) return;
  feature.closed_at = time_ms;
  state.open_features.delete(feature.id);
  // Set anew, so that the order stays that of closing.
  state.closed_features.delete(feature.id);
  state.closed_features.set(feature.id, feature);
  noteForgotten(state, forgetOldest(state.closed_features, MAX_CLOSED_FEATURES));
}

/** Work on a task of the feature was seen. */
export function startFeature(state: ProjectState, id: string, time_ms: number): void {
  const feature = state.open_features.get(id) ?? state.closed_features.get(id);
  if (feature === undefined) return;
  if (feature.started_at === null) feature.started_at = time_ms;
  if (feature.status === "requested" || feature.status === "planned")
    open(state, feature, "in_progress", time_ms);
}

function describe(state: ProjectState, event: StoredEvent, feature: Feature): void {
  feature.title = textIn(event, "title", MAX_TITLE_CHARS) ?? feature.title;
  feature.parent_id = idIn(event, "parent_id") ?? feature.parent_id;
  feature.kind = labelIn(event, "kind") ?? feature.kind;
  feature.priority = numberIn(event, "priority") ?? feature.priority;
  feature.requested_by = nameIn(event, "requested_by") ?? feature.requested_by;
  const dependencies = idsIn(event, "dependencies", MAX_DEPENDENCIES);
  if (dependencies !== null) setDependencies(state, feature, dependencies);
  feature.partial = false;
}

export const foldRequested: Fold = (state, event, { feature, time_ms }) => {
  if (feature === null) return;
  describe(state, event, feature);
  feature.requested_by ??= event.agent_id;
  feature.created_at ??= time_ms;
};

export const foldPlanned: Fold = (state, event, { feature, time_ms }) => {
  if (feature === null) return;
  describe(state, event, feature);
  raiseFileCount(
    feature,
    Math.max(namesIn(event, "files", MAX_FILES)?.length ?? 0, amountIn(event, "file_count") ?? 0),
  );
  if (feature.status === "requested") open(state, feature, "planned", time_ms);
};

export const foldFeatureStarted: Fold = (state, _event, { feature, time_ms }) => {
  if (feature !== null) startFeature(state, feature.id, time_ms);
};

function closing(status: FeatureStatus): Fold {
  return (state, event, { feature, time_ms }) => {
    if (feature === null) return;
    if (status !== "abandoned") raiseFileCount(feature, amountIn(event, "files_changed") ?? 0);
    close(state, feature, status, time_ms);
  };
}
export const foldFeatureCompleted = closing("done");
export const foldFeatureMerged = closing("merged");
export const foldFeatureAbandoned = closing("abandoned");

export const foldFeatureReopened: Fold = (state, _event, { feature, time_ms }) => {
  if (feature === null || !isClosed(feature.status) || time_ms < feature.status_at) return;
  open(state, feature, feature.started_at === null ? "requested" : "in_progress", time_ms);
};

/** `caused_by` names the feature, or a task of it; else it is what the report itself is about. */
export const foldBug: Fold = (state, event, { feature: about, time_ms }) => {
  const caused_by = idIn(event, "caused_by");
  const feature = caused_by === null ? about : featureOf(state, caused_by);
  if (feature?.status !== "merged" || time_ms < feature.status_at) return;
  if (feature.bug_at === null || feature.bug_at < feature.status_at) feature.bug_at = time_ms;
};

function featureOf(state: ProjectState, id: string): Feature | null {
  const found = findFeature(state, id);
  if (found !== undefined) return found;
  const feature_id = findTask(state, id)?.feature_id ?? null;
  return feature_id === null ? null : (findFeature(state, feature_id) ?? null);
}
