/** The server of the benchmark of looks at the past: a room filled as for waking up, asked as worker/http asks. */
import { foldPast } from "../../worker/http/past.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";
import fill from "./fill.worker.ts";

export { ProjectRoom } from "../../worker/room/room.ts";

/** As worker/http tells seqs from times. */
const MIN_TIME_MS = 100_000_000_000;
const principal = { kind: "clusterfork" } as const;

export default {
  async fetch(request: Request, env: { ROOM: DurableObjectNamespace<ProjectRoom> }): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const room = env.ROOM.get(env.ROOM.idFromName("full"));
    if (pathname === "/timeline") {
      return Response.json(await room.readTimeline(principal, Number(searchParams.get("buckets"))));
    }
    if (pathname !== "/state") return fill.fetch(request, env);
    const at = Number(searchParams.get("at"));
    const past = await room.readPast(principal, at < MIN_TIME_MS ? { seq: at } : { time: at });
    if (!past.ok) return new Response(past.reason, { status: 500 });
    const found = past.present ?? (await foldPast({ project_id: "full", principal, room }, past));
    return found.ok ? new Response(found.state) : new Response(found.reason, { status: 500 });
  },
};
