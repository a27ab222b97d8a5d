/** Whether a page that is left open grows: its heap while a team works, measured after a collection each time. */
import type { CDPSession } from "playwright-core";
import type { Desk, Report, Say } from "./dashboard-desk.ts";
import { quantile } from "./machine.ts";

/** At least one: a ratio of two halves needs some. */
const HEAP_MINUTES = Math.max(1, Number(process.env["CLUSTERFORK_BENCH_MINUTES"] ?? 10));
const HEAP_EVERY_MS = 30_000;
const SPAN_MS = 10 * 60_000;
/**
 * Until then the state fills up to what it holds at most, which is no leak: the closed tasks after 190,000 events,
 * 6.3 minutes at 500 events/s, while 8 MB become 13. A machine that sends fewer takes longer for it: the tasks that are
 * printed beside each measurement say when they are no longer more.
 */
const WARM_UP_MS = 7 * 60_000;

async function heapMb(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

export async function watchHeap(live: Desk, report: Report, say: Say): Promise<void> {
  const began = performance.now();
  const until = began + WARM_UP_MS + HEAP_MINUTES * 60_000;
  const taken: { at_ms: number; mb: number }[] = [];
  for (;;) {
    taken.push({ at_ms: performance.now() - began, mb: await heapMb(live.cdp) });
    const left_ms = until - performance.now();
    if (left_ms <= 0) break;
    await live.page.waitForTimeout(Math.min(HEAP_EVERY_MS, left_ms));
  }
  for (let from_ms = 0; from_ms < until - began; from_ms += SPAN_MS) {
    const span = taken.filter(({ at_ms }) => at_ms >= from_ms && at_ms < from_ms + SPAN_MS);
    const mbs = span.map(({ mb }) => mb);
    say(
      `  heap from minute ${from_ms / 60_000}: ${quantile(mbs, 0.5).toFixed(1)} MB, ${Math.min(...mbs).toFixed(1)} to ${Math.max(...mbs).toFixed(1)}`,
    );
  }
  say(`  ${(await live.page.getByRole("tree").getAttribute("aria-label")) ?? ""}`);
  const warm = taken.filter(({ at_ms }) => at_ms >= WARM_UP_MS).map(({ mb }) => mb);
  const half = Math.ceil(warm.length / 2);
  report(
    `heap of the second half over the first, ${HEAP_MINUTES} min of streaming after ${WARM_UP_MS / 60_000} of warm-up`,
    "x",
    [quantile(warm.slice(half), 0.5) / quantile(warm.slice(0, half), 0.5)],
    1.1,
  );
  report("heap, most", "MB", [Math.max(...taken.map(({ mb }) => mb))]);
}
