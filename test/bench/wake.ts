/**
 * `npm run bench -- wake`: how long a room takes to wake with a long log behind it (DESIGN §8: ≤ 200 ms at 1 M
 * events). The server is stopped and started again on the same data, and the first call is timed against a second
 * one, which finds the room awake.
 */
import { check, figure, type Figure } from "./figure.ts";
import type { LongLog } from "./long-log.ts";
import { ask, startServer } from "./server.ts";

export interface WakeOptions {
  log: LongLog;
  runs?: number;
  say?: (line: string) => void;
}

export async function benchWake({ log, runs = 5, say = console.log }: WakeOptions): Promise<Figure[]> {
  const folder = await log.folder();
  const cold: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const server = await startServer("past.worker.ts", folder);
    try {
      // The isolate is compiled and warm before the room is asked.
      await ask(server, "/warm");
      const timed = async () => {
        const at = performance.now();
        const seq = Number(await ask(server, "/head"));
        check(seq === log.events, `woke at ${seq}, and the log has ${log.events} events`);
        return performance.now() - at;
      };
      cold.push(await timed());
      const awake_ms = await timed();
      say(`  ${cold.at(-1)?.toFixed(0) ?? ""} ms to wake, ${awake_ms.toFixed(1)} ms awake`);
    } finally {
      await server.stop();
    }
  }
  const what = `wake with ${log.events.toLocaleString("en")} events behind it`;
  return [figure(what, "ms", cold, { target: { of: "figure", at_most: 200 } })];
}
