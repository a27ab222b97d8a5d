/**
 * The metrics of whole logs as they are served: sent over HTTP, copied to D1 by the room's own alarm, and asked of the
 * live state and of the archive. Both must answer the same, for every metric and by every grouping.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { mapGastown } from "../../cli/import/gastown/gastown.ts";
import type { LineOutcome } from "../../cli/import/lines.ts";
import { Tally } from "../../cli/import/outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { METRICS } from "../../schema/metric/definition.ts";
import { GROUPINGS } from "../../schema/metric/measure.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { miniature } from "../backtest/miniature.ts";
import { oddLog } from "../contract/metric-recount/odd-log.ts";
import { SOURCES } from "../sample/formats.ts";
import { own, rest, type RoomStub } from "./prepared.ts";
import { asKey, migrate, signUp, type Account } from "./server.ts";

beforeAll(migrate);

const DAY_MS = 86_400_000;
const BATCH = 500;

async function gastown(): Promise<OutgoingEvent[]> {
  const files = SOURCES.find(({ format }) => format === "gastown")?.files ?? {};
  async function* lines(): AsyncGenerator<LineOutcome> {
    for (const [name, text] of Object.entries(files))
      for (const [index, one] of text.split("\n").entries()) yield { text: one, at: `${name}:${index + 1}` };
  }
  return mapGastown(lines(), new Tally());
}

/** What a sender sends of stored ones. */
const sent = (): OutgoingEvent[] =>
  oddLog(3)
    .slice(0, 1_500)
    .map(({ seq: _seq, received_at: _received, source: _source, key_id: _key, v: _v, ...event }) => event);

async function send(account: Account, events: readonly OutgoingEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += BATCH) {
    const body = events
      .slice(from, from + BATCH)
      .map((event) => JSON.stringify(event))
      .join("\n");
    const headers = { "content-type": "application/x-ndjson" };
    const reply = await asKey(account.keys.ingest, "/v1/events", { method: "POST", headers, body });
    expect(reply.status, await reply.clone().text()).toBe(200);
  }
}

describe.each([
  ["the miniature of Gas Town", gastown],
  ["a made-up tracker", () => Promise.resolve(miniature().slice(0, 1_000))],
  ["a drawn log", () => Promise.resolve(sent())],
] as const)("the metrics of %s", (_name, read) => {
  it(
    "are the same of the live state and of D1, over HTTP, whole and by every group",
    { timeout: 180_000 },
    async () => {
      const events = await read();
      const account = await signUp("Archived");
      await send(account, events);
      await rest(env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub);

      const times = events.map(({ timestamp }) => Date.parse(String(timestamp)));
      const first = Math.floor(Math.min(...times) / DAY_MS) * DAY_MS;
      const middle = Math.floor((first + Math.max(...times)) / 2 / DAY_MS) * DAY_MS;
      const end = Math.floor(Math.max(...times) / DAY_MS) * DAY_MS + DAY_MS;
      const known = new Set<string>();
      for (const [from, to] of [
        [first, end],
        [Math.min(middle, end - DAY_MS), end],
      ])
        for (const by of [undefined, ...GROUPINGS]) {
          const asked = `/v1/metrics?from=${from}&to=${to}${by === undefined ? "" : `&by=${by}`}`;
          const answer = async (query: string) => {
            const reply = await asKey(account.keys.read, query);
            expect(reply.status, await reply.clone().text()).toBe(200);
            return reply.json<MetricsResponse>();
          };
          const live = await answer(asked);
          const archived = await answer(`${asked}&source=history`);
          expect(archived.window).toEqual(live.window);
          expect(archived.rows.map(({ metric, group }) => [metric, group])).toEqual(
            live.rows.map(({ metric, group }) => [metric, group]),
          );
          for (const [i, row] of live.rows.entries()) {
            const other = archived.rows[i];
            const about = `${row.metric} of ${row.group ?? "all"} by ${by ?? "nothing"}`;
            expect([other?.n, other?.excluded, other?.status], about).toEqual([
              row.n,
              row.excluded,
              row.status,
            ]);
            // Sums of fractions depend on the order of adding, in the last digits.
            if (row.value === null) expect(other?.value, about).toBe(null);
            else expect(other?.value, about).toBeCloseTo(row.value, 6);
            if (row.value !== null) known.add(row.metric);
          }
        }
      expect(known.size).toBeGreaterThan(3);
      expect([...known].every((id) => METRICS.some((metric) => metric.id === id))).toBe(true);
    },
  );
});

it(
  "are held against what was learned of like work, whichever source answers",
  { timeout: 60_000 },
  async () => {
    const account = await signUp("Learned");
    const room = env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub;
    const now_ms = Date.now();
    const at = (minutes: number) => new Date(now_ms - minutes * 60_000).toISOString();
    const tasks = Array.from({ length: 6 }, (_, n) => ({ task_id: `T${n}`, agent_id: "coder" }));
    await send(
      account,
      tasks.flatMap((task, n): OutgoingEvent[] => [
        { ...task, id: `c${n}`, event_type: "task_created", timestamp: at(50), metadata: { kind: "bug" } },
        {
          ...task,
          id: `d${n}`,
          event_type: "tokens_used",
          timestamp: at(40),
          metrics: { input_tokens: 100 + n },
        },
        { ...task, id: `e${n}`, event_type: "task_completed", timestamp: at(30) },
      ]),
    );
    await room.tell(own, [
      {
        organ: "insight",
        cause: ["target", "a test"],
        event_type: "target_recalibrated",
        timestamp: at(20),
        metadata: { metric: "tokens", scope: "task·bug" },
        metrics: { target: 90, samples: 25 },
      },
    ]);
    await rest(room);
    const rows = async (source: "live" | "history") => {
      const query = `/v1/metrics?window=24h&by=kind&metric=tokens_per_task&source=${source}`;
      const { rows } = await (await asKey(account.keys.read, query)).json<MetricsResponse>();
      return rows.filter(({ group }) => group === "bug");
    };
    const live = await rows("live");
    expect(live).toMatchObject([
      { value: 102.5, n: 6, status: "missed", target: { value: 90, origin: "learned", n: 25 } },
    ]);
    expect(await rows("history")).toEqual(live);
  },
);
