/**
 * A log as a forecaster lives through it: folded event by event by the product's own reducer, and told of each task
 * and feature when its work begins and when it ends, never before. Nothing that happens later can be seen from here.
 */
import { eventTime, type StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { findFeature, findTask } from "../../schema/state/select.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { recordOfFeature, recordOfTask, type WorkRecord } from "../../worker/insight/work/record.ts";

export interface Moment {
  what: "created" | "started" | "closed" | "reopened";
  record: WorkRecord;
  time_ms: number;
  seq: number;
}

export interface Listener {
  /** After the event was folded. */
  event?(event: StoredEvent, state: ProjectState, time_ms: number): void;
  moment?(moment: Moment, state: ProjectState): void;
}

/** What was known of it before an event. */
interface Known {
  created: boolean;
  started: boolean;
  closed_at: number | null;
}

export function live(events: Iterable<StoredEvent>, listener: Listener): ProjectState {
  const state = createState();
  const known = new Map<string, Known>();
  const tell = (record: WorkRecord, time_ms: number, seq: number): void => {
    const key = `${record.is} ${record.id}`;
    const before = known.get(key) ?? { created: false, started: false, closed_at: null };
    const now: Known = {
      created: before.created || record.created_at !== null,
      started: before.started || record.started_at !== null,
      closed_at: record.closed_at,
    };
    known.set(key, now);
    const say = (what: Moment["what"]) => listener.moment?.({ what, record, time_ms, seq }, state);
    if (now.created && !before.created && record.outcome === "open") say("created");
    if (now.started && !before.started && record.outcome === "open") say("started");
    if (now.closed_at === null && before.closed_at !== null) say("reopened");
    if (now.closed_at !== null && before.closed_at === null) say("closed");
  };
  for (const event of events) {
    apply(state, event);
    const time_ms = eventTime(event);
    const task = event.task_id === undefined ? undefined : findTask(state, event.task_id);
    if (task !== undefined) tell(recordOfTask(task), time_ms, event.seq);
    const feature_id = event.feature_id ?? task?.feature_id ?? null;
    const feature = feature_id === null ? undefined : findFeature(state, feature_id);
    if (feature !== undefined) tell(recordOfFeature(feature, []), time_ms, event.seq);
    listener.event?.(event, state, time_ms);
  }
  return state;
}
