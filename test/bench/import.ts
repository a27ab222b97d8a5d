/**
 * `npm run bench -- import`: `clusterfork import ndjson` as a process of its own, from its start to its end, into the
 * whole Worker: keys, intake, room, D1. The set is the simulated team's, by a seed. Each run goes into a new project;
 * its head, without what the room says of it by itself, must be the number of events, and a second import must add none.
 */
import { build } from "esbuild";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { NOTHING_PLANTED } from "../../cli/simulate/plant.ts";
import { simulate } from "../../cli/simulate/simulate.ts";
import type { QueryResponse } from "../../schema/wire/query.ts";
import { signUp } from "../e2e/account.ts";
import { check, figure, type Figure } from "./figure.ts";
import { startServer, withFolder } from "./server.ts";

const SEED = 7;

export interface ImportOptions {
  events?: number;
  runs?: number;
  say?: (line: string) => void;
}

function recorded(count: number): string {
  const { events } = simulate({
    seed: SEED,
    start_ms: Date.UTC(2026, 0, 5, 9),
    features: null,
    coders: 4,
    nights: true,
    planted: NOTHING_PLANTED,
  });
  const lines: string[] = [];
  for (const event of events) {
    if (lines.length === count) break;
    lines.push(JSON.stringify(event));
  }
  return `${lines.join("\n")}\n`;
}

export function benchImport(options: ImportOptions = {}): Promise<Figure[]> {
  const { events = 50_000, runs = 3, say = console.log } = options;
  return withFolder(async (data) => {
    const file = join(data, "team.ndjson");
    const command = join(data, "clusterfork.mjs");
    const main = join(import.meta.dirname, "../../cli/main.ts");
    // As it is published: one file.
    await build({ entryPoints: [main], outfile: command, bundle: true, platform: "node", format: "esm" });
    await writeFile(file, recorded(events));
    const server = await startServer("../../worker/index.ts", join(data, "server"), {}, true);
    const url = `http://127.0.0.1:${server.port}`;
    try {
      const rates: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        const { keys } = await signUp(url, `Bench ${run}`);
        const importing = () =>
          promisify(execFile)(process.execPath, [command, "import", "ndjson", file, "--quiet"], {
            env: {
              PATH: process.env["PATH"],
              HOME: data,
              CLUSTERFORK_URL: url,
              CLUSTERFORK_KEY: keys.ingest,
            },
          });
        const sent = async () => {
          const reply = await fetch(`${url}/v1/query?where=${encodeURIComponent("agent_id^=clusterfork:")}`, {
            headers: { authorization: `Bearer ${keys.read}` },
          });
          const { seq, scanned, matched } = await reply.json<QueryResponse>();
          check(scanned === seq, `${scanned} of ${seq} events were looked at`);
          return seq - matched;
        };
        const started = performance.now();
        await importing();
        rates.push((events / (performance.now() - started)) * 1_000);
        const found = await sent();
        check(
          found === events,
          `imported ${events} events, and the log has ${found} that the room did not write`,
        );
        if (run === 0) {
          await importing();
          check((await sent()) === events, "importing it twice added events");
        }
        say(`  ${events} events at ${Math.round(rates.at(-1) ?? 0)} events/s`);
      }
      return [figure(`import of ${events.toLocaleString("en")} events by the command`, "events/s", rates)];
    } finally {
      await server.stop();
    }
  });
}
