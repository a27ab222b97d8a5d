/**
 * `npm run bench:query`: questions on a long log, and what appends feel of them (DESIGN §8: a one-key grouping over
 * 1 M events p95 ≤ 1 s, appends at most twice their idle p99 meanwhile).
 *
 *   --events N (default 1000000)   --asks N per question (default 20)   --seconds S of appends (default 10)
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { run } from "./load.ts";
import { load, median, quantile } from "./machine.ts";
import { startServer } from "./server.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    asks: { type: "string", default: "20" },
    seconds: { type: "string", default: "10" },
    rounds: { type: "string", default: "5" },
  },
});
const total = Number(values.events);
const BATCH = 1_000;
const ONE_KEY = "/query?group_by=metadata.model";
const QUESTIONS = {
  "one key, 5 groups": ONE_KEY,
  "one key, 25,000 groups": "/query?group_by=task_id",
  "one key, a third of the time": `/query?group_by=agent_id&from=${1_700_000_000_000 + total * 600}`,
  "two keys, filter, sum and p95":
    "/query?group_by=metadata.model&group_by=agent_id&where=event_type=tokens_used&calc=sum:metrics.cost_usd&calc=p95:metrics.duration_ms",
  "series by the hour": "/query?group_by=event_type&step=1h",
  heatmap: "/query?heatmap=metrics.duration_ms",
  compare: "/compare?where=event_type=tokens_used&select=metrics.duration_ms>50000",
};

const data = await mkdtemp(join(tmpdir(), "clusterfork-bench-"));
const server = await startServer("query.worker.ts", data);
const get = async (path: string) => {
  const at = performance.now();
  const reply = await fetch(`http://127.0.0.1:${server.port}${path}`);
  const text = await reply.text();
  if (!reply.ok) throw new Error(text);
  return { ms: performance.now() - at, text };
};
const line = (what: string, latencies: readonly number[]) =>
  `  ${what.padEnd(32)} p50 ${median(latencies).toFixed(1)} ms   p95 ${quantile(latencies, 0.95).toFixed(1)} ms`;

try {
  const started = performance.now();
  for (let from = 1; from <= total; from += BATCH) await get(`/fill?from=${from}&count=${BATCH}`);
  console.log(
    `filled ${total} events in ${((performance.now() - started) / 1_000).toFixed(1)} s, load ${load()}`,
  );
  for (const [what, path] of Object.entries(QUESTIONS)) {
    const first = JSON.parse((await get(path)).text) as { scanned: number; truncated: boolean };
    const latencies: number[] = [];
    for (let ask = 0; ask < Number(values.asks); ask += 1) latencies.push((await get(path)).ms);
    console.log(`${line(what, latencies)}   scanned ${first.scanned}${first.truncated ? ", truncated" : ""}`);
  }

  let next = total;
  const appends = (seconds: number) =>
    run({
      port: server.port,
      path: "/append",
      connections: 1,
      duration_ms: seconds * 1_000,
      body: () => String((next += 1)),
    });
  await appends(2);
  const ratios: number[] = [];
  const slices = Number(values.seconds);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const idle = await appends(slices);
    let asking = true;
    let asked = 0;
    const loop = (async () => {
      while (asking) {
        await get(ONE_KEY);
        asked += 1;
      }
    })();
    const busy = await appends(slices);
    asking = false;
    await loop;
    ratios.push(busy.p99_ms / idle.p99_ms);
    console.log(
      `  appends, one in flight: idle p50 ${idle.p50_ms.toFixed(1)} p99 ${idle.p99_ms.toFixed(1)} ms; ` +
        `with ${(asked / slices).toFixed(1)} questions/s p50 ${busy.p50_ms.toFixed(1)} p99 ${busy.p99_ms.toFixed(1)} ms`,
    );
  }
  console.log(`  p99 ratio, median of ${ratios.length}: ${median(ratios).toFixed(2)}, load ${load()}`);
} finally {
  await server.stop();
  await rm(data, { recursive: true, force: true });
}
