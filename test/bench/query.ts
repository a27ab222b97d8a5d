/**
 * `npm run bench -- query`: questions on a long log, and what appends feel of them (DESIGN §8: a one-key grouping
 * over 1 M events p95 ≤ 1 s, appends at most twice their idle p99 meanwhile). Each answer must have looked at every
 * event, and its groups must add up to them.
 */
import type { QueryResponse } from "../../schema/wire/query.ts";
import { check, figure, type Figure } from "./figure.ts";
import { run, type Measured } from "./load.ts";
import { load, median, quantile } from "./machine.ts";
import { ask, startServer, withFolder, type Server } from "./server.ts";

const BATCH = 1_000;
const ONE_KEY = "/query?group_by=metadata.model";
const questions = (events: number) => ({
  "one key, many groups": "/query?group_by=task_id",
  "one key, a third of the time": `/query?group_by=agent_id&from=${1_700_000_000_000 + events * 600}`,
  "two keys, filter, sum and p95":
    "/query?group_by=metadata.model&group_by=agent_id&where=event_type=tokens_used&calc=sum:metrics.cost_usd&calc=p95:metrics.duration_ms",
  "series by the hour": "/query?group_by=event_type&step=1h",
  heatmap: "/query?heatmap=metrics.duration_ms",
  compare: "/compare?where=event_type=tokens_used&select=metrics.duration_ms>50000",
});

export interface QueryOptions {
  events?: number;
  runs?: number;
  /** Of the one-key question in a run. */
  asks?: number;
  /** Of appends, idle and again while questions are asked. */
  duration_ms?: number;
  say?: (line: string) => void;
}

async function timed(server: Server, path: string): Promise<number> {
  const at = performance.now();
  await ask(server, path);
  return performance.now() - at;
}

async function checkAnswer(server: Server, events: number): Promise<void> {
  const answer = JSON.parse(await ask(server, ONE_KEY)) as QueryResponse;
  const counted = answer.groups.reduce((sum, { values }) => sum + (values[0] ?? 0), 0);
  check(!answer.truncated, `the answer was cut short by ${answer.truncated_by.join(", ")}`);
  check(answer.scanned === events, `the question looked at ${answer.scanned} of ${events} events`);
  check(counted === events, `the groups hold ${counted} of ${events} events`);
}

/** One in flight, so that a latency is what one sender waits. */
const appends = (server: Server, duration_ms: number, next: () => number): Promise<Measured> =>
  run({ port: server.port, path: "/append", connections: 1, duration_ms, body: () => String(next()) });

export function benchQuery(options: QueryOptions = {}): Promise<Figure[]> {
  const { events = 1_000_000, runs = 5, asks = 8, duration_ms = 5_000, say = console.log } = options;
  return withFolder(async (data) => {
    const server = await startServer("query.worker.ts", data);
    try {
      const started = performance.now();
      for (let from = 1; from <= events; from += BATCH) {
        await ask(server, `/fill?from=${from}&count=${Math.min(BATCH, events - from + 1)}`);
      }
      say(
        `filled ${events} events in ${((performance.now() - started) / 1_000).toFixed(1)} s, load ${load()}`,
      );
      await checkAnswer(server, events);
      const one_key: number[] = [];
      for (let n = 0; n < runs; n += 1) {
        const taken: number[] = [];
        for (let one = 0; one < asks; one += 1) taken.push(await timed(server, ONE_KEY));
        one_key.push(quantile(taken, 0.95));
      }
      const of = `over ${events.toLocaleString("en")} events`;
      const grouping = figure(`question ${of}, one key, p95`, "ms", one_key, {
        target: { of: "figure", at_most: 1_000 },
      });
      for (const [what, path] of Object.entries(questions(events))) {
        const taken = [await timed(server, path), await timed(server, path), await timed(server, path)];
        say(`  ${what.padEnd(32)} ${median(taken).toFixed(0)} ms`);
      }

      let head = events;
      const next = () => (head += 1);
      await appends(server, duration_ms / 2, next);
      const idle: number[] = [];
      const busy: number[] = [];
      for (let round = 0; round < runs; round += 1) {
        const alone = await appends(server, duration_ms, next);
        let asking = true;
        const loop = (async () => {
          let asked = 0;
          for (; asking; asked += 1) await ask(server, ONE_KEY);
          return asked;
        })();
        const beside = await appends(server, duration_ms, next);
        asking = false;
        const asked = await loop;
        check(asked > 0, "no question was asked while appends were timed");
        idle.push(alone.p99_ms);
        busy.push(beside.p99_ms);
        say(
          `  appends, one in flight: idle p99 ${alone.p99_ms.toFixed(1)} ms; with ${asked} questions p99 ${beside.p99_ms.toFixed(1)} ms`,
        );
      }
      await checkAnswer(server, head);
      return [
        grouping,
        figure(`append p99 while questions are asked ${of}`, "ms", busy, {
          beside: { what: "with none", runs: idle },
          target: { of: "ratio", at_most: 2 },
        }),
      ];
    } finally {
      await server.stop();
    }
  });
}
