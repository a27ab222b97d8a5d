/** What the drain writes to D1: a recount of the log, at what cost, and how it is read where the hot state forgot. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { NewEvent } from "../../schema/event/event.ts";
import { MAX_CLOSED_TASKS } from "../../schema/state/limits.ts";
import type { Agent } from "../../schema/state/entity/agent.ts";
import type { Feature } from "../../schema/state/entity/feature.ts";
import type { WireState } from "../../schema/state/state.ts";
import { createUsage } from "../../schema/state/usage.ts";
import { Archive } from "../../worker/archive/archive.ts";
import { batchAfter } from "../../worker/room/drain-batch.ts";
import { DRAIN_DELAY_MS, DRAIN_EVENTS } from "../../worker/room/limits.ts";
import { append, event, freshRoom, rest, stateOf, type RoomStub } from "./prepared.ts";
import { asKey, asPerson, migrate, signUp, type Account } from "./server.ts";
import { drain, fill, rows, projectOf, cursorOf, expectWhole, spying, quiet } from "./draining.ts";

beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
});

describe("what is drained", () => {
  it("is the log: segments, entities and hours equal a recount of it, and the counters of the room", async () => {
    const room = freshRoom();
    await fill(room, 1, 700);
    await drain(room);
    // A second drain goes on where entities and hours stand.
    await fill(room, 701, 1_500);
    await rest(room);
    await expectWhole(room);

    const project = projectOf(room);
    const state = JSON.parse(await stateOf(room)) as WireState;
    const sums = Object.keys(createUsage())
      .map((column) => `sum(${column}) AS ${column}`)
      .join(", ");
    const total = await env.DB.prepare(
      `SELECT sum(events) AS events, ${sums} FROM archive_hour WHERE project_id = ?`,
    )
      .bind(project)
      .first();
    expect(total).toEqual({ events: state.counters.events, ...state.usage });
    const types = await env.DB.prepare(
      `SELECT pair.value ->> 0 AS type, sum(pair.value ->> 1) AS n
       FROM archive_hour, json_each(by_type) AS pair WHERE project_id = ? GROUP BY 1`,
    )
      .bind(project)
      .all<{ type: string; n: number }>();
    expect(Object.fromEntries(types.results.map(({ type, n }) => [type, n]))).toEqual(
      Object.fromEntries(state.counters.by_type),
    );
    const hours = await rows<{ hour: number }>("archive_hour", project, "hour");
    expect(hours.length).toBeGreaterThan(1);
    const done = await env.DB.prepare(
      "SELECT count(*) AS n FROM archive_task WHERE project_id = ? AND status = 'done'",
    )
      .bind(project)
      .first<{ n: number }>();
    expect(done?.n).toBe(state.closed_tasks.length);
  });

  it("finds a task under the feature that a later drain learns it belongs to", async () => {
    const room = freshRoom();
    const of = async () =>
      (
        await env.DB.prepare("SELECT id FROM archive_task WHERE project_id = ? AND feature_id = 'f'")
          .bind(projectOf(room))
          .all()
      ).results;
    await append(room, [event("a", { task_id: "T" }), event("b", { task_id: "U" })]);
    await drain(room);
    expect(await of()).toEqual([]);
    await append(room, [event("c", { task_id: "T", feature_id: "f" })]);
    await drain(room);
    expect(await of()).toEqual([{ id: "T" }]);
    await expectWhole(room);
  });

  it("ends at heads of the chain that the room confirms (L5)", async () => {
    const room = freshRoom();
    await fill(room, 1, 1_200);
    await drain(room);
    const [segment] = await rows<{ last_seq: number; head: string }>(
      "archive_segment",
      projectOf(room),
      "first_seq",
    );
    expect(segment?.last_seq).toBe(1_200);
    const anchor = { seq: segment?.last_seq ?? 0, hash: segment?.head ?? "" };
    expect(await room.verify([anchor])).toMatchObject({ ok: true });
    expect(await room.verify([{ ...anchor, hash: "00".repeat(32) }])).toMatchObject({ ok: false });
  });

  it("[S5] holds whole what the hot state forgot, also when a late event makes a partial entry there", async () => {
    const room = freshRoom();
    const first: Partial<NewEvent>[] = [
      {
        event_type: "task_created",
        task_id: "OLD",
        feature_id: "f",
        metadata: { title: "The first", files: ["a.ts"] },
      },
      { event_type: "tokens_used", task_id: "OLD", metrics: { input_tokens: 11, cost_usd: 1 } },
      { event_type: "task_completed", task_id: "OLD" },
    ];
    await append(
      room,
      first.map((fields, i) => event(`old-${i}`, { timestamp: "2025-01-01T00:00:00.000Z", ...fields })),
    );
    for (let from = 0; from <= MAX_CLOSED_TASKS; from += 1_000) {
      await append(
        room,
        Array.from({ length: 1_001 }, (_, i) =>
          event(`c${from + i}`, {
            event_type: "task_completed",
            task_id: `T-${from + i}`,
            timestamp: "2025-01-02T00:00:00.000Z",
          }),
        ),
      );
    }
    const before = JSON.parse(await stateOf(room)) as WireState;
    // The control: it is forgotten.
    expect(before.closed_tasks.some(({ id }) => id === "OLD")).toBe(false);
    await drain(room);
    await append(room, [
      event("late", {
        event_type: "tokens_used",
        task_id: "OLD",
        metrics: { input_tokens: 31 },
        timestamp: "2025-01-03T00:00:00.000Z",
      }),
    ]);
    await drain(room);
    const hot = (JSON.parse(await stateOf(room)) as WireState).open_tasks.find(({ id }) => id === "OLD");
    expect(hot).toMatchObject({ partial: true, title: null, events: 1 });
    const archived = await env.DB.prepare("SELECT row FROM archive_task WHERE project_id = ? AND id = 'OLD'")
      .bind(projectOf(room))
      .first<{ row: string }>();
    expect(JSON.parse(archived?.row ?? "{}")).toMatchObject({
      partial: false,
      title: "The first",
      status: "done",
      files: ["a.ts"],
      events: 4,
      feature_id: "f",
      usage: { calls: 2, input_tokens: 42, reported_usd: 1 },
    });
  });

  it("costs at most 0.02 rows per event, plus one per entity changed (and one more when a task is new)", async () => {
    const room = freshRoom();
    await fill(room, 1, DRAIN_EVENTS, 60);
    const batches: number[] = [];
    const counted = spying((reply) =>
      batches.push(reply.reduce((sum, { meta }) => sum + meta.rows_written, 0)),
    );
    // Under a name of its own, so that the room's own drain does not come first.
    const project = `p${crypto.randomUUID()}`;
    const archive = new Archive(counted, project);
    const batch = await runInDurableObject(room, (_, { storage }) => batchAfter(storage.sql, 0));
    const next = await archive.write({ seq: 0, time: 0, generation: 0 }, batch ?? { texts: [], head: "" });
    expect(next.seq).toBe(DRAIN_EVENTS);
    const tasks = (await rows("archive_task", project)).length;
    const others =
      (await rows("archive_feature", project)).length + (await rows("archive_agent", project)).length;
    const written = batches.reduce((sum, n) => sum + n, 0);
    console.info(
      `[measured] ${written} rows for ${DRAIN_EVENTS} events, ${tasks} new tasks, ${others} other entities`,
    );
    expect(written).toBeGreaterThan(tasks + others);
    expect(written - 2 * tasks - others).toBeLessThanOrEqual(0.02 * DRAIN_EVENTS);

    await fill(room, DRAIN_EVENTS + 1, 2 * DRAIN_EVENTS, 1e9);
    batches.length = 0;
    const more = await runInDurableObject(room, (_, { storage }) => batchAfter(storage.sql, DRAIN_EVENTS));
    await archive.write(next, more ?? { texts: [], head: "" });
    const again = batches.reduce((sum, n) => sum + n, 0);
    console.info(`[measured] ${again} rows for ${DRAIN_EVENTS} events of known entities`);
    // One task, one feature, five agents.
    expect(again).toBeLessThanOrEqual(0.02 * DRAIN_EVENTS + 8);
  });
});

describe("what the API says of what the hot state forgot", () => {
  let account: Account;
  let gone_agent: string;
  const get = async (path: string) => {
    const reply = await asKey(account.keys.read, path);
    return { status: reply.status, body: await reply.json<Record<string, unknown>>() };
  };

  beforeAll(async () => {
    account = await signUp("History");
    const room = env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub;
    const at = (day: number) => `2025-01-0${day}T00:00:00.000Z`;
    await append(room, [
      event("1", {
        event_type: "feature_requested",
        task_id: undefined,
        feature_id: "f",
        metadata: { title: "Old feature" },
        timestamp: at(1),
      }),
      event("2", {
        event_type: "task_created",
        task_id: "OLD",
        feature_id: "f",
        metadata: { title: "The first" },
        timestamp: at(1),
      }),
      event("3", { event_type: "task_completed", task_id: "OLD", timestamp: at(1) }),
      event("4", { event_type: "feature_merged", task_id: undefined, feature_id: "f", timestamp: at(1) }),
    ]);
    // Pushes tasks, features and agents out of the hot state.
    for (let from = 0; from <= MAX_CLOSED_TASKS; from += 1_000) {
      const later = Array.from({ length: 1_001 }, (_, i) =>
        event(`c${from + i}`, {
          event_type: "feature_completed",
          task_id: undefined,
          feature_id: `g-${(from + i) % 1_100}`,
          agent_id: `w-${(from + i) % 1_100}`,
          timestamp: at(2),
        }),
      );
      const tasks = Array.from({ length: 1_001 }, (_, i) =>
        event(`t${from + i}`, { event_type: "task_completed", task_id: `T-${from + i}`, timestamp: at(2) }),
      );
      await append(room, later);
      await append(room, tasks);
    }
    await drain(room, 2 * DRAIN_DELAY_MS);
    const { seq } = JSON.parse(await stateOf(room)) as WireState;
    await vi.waitFor(async () => expect(await cursorOf(room)).toBe(seq), { timeout: 20_000 });
    await append(room, [
      event("late", { event_type: "test_passed", task_id: "OLD", feature_id: "f", timestamp: at(3) }),
    ]);
    const state = JSON.parse(await stateOf(room)) as WireState;
    // The control: the hot state knows only the late event.
    expect(state.open_tasks.find(({ id }) => id === "OLD")).toMatchObject({ partial: true, title: null });
    expect(state.open_features.find(({ id }) => id === "f")).toMatchObject({ partial: true, title: null });
    const agents = new Set(state.agents.map(({ id }) => id));
    gone_agent = Array.from({ length: 1_100 }, (_, i) => `w-${i}`).find((id) => !agents.has(id)) ?? "";
    expect(gone_agent).not.toBe("");
  }, 60_000);

  it("is the whole task, feature and agent", async () => {
    expect((await get("/v1/tasks/OLD")).body).toMatchObject({
      task: { title: "The first", status: "done", partial: false },
    });
    expect((await get("/v1/features/f")).body).toMatchObject({
      feature: { title: "Old feature", status: "merged", partial: false },
      tasks: [{ id: "OLD", title: "The first" }],
    });
    expect((await get("/v1/features/g-0")).body).toMatchObject({ feature: { id: "g-0", status: "done" } });
    const { agent } = (await get(`/v1/agents/${gone_agent}`)).body as { agent: Agent };
    expect(agent).toMatchObject({ id: gone_agent });
    expect(agent.events).toBeGreaterThan(1);
    for (const kind of ["tasks", "features", "agents"]) {
      expect((await get(`/v1/${kind}/nobody`)).status).toBe(404);
    }
  });

  it("comes in pages, by feature, status, agent and time", async () => {
    expect((await get("/v1/history/tasks?feature=f")).body).toMatchObject({
      tasks: [{ id: "OLD" }],
      next: null,
    });
    const early = await get("/v1/history/tasks?to=2025-01-01T12:00:00Z&status=done,merged");
    expect(early.body).toMatchObject({ tasks: [{ id: "OLD" }], next: null });
    expect((await get("/v1/history/tasks?agent=nobody")).body).toEqual({ tasks: [], next: null });
    expect((await get("/v1/history/agents?from=2030-01-01T00:00:00Z")).body).toEqual({
      agents: [],
      next: null,
    });
    const ids = new Set<string>();
    for (let after: string | null = ""; after !== null;) {
      const page = await get(`/v1/history/features?limit=500${after === "" ? "" : `&after=${after}`}`);
      for (const { id } of page.body.features as Feature[]) ids.add(id);
      after = page.body.next as string | null;
    }
    expect(ids.size).toBe(1_101);
    const hours = await get("/v1/history/hours?from=2025-01-01T00:00:00Z&to=2025-01-01T23:00:00Z");
    expect(hours.body).toMatchObject({
      hours: [{ time: Date.parse("2025-01-01T00:00:00Z"), events: 4 }],
      next: null,
    });
    expect((await get("/v1/history/hours?from=noon")).status).toBe(400);
    const path = `/api/projects/${account.project.id}/history/tasks?feature=f`;
    expect(await (await asPerson(account.cookie, path)).json()).toMatchObject({ tasks: [{ id: "OLD" }] });
  });

  it("[B1] is what the hot state has, or 503, while D1 is away", async () => {
    const told = quiet();
    await env.DB.exec("ALTER TABLE archive_task RENAME TO archive_task_away");
    try {
      expect((await get("/v1/tasks/OLD")).body).toMatchObject({ task: { partial: true } });
      expect((await get("/v1/tasks/T-0")).status).toBe(503);
      expect((await get("/v1/features/f")).status).toBe(200);
    } finally {
      await env.DB.exec("ALTER TABLE archive_task_away RENAME TO archive_task");
      told.mockRestore();
    }
    expect((await get("/v1/tasks/T-0")).body).toMatchObject({ task: { status: "done" } });
  });
});
