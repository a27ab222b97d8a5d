/**
 * The server of the append benchmark: the real room beside bare Durable
 * Objects that take the same requests and do less.
 */
import { DurableObject } from "cloudflare:workers";
import { createHash } from "node:crypto";
import type { NewEvent } from "../../schema/event/event.ts";
import type { Env } from "../../worker/env.ts";
import type { PreparedEvent } from "../../worker/room/contract.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";

export { ProjectRoom } from "../../worker/room/room.ts";

/** Inserts a row per event, one transaction per request. */
export class BareRows extends DurableObject<Env> {
  #seq: number;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    this.#seq = ctx.storage.sql.exec<{ n: number }>("SELECT coalesce(max(seq), 0) AS n FROM event").one().n;
  }

  insert(events: PreparedEvent[]): number {
    this.ctx.storage.transactionSync(() => {
      for (const { json } of events) {
        this.#seq += 1;
        this.ctx.storage.sql.exec("INSERT INTO event (seq, text) VALUES (?, ?)", this.#seq, json);
      }
    });
    return events.length;
  }

  /** Takes the same call and writes nothing. */
  nothing(events: PreparedEvent[]): number {
    return events.length;
  }
}

interface BenchEnv {
  ROOM: DurableObjectNamespace<ProjectRoom>;
  BARE: DurableObjectNamespace<BareRows>;
}

function prepare(event: NewEvent): PreparedEvent {
  const json = JSON.stringify({ ...event, source: "api", key_id: "bench", v: 1 });
  return { id: event.id, body_sha256: createHash("sha256").update(json).digest("hex"), json };
}

/** POST /<room | bare | nothing>/<name> with a JSON array of events; answers how many were accepted. */
export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const [, kind, name = ""] = new URL(request.url).pathname.split("/");
    const events = (await request.json<NewEvent[]>()).map(prepare);
    if (kind === "room") {
      const reply = await env.ROOM.get(env.ROOM.idFromName(name)).append({ kind: "clusterfork" }, events);
      return Response.json(reply, { status: reply.ok && reply.accepted === events.length ? 200 : 500 });
    }
    const bare = env.BARE.get(env.BARE.idFromName(name));
    return Response.json(kind === "bare" ? await bare.insert(events) : await bare.nothing(events));
  },
};
