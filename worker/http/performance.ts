/** `GET …/agents/performance`: how each agent, or each role, works, judged by a documented rule (schema/metric/verdict.ts). */
import { AGENT_METRICS } from "../../schema/metric/definition.ts";
import { performanceOf } from "../../schema/metric/performance.ts";
import { WINDOWS } from "../../schema/metric/window.ts";
import type { PerformanceResponse } from "../../schema/wire/performance.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { oneOfParameter, parseQuery, textParameter } from "./query.ts";
import { readWireState } from "./state.ts";

const PARAMETERS = {
  window: oneOfParameter(WINDOWS).optional(),
  by: oneOfParameter(["agent", "role"]).optional(),
  role: textParameter.optional(),
};

export async function getPerformance(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, PARAMETERS);
  if (!query.ok) return query.failure;
  const { window = "24h", by = "agent", role } = query.value;
  const measures = await access.room.readMetrics(access.principal, {
    now_ms: Date.now(),
    window,
    by,
    metrics: AGENT_METRICS,
    filter: role === undefined ? {} : { role },
    did: true,
  });
  if (!measures.ok) return refusalFailure(measures);
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const { open_tasks, closed_tasks, agents } = read.state;
  const tasks = [...open_tasks, ...closed_tasks];
  return Response.json({
    seq: measures.seq,
    by,
    window: measures.window,
    performances: performanceOf({ by, measures, tasks, agents }),
    omitted_groups: measures.omitted_groups,
  } satisfies PerformanceResponse);
}
