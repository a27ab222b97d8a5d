/**
 * `npm run bench:past`: looks at the past of a long log, as HTTP clients see
 * them: `state?at=` by seq and by time at random moments, and the timeline.
 *
 *   --events N (default 1000000)
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startServer } from "./server.ts";

const { values } = parseArgs({ options: { events: { type: "string", default: "1000000" } } });
const total = Number(values.events);
const BATCH = 1_000;
const LOOKS = 30;

const data = await mkdtemp(join(tmpdir(), "clusterfork-bench-"));
const server = await startServer("past.worker.ts", data);
const get = async (path: string) => {
  const at = performance.now();
  const reply = await fetch(`http://127.0.0.1:${server.port}${path}`);
  const text = await reply.text();
  if (!reply.ok) throw new Error(text);
  return { ms: performance.now() - at, length: text.length };
};
const report = (what: string, looks: { ms: number; length: number }[]) => {
  const sorted = looks.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
  const length = Math.max(...looks.map((look) => look.length));
  console.log(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, at most ${(length / 1e6).toFixed(2)} MB`);
};
try {
  const started = performance.now();
  for (let from = 1; from <= total; from += BATCH) await get(`/fill?from=${from}&count=${BATCH}`);
  console.log(`filled ${total} events in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  const seqs: { ms: number; length: number }[] = [];
  const times: { ms: number; length: number }[] = [];
  const lines: { ms: number; length: number }[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    const seq = Math.floor(Math.random() * total);
    seqs.push(await get(`/state?at=${seq}`));
    times.push(await get(`/state?at=${1_700_000_000_000 + seq * 1_000}`));
    lines.push(await get("/timeline?buckets=240"));
  }
  report("state?at=<seq>", seqs);
  report("state?at=<time>", times);
  report("timeline", lines);
  console.log(
    `load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}`,
  );
} finally {
  await server.stop();
  await rm(data, { recursive: true, force: true });
}
