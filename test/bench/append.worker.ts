/**
 * The server of the append benchmark: the real room beside bare Durable
 * Objects that take the same requests and do less.
 */
import { DurableObject } from "cloudflare:workers";
import { packEvents } from "../../schema/event/batch.ts";
import type { Env } from "../../worker/env.ts";
import { readBody } from "../../worker/intake/body.ts";
import { pseudonymWith, createSha256Hex } from "../../worker/intake/hash.ts";
import { prepare } from "../../worker/intake/native.ts";
import { createPrice } from "../../worker/intake/price.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";
import { PRINCIPAL_HEADER } from "../../worker/room/stream.ts";

export { ProjectRoom } from "../../worker/room/room.ts";

/** Inserts a row per event, one transaction per request. */
export class BareRows extends DurableObject<Env> {
  #seq: number;
  #taken = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    this.#seq = ctx.storage.sql.exec<{ n: number }>("SELECT coalesce(max(seq), 0) AS n FROM event").one().n;
  }

  insert(texts: string[]): number {
    this.ctx.storage.transactionSync(() => {
      for (const text of texts) {
        this.#seq += 1;
        this.ctx.storage.sql.exec("INSERT INTO event (seq, text) VALUES (?, ?)", this.#seq, text);
      }
    });
    return texts.length;
  }

  /** Takes the same call and writes nothing. */
  nothing(texts: string[]): number {
    this.#taken += texts.length;
    return texts.length;
  }

  async head(): Promise<number> {
    return this.#seq;
  }

  /** What `nothing` took since it was last asked: it is only in memory, which an idle object loses. */
  async taken(): Promise<number> {
    const taken = this.#taken;
    this.#taken = 0;
    return taken;
  }
}

interface BenchEnv {
  ROOM: DurableObjectNamespace<ProjectRoom>;
  BARE: DurableObjectNamespace<BareRows>;
}

const price = createPrice();
const sha256 = createSha256Hex();
const pseudonym = pseudonymWith("key-secret-of-the-benchmark-0123456789");

/**
 * POST /<room | bare | nothing>/<name> with a JSON array of events; only the room gets them validated.
 * GET /head/<kind>/<name>: how many events it holds, or has taken since the last time where it keeps none.
 */
async function head(env: BenchEnv, kind: string, name: string): Promise<number> {
  if (kind === "room") {
    const room = env.ROOM.get(env.ROOM.idFromName(name));
    const page = await room.readLog({ kind: "clusterfork" }, { since: 1e12, limit: 1 });
    if (!page.ok) throw new Error(page.reason);
    return page.head.seq;
  }
  const object = env.BARE.get(env.BARE.idFromName(name));
  return kind === "bare" ? object.head() : object.taken();
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const [, kind, name = "", of = ""] = new URL(request.url).pathname.split("/");
    if (kind === "head") return new Response(String(await head(env, name, of)));
    const room = env.ROOM.get(env.ROOM.idFromName(name));
    if (kind === "stream") {
      const headers = { upgrade: "websocket", [PRINCIPAL_HEADER]: JSON.stringify({ kind: "clusterfork" }) };
      return room.fetch(new Request(request.url, { headers }));
    }
    if (kind === "room") {
      const body = await readBody(request);
      if (!body.ok) return Response.json(body.failure, { status: 400 });
      const options = {
        source: "api",
        key_id: "bench",
        now_ms: Date.now(),
        sha256,
        pseudonym,
        price,
      };
      const { prepared } = prepare(body.events, options);
      const reply = await room.append({ kind: "clusterfork" }, packEvents(prepared));
      return Response.json(reply, { status: reply.ok && reply.accepted === body.events.length ? 200 : 500 });
    }
    const texts = (await request.json<object[]>()).map((event) => JSON.stringify(event));
    const bare = env.BARE.get(env.BARE.idFromName(name));
    return Response.json(kind === "bare" ? await bare.insert(texts) : await bare.nothing(texts));
  },
};
