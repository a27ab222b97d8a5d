/**
 * `npm run bench -- metrics`: the metrics over a long log of the simulated team, as a client of the whole Worker sees
 * them: `GET /v1/metrics` from the live state (≤ 100 ms) and from the archive's sums by the hour (≤ 300 ms), by window and
 * grouping. The log is in the room and, but for what still waits for its minute, in D1 before anything
 * is timed; each answer must name the seq that it is of.
 */
import { NOTHING_PLANTED } from "../../cli/simulate/plant.ts";
import { simulate } from "../../cli/simulate/simulate.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import type { EventsPage } from "../../schema/wire/http.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { DRAIN_EVENTS } from "../../worker/room/limits.ts";
import { signUp } from "../e2e/account.ts";
import { check, figure, type Figure } from "./figure.ts";
import { load, quantile } from "./machine.ts";
import { startServer, withFolder } from "./server.ts";

const SEED = 7;
const BATCH = 1_000;
const DAY_MS = 86_400_000;
const WINDOWS = ["24h", "30d", "all"] as const;
const GROUPS = ["none", "agent", "feature"] as const;
const SOURCES = [
  { source: "live", at_most: 100 },
  { source: "history", at_most: 300 },
] as const;

export interface MetricsOptions {
  events?: number;
  /** Requests of each window and grouping; each is one run of its figure. */
  runs?: number;
  say?: (line: string) => void;
}

/** The team's events, moved in time so that the last of them is of now: the windows end there. */
function* team(count: number): Generator<OutgoingEvent[]> {
  const start_ms = Date.UTC(2026, 0, 5, 9);
  const plan = { seed: SEED, start_ms, features: null, coders: 8, nights: true, planted: NOTHING_PLANTED };
  let last_ms = start_ms;
  let seen = 0;
  for (const { timestamp } of simulate(plan).events) {
    last_ms = Date.parse(timestamp);
    if (++seen === count) break;
  }
  const shift_ms = Math.floor((Date.now() - last_ms) / DAY_MS) * DAY_MS;
  let batch: OutgoingEvent[] = [];
  let sent = 0;
  for (const event of simulate(plan).events) {
    batch.push({ ...event, timestamp: new Date(Date.parse(event.timestamp) + shift_ms).toISOString() });
    sent += 1;
    if (batch.length === BATCH || sent === count) {
      yield batch;
      batch = [];
    }
    if (sent === count) return;
  }
}

export function benchMetrics(options: MetricsOptions = {}): Promise<Figure[]> {
  const { events = 1_000_000, runs = 30, say = console.log } = options;
  return withFolder(async (data) => {
    const server = await startServer("../../worker/index.ts", data, { LESSON_BOOK: "LessonBook" }, true);
    const url = `http://127.0.0.1:${server.port}`;
    try {
      const { keys } = await signUp(url, "Bench");
      const get = async <T>(path: string): Promise<T> => {
        const reply = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${keys.read}` } });
        const body: unknown = await reply.json();
        check(reply.ok, `${path} answered ${reply.status}: ${JSON.stringify(body)}`);
        // The wire test holds the shape.
        return body as T;
      };
      const started = performance.now();
      for (const batch of team(events)) {
        const reply = await fetch(`${url}/v1/events`, {
          method: "POST",
          headers: { authorization: `Bearer ${keys.ingest}`, "content-type": "application/json" },
          body: JSON.stringify(batch),
        });
        check(reply.ok, `events were answered ${reply.status}: ${await reply.text()}`);
      }
      const head = async () => (await get<EventsPage>("/v1/events?since=999999999&limit=1")).head.seq;
      const filled_s = (performance.now() - started) / 1_000;
      // The drain follows in steps; less than one of them waits for its minute.
      let archived = 0;
      while (archived <= events - DRAIN_EVENTS) {
        await new Promise((wake) => setTimeout(wake, 1_000));
        archived = (await get<MetricsResponse>("/v1/metrics?source=history&window=1h&metric=cost")).seq;
      }
      say(
        `  ${events} events sent in ${filled_s.toFixed(0)} s, archived after ${((performance.now() - started) / 1_000).toFixed(0)} s, load ${load()}`,
      );
      check((await head()) >= events, "events are missing");

      const figures: Figure[] = [];
      for (const { source, at_most } of SOURCES) {
        for (const window of WINDOWS)
          for (const by of GROUPS) {
            const path = `/v1/metrics?window=${window}&source=${source}${by === "none" ? "" : `&by=${by}`}`;
            const taken: number[] = [];
            for (let n = 0; n < runs; n += 1) {
              const at = performance.now();
              const answer = await get<MetricsResponse>(path);
              taken.push(performance.now() - at);
              check(
                answer.seq > (source === "live" ? events - 1 : events - DRAIN_EVENTS),
                `${path} is of seq ${answer.seq}`,
              );
              check(
                answer.rows.some(({ value }) => value !== null),
                `${path} knows nothing`,
              );
            }
            say(
              `  ${source.padEnd(8)} ${window.padEnd(4)} by ${by.padEnd(8)} p50 ${quantile(taken, 0.5).toFixed(0)} ms, p95 ${quantile(taken, 0.95).toFixed(0)} ms`,
            );
            figures.push(
              figure(
                `metrics over ${events.toLocaleString("en")} events, ${source}, ${window}, by ${by}, p95`,
                "ms",
                [quantile(taken, 0.95)],
                { target: { of: "figure", at_most } },
              ),
            );
          }
      }
      return figures;
    } finally {
      await server.stop();
    }
  });
}
