/**
 * `npm run bench:audit`: how long the walk over a long chain takes, and what it
 * costs those who append meanwhile: the latency of appends of one event, 20 in
 * a second, with the room idle and while it walks. Reported together, because
 * only their difference is the walk's.
 *
 *   --events N (default 1000000), --batch N events of each commit (default 100)
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { load, quantile } from "./machine.ts";
import { startServer } from "./server.ts";

const { values } = parseArgs({
  options: { events: { type: "string", default: "1000000" }, batch: { type: "string", default: "100" } },
});
const total = Number(values.events);
const batch = Number(values.batch);
const PACE_MS = 50;
const IDLE_MS = 10_000;

const data = await mkdtemp(join(tmpdir(), "clusterfork-bench-"));
try {
  const server = await startServer("fill.worker.ts", data);
  const ask = async (path: string): Promise<string> => {
    const reply = await fetch(`http://127.0.0.1:${server.port}${path}`);
    const text = await reply.text();
    if (!reply.ok) throw new Error(text);
    return text;
  };
  for (let from = 1; from <= total; from += batch) await ask(`/fill?from=${from}&count=${batch}`);
  let next = total + 1;
  /** Latencies of appends, ms, until `until` says so. */
  const appends = async (until: () => boolean): Promise<number[]> => {
    const latencies: number[] = [];
    while (!until()) {
      const at = performance.now();
      await ask(`/fill?from=${next++}&count=1`);
      latencies.push(performance.now() - at);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, PACE_MS - (performance.now() - at))));
    }
    return latencies;
  };
  const line = (name: string, latencies: number[]) => {
    const at = (part: number) => quantile(latencies, part).toFixed(1);
    console.log(
      `${name}: ${latencies.length} appends, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`,
    );
  };
  const idle_until = performance.now() + IDLE_MS;
  const idle = await appends(() => performance.now() >= idle_until);
  let done = false;
  const started = performance.now();
  const walk = ask("/verify").finally(() => {
    done = true;
  });
  const busy = await appends(() => done);
  console.log(
    `load ${load()}\n${await walk}\nwalked in ${((performance.now() - started) / 1_000).toFixed(1)} s`,
  );
  line("idle", idle);
  line("walking", busy);
  await server.stop();
} finally {
  await rm(data, { recursive: true, force: true });
}
