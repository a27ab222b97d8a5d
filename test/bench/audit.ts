/**
 * `npm run bench -- audit`: how long the walk over a long chain takes, and what it costs those who append meanwhile:
 * the latency of appends of one event, 20 in a second, with the room idle and while it walks. Reported together,
 * because only their difference is the walk's. The verdict must be that the whole chain holds.
 */
import { check, figure, type Figure } from "./figure.ts";
import { load, quantile } from "./machine.ts";
import { ask, startServer, withFolder } from "./server.ts";

const PACE_MS = 50;

export interface AuditOptions {
  events?: number;
  /** Events of each commit. */
  batch?: number;
  idle_ms?: number;
  say?: (line: string) => void;
}

export function benchAudit(options: AuditOptions = {}): Promise<Figure[]> {
  const { events = 1_000_000, batch = 100, idle_ms = 10_000, say = console.log } = options;
  return withFolder(async (data) => {
    const server = await startServer("fill.worker.ts", data);
    try {
      for (let from = 1; from <= events; from += batch)
        await ask(server, `/fill?from=${from}&count=${batch}`);
      const filled = Number(await ask(server, "/head"));
      let next = filled + 1;
      /** Latencies of appends, ms, until `until` says so; at least one. */
      const appends = async (until: () => boolean): Promise<number[]> => {
        const latencies: number[] = [];
        do {
          const at = performance.now();
          await ask(server, `/fill?from=${next++}&count=1`);
          latencies.push(performance.now() - at);
          await new Promise((resolve) =>
            setTimeout(resolve, Math.max(0, PACE_MS - (performance.now() - at))),
          );
        } while (!until());
        return latencies;
      };
      const line = (name: string, latencies: number[]) => {
        const at = (part: number) => quantile(latencies, part).toFixed(1);
        say(
          `  ${name}: ${latencies.length} appends, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`,
        );
      };
      const idle_until = performance.now() + idle_ms;
      const idle = await appends(() => performance.now() >= idle_until);
      let walked_ms: number | null = null;
      const started = performance.now();
      const walk = ask(server, "/verify").finally(() => {
        walked_ms = performance.now() - started;
      });
      const busy = await appends(() => walked_ms !== null);
      const verdict = JSON.parse(await walk) as { ok: boolean; seq?: number };
      check(verdict.ok && (verdict.seq ?? 0) >= filled, `the walk over ${filled} events found ${await walk}`);
      say(`  load ${load()}`);
      line("idle", idle);
      line("walking", busy);
      const of = `${filled.toLocaleString("en")} events`;
      return [
        figure(`audit of the chain of ${of}`, "ms", [walked_ms ?? Number.NaN]),
        figure("append p99 while the chain is walked", "ms", [quantile(busy, 0.99)], {
          beside: { what: "with none", runs: [quantile(idle, 0.99)] },
        }),
      ];
    } finally {
      await server.stop();
    }
  });
}
