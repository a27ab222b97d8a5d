/**
 * `npm run bench:append`: the room against bare Durable Objects in the same
 * server and run (the room's requests are validated, redacted and priced, and a
 * viewer watches; the bare objects take the texts as they are), as ratios of medians of interleaved rounds (DESIGN §8).
 *
 *   --rounds N (default 5)   --seconds S per measurement (default 3)   --only batch | single
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { run, type Measured } from "./load.ts";
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

let minted = 0;
/** Some 330 bytes, like a model call of DESIGN §3. */
function event(): object {
  minted += 1;
  return {
    id: `01J-bench-${minted}`,
    timestamp: new Date().toISOString(),
    event_type: minted % 4 === 0 ? "task_progress" : "tokens_used",
    agent_id: `coder-${minted % 12}`,
    agent_role: "coder",
    task_id: `TASK-${minted % 300}`,
    feature_id: `feature-${minted % 20}`,
    session_id: "8f14e45f-ceea-467f-a8b4-3a1c1d2e4b5f",
    metadata: minted % 4 === 0 ? { progress: 0.5 } : { model: "claude-sonnet-5", provider: "anthropic" },
    metrics: {
      input_tokens: 1200,
      cache_read_tokens: 9000,
      output_tokens: 480,
      cost_usd: 0.011,
      duration_ms: 3200,
    },
  };
}
const body = (batch: number) => () => JSON.stringify(Array.from({ length: batch }, event));

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

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
    `\n${title}: batch ${batch}, ${connections} in flight, ${rounds} interleaved rounds of ${duration_ms / 1_000} s`,
  );
  const rates = new Map<string, number>();
  for (const [kind, all] of found) {
    const events_per_second = median(all.map((one) => one.requests_per_second)) * batch;
    rates.set(kind, events_per_second);
    const p50 = median(all.map((one) => one.p50_ms)).toFixed(1);
    const p99 = median(all.map((one) => one.p99_ms)).toFixed(1);
    console.log(
      `  ${kind.padEnd(8)} ${Math.round(events_per_second).toString().padStart(7)} events/s   p50 ${p50} ms   p99 ${p99} ms`,
    );
  }
  for (const kind of kinds.slice(1)) {
    console.log(`  room / ${kind} = ${((rates.get("room") ?? 0) / (rates.get(kind) ?? 1)).toFixed(2)}`);
  }
}

try {
  const load = () =>
    loadavg()
      .map((value) => value.toFixed(2))
      .join(" ");
  console.log(`load average before: ${load()}`);
  if (values.only !== "single") await compare("throughput", 100, 8, ["room", "bare"]);
  if (values.only !== "batch") await compare("single events", 1, 50, ["room", "bare", "nothing"]);
  console.log(`\nload average after: ${load()}`);
} finally {
  await server.stop();
  await rm(data, { recursive: true, force: true });
}
