/** `GET …/metrics` as JSON: the metrics of a window, by group, from the room or from the archive. */
import { COMPLEXITIES } from "../../schema/metric/complexity.ts";
import { METRICS } from "../../schema/metric/definition.ts";
import { learnedOf } from "../../schema/metric/learned.ts";
import { GROUPINGS, type Ask } from "../../schema/metric/measure.ts";
import { MAX_POINTS, MIN_POINTS } from "../../schema/metric/series.ts";
import { WINDOWS } from "../../schema/metric/window.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { openDatabase } from "../account/database.ts";
import { readMeasuring } from "../account/measuring.ts";
import { measureArchived } from "../archive/query-measure.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import {
  choiceParameter,
  oneOfParameter,
  parseQuery,
  textParameter,
  timeParameter,
  wholeNumber,
} from "./query.ts";

const PARAMETERS = {
  window: oneOfParameter(WINDOWS).optional(),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
  by: oneOfParameter(GROUPINGS).optional(),
  feature: textParameter.optional(),
  role: textParameter.optional(),
  agent: textParameter.optional(),
  model: textParameter.optional(),
  kind: textParameter.optional(),
  complexity: oneOfParameter(COMPLEXITIES).optional(),
  source: oneOfParameter(["live", "history"]).optional(),
  metric: choiceParameter(METRICS.map(({ id }) => id)).optional(),
  points: wholeNumber(MIN_POINTS, MAX_POINTS).optional(),
};

const TWO_WINDOWS: Failure = {
  code: "invalid_parameter",
  message: "Give either window or from and to, not both.",
};

export async function getMeasures(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const ask = readAsk(c);
  if (!("ok" in ask)) return ask;
  if (ask.source === "history") {
    // The key's secret and scope are the room's to check, and a link may not.
    if (access.lens !== undefined) return refusalFailure({ ok: false, reason: "not_shared" });
    const { now_ms, window } = ask.value;
    const admitted = await access.room.readMetrics(access.principal, { now_ms, window, only_learned: true });
    if (!admitted.ok) return refusalFailure(admitted);
    const held = await readMeasuring(openDatabase(c.env.DB), access.project_id);
    const learned = learnedOf(admitted.learned ?? []);
    const measures = await measureArchived(c.env.DB, access.project_id, { ...ask.value, ...held }, learned);
    return Response.json({ ...measures, source: "history" } satisfies MetricsResponse);
  }
  const reply = await access.room.readMetrics(access.principal, {
    ...ask.value,
    ...(await readMeasuring(openDatabase(c.env.DB), access.project_id)),
  });
  if (!reply.ok) return refusalFailure(reply);
  const { ok: _ok, ...measures } = reply;
  return Response.json({ ...measures, source: "live" } satisfies MetricsResponse);
}

function readAsk(c: HttpContext): { ok: true; value: Ask; source: "live" | "history" } | Failure {
  const query = parseQuery(c, PARAMETERS);
  if (!query.ok) return query.failure;
  const { window, from, to, by, metric, points, source = "live", ...filter } = query.value;
  const has_range = from !== undefined || to !== undefined;
  if (window !== undefined && has_range) return TWO_WINDOWS;
  if (from !== undefined && to !== undefined && to <= from)
    return { code: "invalid_parameter", message: "`to` must be later than `from`." };
  return {
    ok: true,
    source,
    value: {
      now_ms: Date.now(),
      window: has_range ? { from, to } : (window ?? "24h"),
      by,
      filter: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
      metrics: metric,
      attribute: metric?.includes("cost"),
      points,
    },
  };
}
