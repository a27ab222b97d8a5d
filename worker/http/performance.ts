/** `GET …/agents/performance`: how each agent, or each role, works, judged by a documented rule (schema/metric/verdict.ts). */
import { AGENT_METRICS } from "../../schema/metric/definition.ts";
import type { Ask } from "../../schema/metric/ask.ts";
import { performanceOf } from "../../schema/metric/performance.ts";
import { PIP_WINDOWS } from "../../schema/metric/pip.ts";
import { lengthOf, WINDOWS } from "../../schema/metric/window.ts";
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
  const now_ms = Date.now();
  const same: Omit<Ask, "window"> = {
    now_ms,
    by,
    metrics: AGENT_METRICS,
    filter: role === undefined ? {} : { role },
  };
  const newest = await access.room.readMetrics(access.principal, { ...same, window, did: true });
  if (!newest.ok) return refusalFailure(newest);
  const earlier: { from_ms: number; rows: typeof newest.rows }[] = [];
  const length_ms = lengthOf(window);
  for (let back = 1; length_ms !== null && back < PIP_WINDOWS; back += 1) {
    const [from, to] = [now_ms - (back + 1) * length_ms, now_ms - back * length_ms];
    const reply = await access.room.readMetrics(access.principal, { ...same, window: { from, to } });
    if (!reply.ok) return refusalFailure(reply);
    earlier.unshift({ from_ms: from, rows: reply.rows });
  }
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const { open_tasks, closed_tasks, agents } = read.state;
  const tasks = [...open_tasks, ...closed_tasks];
  return Response.json({
    seq: newest.seq,
    by,
    window: newest.window,
    performances: performanceOf({ by, newest, earlier, tasks, agents }),
    omitted_groups: newest.omitted_groups,
  } satisfies PerformanceResponse);
}
