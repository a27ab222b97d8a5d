/**
 * `GET …/features/:id/report`: what the room, the archive and the log know of a feature, put together (worker/learning/report).
 * A link is given what its lens shows: the room's replies have passed it, and what is read here passes it too.
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { FeatureReport } from "../../schema/wire/report.ts";
import type { Feature } from "../../schema/state/entity/feature.ts";
import type { Task } from "../../schema/state/entity/task.ts";
import type { WireState } from "../../schema/state/state.ts";
import { markdownOf, QUALITY_METRICS, reportOf } from "../learning/query/report.ts";
import { wantsMarkdown } from "./accept.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { MAX_PAGE_EVENTS, parseQuery } from "./query.ts";
import { readWireState } from "./state.ts";
import { wholeEntity, wholeTasks } from "./whole.ts";

/** Pages of the log that are looked through for lessons: each is 20,000 events, so some half a million. */
const MAX_LESSON_PAGES = 25;
const LEARNED = "lesson_learned";

const NO_FEATURE: Failure = {
  code: "not_found",
  message: "There is no such feature. GET …/features lists those of the live state, …/history/features all.",
};

export async function getReport(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, {});
  if (!query.ok) return query.failure;
  const found = await gather(c, access);
  if (!("ok" in found)) return found;
  const { report } = found;
  if (!wantsMarkdown(c.req.header("accept"))) return Response.json(report);
  return new Response(markdownOf(report), {
    headers: { "Content-Type": "text/markdown; charset=utf-8" },
  });
}

async function gather(
  c: HttpContext,
  access: ProjectAccess,
): Promise<{ ok: true; report: FeatureReport } | Failure> {
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const { state } = read;
  const id = c.req.param("id") ?? "";
  const features = [...state.open_features, ...state.closed_features];
  const hot = features.find((candidate) => candidate.id === id);
  const whole = await wholeEntity(c, access, "feature", id, hot, state.counters.forgotten_features);
  if (!("ok" in whole)) return whole;
  const feature = whole.entity;
  if (feature === null) return NO_FEATURE;
  const [tasks, metrics, lessons] = await Promise.all([
    wholeTasks(c, access, id, state),
    access.room.readMetrics(access.principal, {
      ...{ now_ms: Date.now(), window: "all", filter: { feature: id }, metrics: QUALITY_METRICS },
    }),
    readLessons(access, state, feature),
  ]);
  if (!metrics.ok) return refusalFailure(metrics);
  if (!("ok" in lessons)) return lessons;
  const other = ({ feature_id }: Task): boolean => feature_id !== id;
  const report = reportOf({
    ...{ seq: state.seq, now_ms: Date.now(), feature, tasks, features },
    other_tasks: [...state.open_tasks, ...state.closed_tasks].filter(other),
    forecasts: [...state.open_forecasts, ...state.scored_forecasts],
    rows: metrics.rows,
    counts: new Map(state.counters.by_type),
    hides_cost: access.lens?.scope.policy.cost === true,
    ...{ lessons: lessons.events, lessons_why: lessons.why },
  });
  return { ok: true, report };
}

interface Lessons {
  ok: true;
  events: StoredEvent[];
  why: string | null;
}

/** All lessons that were learned since the feature is known; which of them are its own is not this file's to say. */
async function readLessons(
  { room, principal, lens }: ProjectAccess,
  { counters }: WireState,
  { first_seq }: Feature,
): Promise<Lessons | Failure> {
  const learned = counters.by_type.find(([type]) => type === LEARNED)?.[1] ?? 0;
  if (learned === 0) return { ok: true, events: [], why: null };
  if (lens !== undefined && !lens.scope.views.includes("events"))
    return { ok: true, events: [], why: "This link does not show what was learned." };
  const reader = principal.kind === "share" ? { ...principal, through: ["events" as const] } : principal;
  const events: StoredEvent[] = [];
  let since: number | null = Math.max(0, first_seq - 1);
  for (let page = 0; since !== null && page < MAX_LESSON_PAGES && events.length < learned; page += 1) {
    const reply = await room.readLog(reader, { since, limit: MAX_PAGE_EVENTS, type: LEARNED });
    if (!reply.ok) return refusalFailure(reply);
    // The room stored these lines, or its lens wrote them.
    for (const line of reply.events) if (line !== "") events.push(JSON.parse(line) as StoredEvent);
    since = reply.next;
  }
  const why =
    since === null || events.length >= learned
      ? null
      : "The log is too long to be looked through whole: lessons that came late are not among these.";
  return { ok: true, events, why };
}
