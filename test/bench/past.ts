/**
 * `npm run bench -- past`: looks at the past of a long log, as HTTP clients see them: `state?at=` by seq and by time
 * at random moments, and the timeline. Each answer must be of the seq that was asked for.
 */
import { check, figure, type Figure } from "./figure.ts";
import type { LongLog } from "./long-log.ts";
import { load, quantile } from "./machine.ts";
import { ask, startServer, type Server } from "./server.ts";

/** As fill.worker.ts stamps its events. */
const BEGIN_MS = 1_700_000_000_000;

export interface PastOptions {
  log: LongLog;
  runs?: number;
  /** Looks of each kind in a run. */
  looks?: number;
  say?: (line: string) => void;
}

async function timed(server: Server, path: string): Promise<{ ms: number; text: string }> {
  const at = performance.now();
  const text = await ask(server, path);
  return { ms: performance.now() - at, text };
}

export async function benchPast(options: PastOptions): Promise<Figure[]> {
  const { log, runs = 5, looks = 8, say = console.log } = options;
  const server = await startServer("past.worker.ts", await log.folder());
  try {
    const p95: Record<"seq" | "time" | "timeline", number[]> = { seq: [], time: [], timeline: [] };
    for (let run = 0; run < runs; run += 1) {
      const taken: Record<keyof typeof p95, number[]> = { seq: [], time: [], timeline: [] };
      for (let look = 0; look < looks; look += 1) {
        const seq = 1 + Math.floor(Math.random() * (log.events - 1));
        for (const [kind, at] of [
          ["seq", seq],
          ["time", BEGIN_MS + seq * 1_000],
        ] as const) {
          const { ms, text } = await timed(server, `/state?at=${at}`);
          const found = (JSON.parse(text) as { seq: number }).seq;
          check(found === seq, `state?at=${at} is of seq ${found}, not ${seq}`);
          taken[kind].push(ms);
        }
        taken.timeline.push((await timed(server, "/timeline?buckets=240")).ms);
      }
      for (const kind of ["seq", "time", "timeline"] as const) p95[kind].push(quantile(taken[kind], 0.95));
    }
    say(`  ${looks} looks of each kind a run, load ${load()}`);
    const of = `${log.events.toLocaleString("en")} events, p95`;
    return [
      figure(`time travel, state?at=<seq> of ${of}`, "ms", p95.seq),
      figure(`time travel, state?at=<time> of ${of}`, "ms", p95.time),
      figure(`timeline of ${of}`, "ms", p95.timeline),
    ];
  } finally {
    await server.stop();
  }
}
