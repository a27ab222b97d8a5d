/**
 * For how long a page keeps its reader waiting while it loads, of the browser's own trace: the tasks of the main thread
 * by the clock of that thread. It stands still while others have the processor, so a machine that does much else says
 * nearly the same, where times by the wall would say how busy it is. For the same reason the slow-down of the protocol
 * is not used, which spins by the wall clock: four times slower is four times the time.
 */
import type { BrowserContext, Page } from "playwright-core";

/** As the budget asks: Chromium four times slower. */
export const SLOWER = 4;
/** A task as long as this is felt (web.dev/articles/tbt); what it takes beyond is blocking time. */
const FELT_MS = 50;

/** The part of a trace event that is read. Times in µs. */
interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  /** By the thread's own clock. */
  tdur?: number;
  args?: { data?: { isOutermostMainFrame?: boolean } };
}

/** Opens an address in the page and lets it settle; then the blocking time, as on a machine `SLOWER` times slower, ms. */
export async function blockingTime(
  context: BrowserContext,
  page: Page,
  open: () => Promise<unknown>,
): Promise<number> {
  const session = await context.newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => {
    events.push(...(value as unknown as TraceEvent[]));
  });
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      includedCategories: ["toplevel", "disabled-by-default-devtools.timeline", "blink.user_timing"],
    },
  });
  await open();
  // A task that has not ended when the trace does is without a time.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  const ended = new Promise<unknown>((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await ended;
  await session.detach();
  return blockedMs(events);
}

function blockedMs(events: readonly TraceEvent[]): number {
  const begin = events.findLast(
    ({ name, args }) => name === "navigationStart" && args?.data?.isOutermostMainFrame === true,
  );
  if (begin === undefined) throw new Error("the trace tells of no navigation");
  const tasks = events.filter(
    ({ name, ph, pid, tid, ts }) =>
      name === "RunTask" && ph === "X" && pid === begin.pid && tid === begin.tid && ts >= begin.ts,
  );
  if (tasks.length === 0) throw new Error("the trace tells of no task");
  return tasks.reduce((sum, { tdur = 0 }) => sum + Math.max(0, (tdur / 1_000) * SLOWER - FELT_MS), 0);
}
