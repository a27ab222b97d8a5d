/**
 * What one digest costs in workerd, in µs, in plain JavaScript and by
 * node:crypto: `npm run bench:sha256`. SHORT_BYTES in schema/event/sha256.ts
 * is where the two meet.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "./server.ts";

const TIMES = 20_000;
const data = await mkdtemp(join(tmpdir(), "clusterfork-bench-"));
const { port, stop } = await startServer("sha256.worker.ts", data);

async function measure(kind: string, bytes: number): Promise<number> {
  const started = performance.now();
  await (await fetch(`http://127.0.0.1:${port}/${kind}?bytes=${bytes}&times=${TIMES}`)).text();
  return ((performance.now() - started) * 1_000) / TIMES;
}

try {
  for (const bytes of [16, 64, 128, 256, 384, 512, 640]) {
    const best = { plain: Number.POSITIVE_INFINITY, native: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 5; round += 1) {
      for (const kind of ["plain", "native"] as const) {
        best[kind] = Math.min(best[kind], await measure(kind, bytes));
      }
    }
    console.log(
      `${String(bytes).padStart(4)} bytes   plain ${best.plain.toFixed(2)} µs   native ${best.native.toFixed(2)} µs`,
    );
  }
} finally {
  await stop();
  await rm(data, { recursive: true, force: true });
}
