/**
 * `npm run bench:append`: the room against bare Durable Objects in the same
 * server and run (the room's requests are validated, redacted and priced, and a
 * viewer watches; the bare objects take the texts as they are), as ratios of medians of interleaved rounds (DESIGN §8).
 *
 *   --rounds N (default 5)   --seconds S per measurement (default 3)   --only batch | single
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchEvent } from "./event.ts";
import { run, type Measured } from "./load.ts";
import { load, median } from "./machine.ts";
import { startServer } from "./server.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    only: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const duration_ms = Number(values.seconds) * 1_000;

const data = await mkdtemp(join(tmpdir(), "clusterfork-bench-"));
const server = await startServer("append.worker.ts", data, { BARE: "BareRows" });
const { port } = server;

const body = (batch: number) => () => JSON.stringify(Array.from({ length: batch }, benchEvent));

/** A viewer that acknowledges every frame, so that publishing is part of what is measured. */
function watch(path: string): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  socket.addEventListener("message", ({ data }) => {
    const to = /^\{"type":"events","from":\d+,"to":(\d+)/.exec(String(data).slice(0, 80))?.[1];
    if (to !== undefined) socket.send(`{"type":"ack","seq":${to}}`);
  });
  return socket;
}

async function compare(title: string, batch: number, connections: number, kinds: string[]): Promise<void> {
  const viewer = watch(`/stream/room-${batch}`);
  const found = new Map<string, Measured[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of kinds) {
      const path = `/${kind}/${kind}-${batch}`;
      const measured = await run({
        port,
        path,
        connections,
        duration_ms: round === 0 ? 1_000 : duration_ms,
        body: body(batch),
      });
      // The first round warms up.
      if (round > 0) found.get(kind)?.push(measured);
    }
  }
  viewer.close();
  console.log(
    `\n${title}: batch ${batch}, ${connections} in flight, ${rounds} interleaved rounds of ${duration_ms / 1_000} s, load average ${load()}`,
  );
  for (const [kind, all] of found) {
    const events_per_second = median(all.map((one) => one.requests_per_second)) * batch;
    const p50 = median(all.map((one) => one.p50_ms)).toFixed(1);
    const p99 = median(all.map((one) => one.p99_ms)).toFixed(1);
    console.log(
      `  ${kind.padEnd(8)} ${Math.round(events_per_second).toString().padStart(7)} events/s   p50 ${p50} ms   p99 ${p99} ms`,
    );
  }
  for (const kind of kinds.slice(1)) {
    // Per round, so that a neighbour's burst meets both or costs one round.
    const other = found.get(kind) ?? [];
    const ratios = (found.get("room") ?? []).map(
      (one, round) => one.requests_per_second / (other[round]?.requests_per_second ?? 1),
    );
    console.log(
      `  room / ${kind} = ${median(ratios).toFixed(2)}   (${ratios.map((ratio) => ratio.toFixed(2)).join(" ")})`,
    );
  }
}

try {
  console.log(`load average before: ${load()}`);
  if (values.only !== "single") await compare("throughput", 100, 8, ["room", "bare"]);
  if (values.only !== "batch") await compare("single events", 1, 50, ["room", "bare", "nothing"]);
  console.log(`\nload average after: ${load()}`);
} finally {
  await server.stop();
  await rm(data, { recursive: true, force: true });
}
