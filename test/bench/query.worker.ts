/** The server of the benchmark of questions: a room filled as for waking up, asked as worker/http asks. */
import { readQuery, readComparison } from "../../schema/wire/query-text.ts";
import { compare } from "../../worker/insight/query/compare.ts";
import { answer } from "../../worker/insight/query/query.ts";
import type { LogSource } from "../../worker/insight/query/source.ts";
import type { Refusal } from "../../worker/room/contract.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";
import { packEvents } from "../../schema/event/batch.ts";
import { event } from "./query-event.ts";

export { ProjectRoom } from "../../worker/room/room.ts";

const principal = { kind: "clusterfork" } as const;

export default {
  async fetch(request: Request, env: { ROOM: DurableObjectNamespace<ProjectRoom> }): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const room = env.ROOM.get(env.ROOM.idFromName("full"));
    if (pathname === "/append") {
      // One event of its own, whatever the body: what is measured is how long it waits.
      const n = Number(await request.text());
      const reply = await room.append(principal, packEvents([event(n)]));
      return Response.json(reply, { status: reply.ok ? 200 : 500 });
    }
    if (pathname === "/fill") {
      const from = Number(searchParams.get("from"));
      const events = Array.from({ length: Number(searchParams.get("count")) }, (_, i) => event(from + i));
      const reply = await room.append(principal, packEvents(events));
      return Response.json(reply, { status: reply.ok ? 200 : 500 });
    }
    const source: LogSource<Refusal> = {
      columns: (ask) => room.readColumns(principal, ask),
      fields: () => room.readFields(principal),
      lines: (since, limit) => room.readLog(principal, { since, limit }),
      pause: () => scheduler.wait(0),
      changed: () => ({ ok: false, reason: "unavailable", retry_after_s: 1 }),
    };
    if (pathname === "/compare") {
      const read = readComparison(searchParams, Date.now());
      if (!read.ok) return new Response(read.message, { status: 400 });
      const known = await source.fields();
      if (!known.ok) return new Response(known.reason, { status: 500 });
      const found = await compare(source, read.value, known.fields);
      return found.ok ? Response.json(found.answer) : new Response(found.reason, { status: 500 });
    }
    const read = readQuery(searchParams, Date.now());
    if (!read.ok) return new Response(read.message, { status: 400 });
    const found = await answer(source, read.value);
    return found.ok ? Response.json(found.answer) : new Response(found.reason, { status: 500 });
  },
};
