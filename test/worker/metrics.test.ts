/** The metrics over their route: of the live state and a tally that sleeps, is destroyed with its events, and begins anew. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { AGENT_METRICS, METRICS } from "../../schema/metric/definition.ts";
import { metricsResponse } from "../../schema/wire/metrics-body.ts";
import { performanceResponse } from "../../schema/wire/performance-body.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { DRAIN_DELAY_MS, SNAPSHOT_EVERY_EVENTS } from "../../worker/room/limits.ts";
import { append, event, freshRoom, own, rest, type RoomStub } from "./prepared.ts";
import { asKey, asPerson, migrate, signUp, type Account } from "./server.ts";

const HOUR_MS = 3_600_000;
/** The beginning of an hour, two hours ago: all of it is in the last day. */
const START_MS = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
const ALL = { now_ms: START_MS + 2 * HOUR_MS, window: "all" } as const;

let account: Account;
let room: RoomStub;

const work = (n: number) =>
  [
    { event_type: "task_claimed" },
    {
      event_type: "tokens_used",
      metadata: { model: "sonnet" },
      metrics: { input_tokens: 100, cost_usd: 0.5 },
    },
    { event_type: "agent_submitted" },
    { event_type: "task_completed" },
  ].map((fields, i) =>
    event(`e${n}-${i}`, {
      ...fields,
      timestamp: new Date(START_MS + n * 1_000 + i * 100).toISOString(),
      agent_id: `coder-${n % 2}`,
      agent_role: "coder",
      task_id: `T-${n}`,
      feature_id: "f",
    }),
  );

async function fill(target: RoomStub, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 200)
    await append(target, Array.from({ length: Math.min(200, to - n) }, (_, i) => work(n + i)).flat());
}

async function get(query: string, status = 200): Promise<MetricsResponse> {
  const reply = await asKey(account.keys.read, `/v1/metrics${query}`);
  const body = await reply.json();
  expect(reply.status, JSON.stringify(body)).toBe(status);
  return status === 200 ? metricsResponse.strict().parse(body) : (body as MetricsResponse);
}

beforeAll(async () => {
  await migrate();
  account = await signUp("Metrics");
  room = env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub;
  await fill(room, 0, 10);
});

describe("GET /v1/metrics", () => {
  it("gives every metric of the last day", async () => {
    const { rows, seq, source, window } = await get("");
    expect([seq, source]).toEqual([40, "live"]);
    expect(window.to).toBe(null);
    expect(rows.map(({ metric }) => metric)).toEqual(METRICS.map(({ id }) => id));
    const of = (id: string) => rows.find(({ metric }) => metric === id);
    expect(of("time_to_review")).toMatchObject({ value: 200, n: 10, status: "met" });
    expect(of("cost_per_hour")).toMatchObject({ value: 5, n: 10, target: null, status: "unknown" });
    expect(of("test_coverage")).toMatchObject({ value: null, n: 0, status: "unknown", previous: null });
  });
  it("groups and filters", async () => {
    const { rows } = await get("?window=all&by=agent&metric=tokens_per_task,throughput");
    expect(rows.map(({ metric, group, n }) => [metric, group, n])).toEqual([
      ["throughput", "coder-0", 5],
      ["tokens_per_task", "coder-0", 5],
      ["throughput", "coder-1", 5],
      ["tokens_per_task", "coder-1", 5],
    ]);
    expect((await get("?metric=cost_per_hour&agent=coder-1")).rows).toMatchObject([{ value: 2.5, n: 5 }]);
    expect((await get("?metric=cost_per_hour&feature=other")).rows).toMatchObject([{ value: null, n: 0 }]);
    const range = `from=${new Date(START_MS).toISOString()}&to=${START_MS + HOUR_MS}`;
    expect((await get(`?${range}&metric=throughput&by=role`)).rows).toMatchObject([
      { group: "coder", n: 10 },
    ]);
  });
  it("draws the window step by step beside each value, from the room and from the archive", async () => {
    const { rows } = await get("?metric=cost&points=96");
    expect(rows[0]?.series?.values.reduce((sum: number, value) => sum + (value ?? 0), 0)).toBe(5);
    expect(rows[0]).toMatchObject({ value: 5, n: 10 });
    expect((await get("?metric=cost&points=12&source=history")).rows[0]?.series).toBeDefined();
  });
  it("is open to members by their cookie", async () => {
    const reply = await asPerson(account.cookie, `/api/projects/${account.project.id}/metrics?window=7d`);
    expect(metricsResponse.strict().parse(await reply.json()).rows).toHaveLength(METRICS.length);
  });
  it("gives Prometheus what is known of the last day, and leaves out what is not", async () => {
    const reply = await asKey(account.keys.read, "/v1/metrics", { headers: { accept: "text/plain" } });
    const text = await reply.text();
    expect(text).toContain("\nclusterfork_metric_time_to_review_seconds 0.2\n");
    expect(text).not.toContain("test_coverage");
  });
  it.each([
    ["?window=2h", "must be one of 1h, 24h"],
    ["?window=1h&from=2026-11-01T00:00:00Z", "not both"],
    ["?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "later than"],
    ["?points=97", "must be a whole number from 2 to 96"],
    ["?by=colour", "must be one of feature, role"],
    ["?metric=happiness", "must be one or more of features_per_hour"],
  ])("refuses %s and says what to do", async (query, says) => {
    expect(JSON.stringify(await get(query, 400))).toContain(says);
  });
});

describe("GET /v1/agents/performance", () => {
  it("tells of each agent and role its figures beside its peers', a verdict and what it rests on", async () => {
    const read = async (query: string) => {
      const reply = await asKey(account.keys.read, `/v1/agents/performance${query}`);
      const body = await reply.json();
      expect(reply.status, JSON.stringify(body)).toBe(200);
      return performanceResponse.strict().parse(body);
    };
    const { performances, by } = await read("");
    expect([by, performances.map(({ id, role }) => [id, role])]).toEqual([
      "agent",
      [
        ["coder-0", "coder"],
        ["coder-1", "coder"],
      ],
    ]);
    expect(performances[0]).toMatchObject({
      did: { tasks: 5, submissions: 5, model_calls: 5, reviews: 0 },
      verdict: { words: "as usual", rule: "compared", reasons: [] },
      pip: null,
    });
    expect(performances[0]?.metrics.map(({ metric }) => metric).sort()).toEqual([...AGENT_METRICS].sort());
    expect(performances[0]?.metrics.find(({ metric }) => metric === "tokens_per_task")).toMatchObject({
      value: 100,
      n: 5,
      peers: { q1: 100, median: 100, q3: 100, n: 2 },
    });
    expect((await read("?by=role&window=7d")).performances).toMatchObject([{ id: "coder", role: "coder" }]);
    expect((await read("?role=qa")).performances).toEqual([]);
  });
});

describe("GET /v1/metrics?source=history", () => {
  it("is the archive's, and the same as the live one", async () => {
    await append(room, [event("tick", { event_type: "agent_heartbeat" })]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DRAIN_DELAY_MS });
    await runDurableObjectAlarm(room);
    vi.useRealTimers();
    const range = `?from=${START_MS}&to=${START_MS + 2 * HOUR_MS}&by=agent`;
    const live = await get(range);
    const archived = await get(`${range}&source=history`);
    expect(archived).toEqual({ ...live, source: "history" });
    expect(live.rows.some(({ value }) => value !== null)).toBe(true);
  });
});

describe("GET /v1/metrics?metric=cost&by=feature", () => {
  const PARALLEL: [agent: string, event_type: string, about: Record<string, string>, usd?: number][] = [
    ["coder-a", "task_claimed", { task_id: "A-1", feature_id: "add-auth" }],
    ["coder-a", "task_claimed", { task_id: "B-1", feature_id: "search" }],
    ["coder-a", "tokens_used", { task_id: "A-1" }, 0.2],
    ["coder-a", "tokens_used", {}, 0.1],
    ["scout", "tokens_used", {}, 0.04],
  ];
  const spent = (calls: number, reported_usd: number) => ({
    ...{ calls, known_calls: calls, reported_usd, priced_usd: 0, tokens: calls * 100 },
  });

  it("[M1] has own, shared and unassigned cost; only where it is asked for, and the archive says why not", async () => {
    const { project, keys } = await signUp("Attributed");
    const target = env.ROOM.get(env.ROOM.idFromName(project.id)) as unknown as RoomStub;
    const told = PARALLEL.map(([agent_id, event_type, about, cost_usd], i) => {
      const timestamp = new Date(START_MS + i * 1_000).toISOString();
      const metrics = cost_usd === undefined ? {} : { metrics: { input_tokens: 100, cost_usd } };
      return event(`p${i}`, { agent_id, event_type, timestamp, ...about, ...metrics });
    });
    await append(target, told);
    const ask = async (query: string) => {
      const reply = await asKey(keys.read, `/v1/metrics?window=all&${query}`);
      return metricsResponse.strict().parse(await reply.json());
    };
    const none = spent(0, 0);
    const { rows, attribution } = await ask("metric=cost&by=feature");
    expect(rows.map(({ group, attributed }) => [group, attributed])).toEqual([
      ["add-auth", { own: spent(1, 0.2), shared: spent(0.5, 0.05) }],
      ["search", { own: none, shared: spent(0.5, 0.05) }],
      [null, { own: none, shared: none, unassigned: spent(1, 0.04) }],
    ]);
    expect(attribution).toEqual({ from: null, why: null });
    expect((await ask("metric=cost,throughput&feature=search&by=agent")).rows).toMatchObject([
      { metric: "cost", group: "coder-a", value: null, attributed: { own: none, shared: spent(0.5, 0.05) } },
      { metric: "throughput", group: "coder-a" },
    ]);
    for (const query of ["metric=cost&by=agent", "by=feature", "metric=priced_cost&by=feature"]) {
      const plain = await ask(query);
      expect(plain.attribution).toBeUndefined();
      expect(plain.rows.every((row) => !("attributed" in row))).toBe(true);
    }
    expect((await ask("metric=cost&by=feature&source=history")).attribution?.why).toMatch(/live state/);
  });
});

describe("the tally of a room", () => {
  const rowsOf = (target: RoomStub) =>
    runInDurableObject(target, (_, { storage }) =>
      storage.sql.exec<{ slots: number }>("SELECT count(*) AS slots FROM tally").one(),
    );

  it("[S1] is the same after an eviction, with a snapshot and without one", async () => {
    const target = freshRoom();
    await fill(target, 0, SNAPSHOT_EVERY_EVENTS / 4 + 50);
    await expect.poll(async () => (await rowsOf(target)).slots).toBeGreaterThan(0);
    await rest(target);
    const before = await target.readMetrics(own, { ...ALL, by: "agent" });
    await evictDurableObject(target);
    expect(await target.readMetrics(own, { ...ALL, by: "agent" })).toEqual(before);
    await runInDurableObject(target, (_, { storage }) => void storage.sql.exec("DELETE FROM tally_head"));
    await evictDurableObject(target);
    expect(await target.readMetrics(own, { ...ALL, by: "agent" })).toEqual(before);
    expect(await rowsOf(target)).toEqual({ slots: 0 });
  });

  it("[P1] counts nothing of what was destroyed", async () => {
    const target = freshRoom();
    await fill(target, 0, SNAPSHOT_EVERY_EVENTS / 4 + 50);
    await expect.poll(async () => (await rowsOf(target)).slots).toBeGreaterThan(0);
    const cost = async () => {
      const reply = await target.readMetrics(own, { ...ALL, metrics: ["cost_per_hour"] });
      return reply.ok ? reply.rows[0]?.n : null;
    };
    expect(await cost()).toBe(1_300);
    await target.forget([2]);
    expect(await rowsOf(target)).toEqual({ slots: 0 });
    expect(await cost()).toBe(1_299);
  });
});
