/**
 * The server of the append benchmark: the real room beside bare Durable
 * Objects that take the same requests and do less.
 */
import { DurableObject } from "cloudflare:workers";
import { linesOf, packEvents, type EventBatch } from "../../schema/event/batch.ts";
import type { Env } from "../../worker/env.ts";
import { readBody } from "../../worker/intake/body.ts";
import { pseudonymWith, createSha256Hex } from "../../worker/intake/hash.ts";
import { prepare } from "../../worker/intake/native.ts";
import { createPrice } from "../../worker/intake/price.ts";
import { GENESIS, link } from "../../worker/room/chain.ts";
import { createDigests } from "../../worker/room/digest/digest.ts";
import { messagesOf } from "../../worker/room/digest/message.ts";
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

/**
 * What no log of this contract can do without: events that were checked and redacted get their places, are hashed
 * and written, a packed row and a transaction per request. The room does this too; what it costs more is its
 * ids, fold, columns, timeline, snapshots and viewers, and the parsing that they need.
 */
export class ChainedRows extends DurableObject<Env> {
  readonly #digests = createDigests();
  #seq = 0;
  #head: Uint8Array = GENESIS;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS log (first_seq INTEGER PRIMARY KEY, last_seq, head BLOB, salts BLOB, leaves BLOB, events BLOB)",
    );
    const last = ctx.storage.sql
      .exec<{ last_seq: number; head: ArrayBuffer }>(
        "SELECT last_seq, head FROM log ORDER BY first_seq DESC LIMIT 1",
      )
      .toArray()[0];
    if (last === undefined) return;
    this.#seq = last.last_seq;
    this.#head = new Uint8Array(last.head);
  }

  insert(batch: EventBatch): number {
    const received_at = new Date().toISOString();
    const texts = linesOf(batch).map(
      (text, i) => `{"seq":${this.#seq + 1 + i},"received_at":"${received_at}",${text.slice(1)}`,
    );
    this.ctx.storage.transactionSync(() => {
      const row = link(this.#digests, this.#head, this.#seq + 1, messagesOf(texts));
      this.ctx.storage.sql.exec(
        "INSERT INTO log (first_seq, last_seq, head, salts, leaves, events) VALUES (?, ?, ?, ?, ?, ?)",
        row.first_seq,
        row.last_seq,
        row.head,
        row.salts,
        row.leaves,
        row.events,
      );
      this.#head = row.head;
      this.#seq = row.last_seq;
    });
    return texts.length;
  }

  async head(): Promise<number> {
    return this.#seq;
  }
}

interface BenchEnv {
  ROOM: DurableObjectNamespace<ProjectRoom>;
  BARE: DurableObjectNamespace<BareRows>;
  CHAINED: DurableObjectNamespace<ChainedRows>;
}

const price = createPrice();
const sha256 = createSha256Hex();
const pseudonym = pseudonymWith("key-secret-of-the-benchmark-0123456789");

/**
 * POST /<room | chained | bare | nothing>/<name> with a JSON array of events; only the first two get them checked.
 * GET /head/<kind>/<name>: how many events it holds, or has taken since the last time where it keeps none.
 */
async function head(env: BenchEnv, kind: string, name: string): Promise<number> {
  if (kind === "room") {
    const room = env.ROOM.get(env.ROOM.idFromName(name));
    const page = await room.readLog({ kind: "clusterfork" }, { since: 1e12, limit: 1 });
    if (!page.ok) throw new Error(page.reason);
    return page.head.seq;
  }
  if (kind === "chained") return env.CHAINED.get(env.CHAINED.idFromName(name)).head();
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
    if (kind === "room" || kind === "chained") {
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
      if (kind === "chained") {
        const chained = env.CHAINED.get(env.CHAINED.idFromName(name));
        const count = await chained.insert(packEvents(prepared));
        return Response.json(count, { status: count === body.events.length ? 200 : 500 });
      }
      const reply = await room.append({ kind: "clusterfork" }, packEvents(prepared));
      return Response.json(reply, { status: reply.ok && reply.accepted === body.events.length ? 200 : 500 });
    }
    const texts = (await request.json<object[]>()).map((event) => JSON.stringify(event));
    const bare = env.BARE.get(env.BARE.idFromName(name));
    return Response.json(kind === "bare" ? await bare.insert(texts) : await bare.nothing(texts));
  },
};
