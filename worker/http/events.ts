/** `GET …/events`: the log after `since`, as a page of JSON or streamed whole as NDJSON. */
import type { EventFilter, Principal } from "../room/contract.ts";
import { refusalFailure } from "./error.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import {
  DEFAULT_PAGE_EVENTS,
  limitParameter,
  MAX_PAGE_EVENTS,
  parseQuery,
  seqParameter,
  textParameter,
} from "./query.ts";

const PARAMETERS = {
  since: seqParameter.optional(),
  limit: limitParameter.optional(),
  type: textParameter.optional(),
  agent: textParameter.optional(),
  task: textParameter.optional(),
  feature: textParameter.optional(),
};

export async function getEvents(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, PARAMETERS);
  if (!query.ok) return query.failure;
  const { since = 0, limit, ...filter } = query.value;
  if (c.req.header("accept")?.includes("application/x-ndjson") === true) {
    return streamLog(c, access, filter, since, limit ?? Number.POSITIVE_INFINITY);
  }
  const page = await access.room.readLog(access.principal, {
    ...filter,
    since,
    limit: limit ?? DEFAULT_PAGE_EVENTS,
  });
  if (!page.ok) return refusalFailure(page);
  // The events are JSON texts already; parsing them here only to write them again would double the cost.
  const tail = JSON.stringify({ next: page.next, head: page.head }).slice(1);
  return jsonReply(`{"events":[${page.events.join(",")}],${tail}`);
}

/**
 * One line per event, page by page as the client reads, up to the head at the
 * time of the request: a log that grows faster than it is read still ends.
 */
async function streamLog(
  c: HttpContext,
  { room, principal }: { room: ProjectAccess["room"]; principal: Principal },
  filter: EventFilter,
  since: number,
  max_events: number,
): Promise<Reply> {
  const readPage = (after: number, left: number) =>
    room.readLog(principal, { ...filter, since: after, limit: Math.min(left, MAX_PAGE_EVENTS) });

  const first = await readPage(since, max_events);
  if (!first.ok) return refusalFailure(first);
  const end_seq = first.head.seq;
  let page = first;
  let left = max_events;
  const encoder = new TextEncoder();
  const lines = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { events, next } = page;
      left -= events.length;
      if (events.length > 0) controller.enqueue(encoder.encode(`${events.join("\n")}\n`));
      if (next === null || next >= end_seq || left <= 0) {
        controller.close();
        return;
      }
      const following = await readPage(next, left);
      // The status is long sent: breaking off is the only way to say that lines are missing.
      if (!following.ok) {
        controller.error(new Error(refusalFailure(following).message));
        return;
      }
      page = following;
    },
  });
  return new Response(lines, { headers: { "Content-Type": "application/x-ndjson; charset=utf-8" } });
}

export function jsonReply(text: string): Response {
  return new Response(text, { headers: { "Content-Type": "application/json; charset=utf-8" } });
}
