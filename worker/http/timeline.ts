/** `GET …/timeline`: what a slider over the past shows: density, marks, and the seq at each moment. */
import type { TimelineResponse } from "../../schema/wire/http.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { bucketsParameter, parseQuery } from "./query.ts";

/** About one per four pixels of a wide slider. */
const DEFAULT_BUCKETS = 240;

export async function getTimeline(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, { buckets: bucketsParameter.optional() });
  if (!query.ok) return query.failure;
  const reply = await access.room.readTimeline(access.principal, query.value.buckets ?? DEFAULT_BUCKETS);
  if (!reply.ok) return refusalFailure(reply);
  return Response.json(reply.timeline satisfies TimelineResponse);
}
