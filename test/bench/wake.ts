/**
 * `npm run bench:wake`: how long a room takes to wake with a long log behind
 * it (DESIGN §8: ≤ 200 ms at 1 M events). The room is filled, the server is
 * stopped and started again on the same data, and the first call is timed
 * against a second one, which finds the room awake.
 *
 *   --events N (default 1000000)
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startServer } from "./server.ts";

const { values } = parseArgs({ options: { events: { type: "string", default: "1000000" } } });
const total = Number(values.events);
const BATCH = 1_000;

const data = await mkdtemp(join(tmpdir(), "clusterfork-bench-"));
try {
  const filling = await startServer("fill.worker.ts", data);
  const started = performance.now();
  for (let from = 1; from <= total; from += BATCH) {
    const reply = await fetch(`http://127.0.0.1:${filling.port}/fill?from=${from}&count=${BATCH}`);
    if (!reply.ok) throw new Error(await reply.text());
  }
  console.log(`filled ${total} events in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  await filling.stop();

  const server = await startServer("fill.worker.ts", data);
  // The isolate is compiled and warm before the room is asked.
  await fetch(`http://127.0.0.1:${server.port}/warm`);
  const timed = async () => {
    const at = performance.now();
    const reply = await fetch(`http://127.0.0.1:${server.port}/head`);
    const seq = await reply.text();
    return { seq, ms: performance.now() - at };
  };
  const cold = await timed();
  const awake = await timed();
  console.log(`head ${cold.seq}: ${cold.ms.toFixed(0)} ms to wake, ${awake.ms.toFixed(1)} ms awake`);
  await server.stop();
} finally {
  await rm(data, { recursive: true, force: true });
}
