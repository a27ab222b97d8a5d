/** Looks at tasks of no feature together: single tasks of a tracker, sessions of a coding agent. */
import { eventTime, type StoredEvent } from "../../../schema/event/event.ts";
import { endsTask } from "../../../schema/event/type.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { LOOSE_TASKS } from "../../../schema/wire/learning.ts";
import { recordOfTask, type WorkRecord } from "../../insight/work/record.ts";
import { analyse } from "../analyse/analyse.ts";
import { MAX_BEFORE } from "../analyse/case.ts";
import { draftLessons, MAX_LESSONS } from "../lesson/draft.ts";
import { eventsOf, liveTasks, type ReflectedRoom } from "./look.ts";
import type { LooseReflected } from "./say.ts";
import type { ReflectionParams } from "./start.ts";

/** Tasks of one look: the newest. An import ends thousands at once, and a feature has some two hundred. */
const MAX_LOOSE = 500;
/** Lessons of one look: of a history that is imported, what a person reads at once. */
const MOST_LESSONS = 12;

/** What led to an ending is read from so many events before the last look on: a task may be as old as the log is long. */
const BEFORE_EVENTS = 10_000;

/** Where none of them is known any more it says that, so that nobody looks again. */
export async function lookAtLoose(
  room: ReflectedRoom,
  { seq, since = 0 }: Pick<ReflectionParams, "seq" | "since">,
): Promise<LooseReflected> {
  const all = await liveTasks(room);
  const touched = all
    .filter(
      ({ feature_id, closed_at, last_seq }) => feature_id === null && closed_at !== null && last_seq > since,
    )
    .sort((a, b) => (a.closed_at ?? 0) - (b.closed_at ?? 0) || a.first_seq - b.first_seq)
    .slice(-MAX_LOOSE);
  const read = await eventsOf(room, "", touched, { back_to: since - BEFORE_EVENTS });
  // What came after `seq` is for the next look, which begins there.
  const seen = read.events.filter((event) => event.seq <= seq);
  const tasks = closedBy(seen, since, touched);
  if (tasks.length === 0)
    return { since, seq, at: new Date().toISOString(), patterns: [], cycles: 0, lessons: [] };
  const own = new Set(tasks.map(({ id }) => id));
  const events = seen.filter(({ task_id }) => task_id !== undefined && own.has(task_id));
  const files = [...new Set(tasks.flatMap((task) => task.files))];
  const feature = together(tasks, files);
  const before = all
    .filter(
      ({ id, closed_at }) => closed_at !== null && !own.has(id) && closed_at <= (feature.closed_at ?? 0),
    )
    .sort((a, b) => (a.closed_at ?? 0) - (b.closed_at ?? 0))
    .slice(-MAX_BEFORE)
    .map((task) => recordOfTask(task));
  const records = tasks.map((task) => recordOfTask(task));
  const patterns = analyse({ feature, tasks: records, events, is_cut: read.is_cut, before });
  return {
    since,
    seq,
    at: new Date(feature.closed_at ?? 0).toISOString(),
    patterns: [...new Set(patterns.map(({ kind }) => kind))],
    cycles: tasks.reduce((sum, { review_cycles }) => sum + review_cycles, 0),
    // What they took together says nothing about one of them, so nothing is a large share of it.
    lessons: draftLessons(
      patterns,
      { title: "", files, work_ms: null },
      Math.min(MOST_LESSONS, MAX_LESSONS * Math.ceil(tasks.length / LOOSE_TASKS)),
    ),
  };
}

/** Those that were closed since then: what was only called done again, or told of again, was looked back on before. */
function closedBy(events: readonly StoredEvent[], since: number, tasks: readonly Task[]): Task[] {
  /** When it was first told. */
  const ends = new Map<string, number>();
  for (const event of events) {
    if (!endsTask(event.event_type) || event.task_id === undefined) continue;
    const end = `${String(eventTime(event))} ${event.task_id}`;
    if (!ends.has(end)) ends.set(end, event.seq);
  }
  return tasks.filter(({ id, closed_at }) => (ends.get(`${String(closed_at)} ${id}`) ?? 0) > since);
}

/** They were nobody's feature: only when they began and ended is known of them all. */
function together(tasks: readonly Task[], files: readonly string[]): WorkRecord {
  const times = (of: (task: Task) => number | null): number[] =>
    tasks.map(of).filter((time) => time !== null);
  const least = (values: number[]): number | null =>
    values.reduce<number | null>((low, one) => Math.min(low ?? one, one), null);
  return {
    ...{ id: "", is: "feature", title: "", kind: null, complexity: null, agent_id: null },
    ...{ parent_id: null, feature_id: null, dependencies: [], files, cycles: 0, outcome: "finished" },
    ...{ tokens: null, cost_usd: null },
    created_at: least(times(({ created_at }) => created_at)),
    started_at: least(times((task) => recordOfTask(task).started_at)),
    closed_at: times(({ closed_at }) => closed_at).reduce((high, one) => Math.max(high, one), 0),
  };
}
