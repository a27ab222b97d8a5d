/** The server of the benchmarks of wake-up and audit: fills a room without HTTP in the way, and asks it. */
import { packEvents, type PreparedEvent } from "../../schema/event/batch.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";

export { ProjectRoom } from "../../worker/room/room.ts";

/** A project with 4 events a task and 40 a feature: work is created, claimed, paid for and merged. */
function event(n: number): PreparedEvent {
  const id = `e${n}`;
  const json = JSON.stringify({
    id,
    timestamp: new Date(1_700_000_000_000 + n * 1_000).toISOString(),
    event_type: ["task_created", "task_claimed", "tokens_used", "task_merged"][n % 4],
    agent_id: `coder-${n % 12}`,
    task_id: `TASK-${Math.floor(n / 4)}`,
    feature_id: `feature-${Math.floor(n / 40)}`,
    metadata:
      n % 4 === 0 ? { title: `Task number ${n}`, dependencies: [`TASK-${Math.floor(n / 4) - 1}`] } : {},
    ...(n % 4 === 2 ? { metrics: { input_tokens: 1200, output_tokens: 480, cost_usd: 0.011 } } : {}),
    source: "api",
    key_id: "bench",
    v: 1,
  });
  return { id, body_hash: "00".repeat(32), json };
}

export default {
  async fetch(request: Request, env: { ROOM: DurableObjectNamespace<ProjectRoom> }): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const room = env.ROOM.get(env.ROOM.idFromName(pathname === "/warm" ? "warm" : "full"));
    if (pathname === "/verify") return Response.json(await room.verify());
    if (pathname !== "/fill") {
      const page = await room.readLog({ kind: "clusterfork" }, { since: 1e12, limit: 1 });
      return new Response(page.ok ? String(page.head.seq) : page.reason, { status: page.ok ? 200 : 500 });
    }
    const from = Number(searchParams.get("from"));
    const events = Array.from({ length: Number(searchParams.get("count")) }, (_, i) => event(from + i));
    const reply = await room.append({ kind: "clusterfork" }, packEvents(events));
    return Response.json(reply, { status: reply.ok ? 200 : 500 });
  },
};
