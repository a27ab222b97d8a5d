/** Reads what one reflection needs, and looks at it. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { Ask, Row } from "../../../schema/metric/measure.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import type { WireState } from "../../../schema/state/state.ts";
import { recordOfFeature, recordOfTask, type WorkRecord } from "../../insight/work/record.ts";
import { analyse } from "../analyse/analyse.ts";
import { MAX_BEFORE, MAX_CASE_EVENTS, type FeatureCase } from "../analyse/case.ts";
import { draftLessons } from "../lesson/draft.ts";
import { QUALITY_METRICS } from "../report/quality.ts";
import { reportOf } from "../report/report.ts";
import { RESTED, type Reflected } from "./say.ts";
import type { ReflectionParams } from "./start.ts";

type Answer<T> = (T & { ok: true }) | { ok: false; reason: string };
const OWN = { kind: "clusterfork" } as const;

/** What a reflection needs of the room. */
export interface ReflectedRoom {
  readState(principal: typeof OWN): Promise<Answer<{ state: string }>>;
  readMetrics(principal: typeof OWN, ask: Ask): Promise<Answer<{ rows: Row[] }>>;
  readFeatureLog(ask: {
    feature_id: string;
    tasks: readonly string[];
    after: number;
  }): Promise<{ events: string[]; next: number | null }>;
}

/** Null where the live state knows the feature no more, or it goes on and does not rest: there is nothing to say yet. */
export async function look(
  room: ReflectedRoom,
  { feature_id, seq, rests }: Pick<ReflectionParams, "feature_id" | "seq" | "rests">,
  now_ms: number,
): Promise<Reflected | null> {
  const state = JSON.parse(taken(await room.readState(OWN)).state) as WireState;
  const features = [...state.open_features, ...state.closed_features];
  const feature = features.find(({ id }) => id === feature_id);
  // What rested and has ended since is looked back on by its ending.
  if (feature === undefined || (feature.closed_at === null) !== (rests === true)) return null;
  const all = [...state.open_tasks, ...state.closed_tasks];
  const tasks = all.filter((task) => task.feature_id === feature_id);
  const { events, is_cut } = await eventsOf(room, feature.id, tasks, { first_seq: feature.first_seq });
  const { rows } = taken(
    await room.readMetrics(OWN, {
      ...{ now_ms, window: "all", filter: { feature: feature_id }, metrics: QUALITY_METRICS },
    }),
  );
  const report = reportOf({
    ...{ seq: state.seq, now_ms, feature, tasks, features, rows },
    other_tasks: all.filter((task) => task.feature_id !== feature_id),
    forecasts: [...state.open_forecasts, ...state.scored_forecasts],
    counts: new Map(state.counters.by_type),
    ...{ hides_cost: false, lessons: [], lessons_why: null },
  });
  const one = caseOf(feature, tasks, events, is_cut, all, features);
  const patterns = analyse(one);
  return {
    feature_id,
    seq,
    at: events.findLast((event) => event.seq <= seq)?.timestamp ?? new Date(feature.updated_at).toISOString(),
    outcome: rests === true ? RESTED : feature.status,
    report,
    patterns: [...new Set(patterns.map(({ kind }) => kind))],
    decisions: events
      .filter(({ event_type }) => event_type === "decision_recorded")
      .map((event) => event.seq),
    lessons: draftLessons(patterns, {
      title: feature.title ?? feature.id,
      files: one.feature.files,
      work_ms: report.totals.working_ms,
    }),
  };
}

export async function liveTasks(room: ReflectedRoom): Promise<Task[]> {
  const state = JSON.parse(taken(await room.readState(OWN)).state) as WireState;
  return [...state.open_tasks, ...state.closed_tasks];
}

export async function eventsOf(
  room: ReflectedRoom,
  feature_id: string,
  tasks: readonly Task[],
  { first_seq = Infinity, back_to = 0 }: { first_seq?: number; back_to?: number } = {},
): Promise<{ events: StoredEvent[]; is_cut: boolean }> {
  const ask = { feature_id, tasks: tasks.map(({ id }) => id) };
  const events: StoredEvent[] = [];
  if (tasks.length === 0 && first_seq === Infinity) return { events, is_cut: false };
  const first = Math.min(first_seq, ...tasks.map((task) => task.first_seq)) - 1;
  let is_cut = first < back_to;
  let after: number | null = Math.max(first, back_to);
  while (after !== null) {
    const page: Awaited<ReturnType<ReflectedRoom["readFeatureLog"]>> = await room.readFeatureLog({
      ...ask,
      after,
    });
    for (const text of page.events) events.push(JSON.parse(text) as StoredEvent);
    if (events.length > MAX_CASE_EVENTS) {
      events.splice(0, events.length - MAX_CASE_EVENTS);
      is_cut = true;
    }
    after = page.next;
  }
  return { events, is_cut };
}

function caseOf(
  feature: Feature,
  tasks: readonly Task[],
  events: readonly StoredEvent[],
  is_cut: boolean,
  all: readonly Task[],
  features: readonly Feature[],
): FeatureCase {
  const ended = ({ closed_at }: WorkRecord): boolean =>
    closed_at !== null && closed_at <= (feature.closed_at ?? Infinity);
  const before = [
    ...all.filter((task) => task.feature_id !== feature.id).map((task) => recordOfTask(task)),
    ...features.filter(({ id }) => id !== feature.id).map((other) => recordOfFeature(other, [])),
  ]
    .filter(ended)
    .sort((a, b) => (a.closed_at ?? 0) - (b.closed_at ?? 0))
    .slice(-MAX_BEFORE);
  const files = [...new Set(tasks.flatMap((task) => task.files))];
  return {
    feature: recordOfFeature(feature, files),
    tasks: tasks.map((task) => recordOfTask(task)),
    ...{ events, is_cut, before },
  };
}

function taken<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`the room did not answer: ${answer.reason}`);
  return answer;
}
