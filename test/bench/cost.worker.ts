/**
 * The server of the benchmark of cost: the real intake, room and archive in a time of their own, with everything
 * that is billed counted. Time stands where the last request put it, so that a day of a project takes a minute.
 */
import { packEvents } from "../../schema/event/batch.ts";
import { Archive } from "../../worker/archive/archive.ts";
import type { Env } from "../../worker/env.ts";
import { readBody } from "../../worker/intake/body.ts";
import { createSha256Hex, pseudonymWith } from "../../worker/intake/hash.ts";
import { prepare } from "../../worker/intake/native.ts";
import { createPrice } from "../../worker/intake/price.ts";
import { ProjectRoom as Room } from "../../worker/room/room.ts";
import { meterD1, meterRoom, nothingCounted, type Alarm, type Counted } from "./meter.ts";

/** Timers of at least this long guard against what hangs, and stay real; shorter ones gather and coalesce. */
const GUARD_MS = 1_000;

const clock = { now_ms: 0 };
Date.now = () => clock.now_ms;
const later = globalThis.setTimeout;
globalThis.setTimeout = ((work: () => void, ms = 0) =>
  later(work, ms >= GUARD_MS ? ms : 0)) as typeof globalThis.setTimeout;

export class ProjectRoom extends Room {
  readonly #counted: Counted;
  readonly #alarm: Alarm;

  constructor(ctx: DurableObjectState, env: Env) {
    const counted = nothingCounted();
    const alarm = meterRoom(ctx, counted);
    super(ctx, env, { openArchive: (project_id) => new Archive(meterD1(env.DB, counted), project_id) });
    this.#counted = counted;
    this.#alarm = alarm;
  }

  /** Lets the time pass until `at_ms`, with the alarms that are due on the way. */
  async pass(at_ms: number): Promise<void> {
    while (this.#alarm.at_ms !== null && this.#alarm.at_ms <= at_ms) {
      clock.now_ms = Math.max(clock.now_ms, this.#alarm.at_ms);
      this.#alarm.at_ms = null;
      this.#counted.alarms_run += 1;
      await this.alarm();
    }
    clock.now_ms = Math.max(clock.now_ms, at_ms);
  }

  async used(): Promise<Counted & { room_bytes: number }> {
    return { ...this.#counted, room_bytes: this.ctx.storage.sql.databaseSize };
  }
}

interface BenchEnv {
  DB: D1Database;
  ROOM: DurableObjectNamespace<ProjectRoom>;
}

const price = createPrice();
const sha256 = createSha256Hex();
const pseudonym = pseudonymWith("key-secret-of-the-benchmark-0123456789");
const principal = { kind: "clusterfork" } as const;

/** POST /<project>?at=<ms> with a JSON array of events; GET /<project>?at=<ms>: what was used until then. */
export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const project_id = pathname.slice(1);
    const room = env.ROOM.get(env.ROOM.idFromName(project_id));
    await room.pass(Number(searchParams.get("at")));
    if (request.method === "GET") {
      const page = await room.readLog(principal, { since: 1e12, limit: 1 });
      const cursor = await new Archive(env.DB, project_id).cursor();
      return Response.json({
        ...(await room.used()),
        head: page.ok ? page.head.seq : 0,
        archived: cursor.seq,
      });
    }
    const body = await readBody(request);
    if (!body.ok) return Response.json(body.failure, { status: 400 });
    const options = { source: "api", key_id: "bench", now_ms: Date.now(), sha256, pseudonym, price };
    const { prepared } = prepare(body.events, options);
    const reply = await room.append(principal, packEvents(prepared));
    return Response.json(reply, { status: reply.ok && reply.accepted === body.events.length ? 200 : 500 });
  },
};
