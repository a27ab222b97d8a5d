/** The drain to D1: what it writes, and what failing, doubling and forgetting do to it. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { packEvents } from "../../schema/event/batch.ts";
import type { NewEvent, StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { MAX_CLOSED_TASKS } from "../../schema/state/limits.ts";
import type { Agent } from "../../schema/state/entity/agent.ts";
import type { Feature } from "../../schema/state/entity/feature.ts";
import type { Task } from "../../schema/state/entity/task.ts";
import type { WireState } from "../../schema/state/state.ts";
import { createUsage } from "../../schema/state/usage.ts";
import { Archive } from "../../worker/archive/archive.ts";
import { gunzip } from "../../worker/archive/gzip.ts";
import { batchAfter } from "../../worker/room/drain-batch.ts";
import type { Archive as Port } from "../../worker/room/drain.ts";
import { DRAIN_DELAY_MS, DRAIN_EVENTS, MAX_DRAIN_PAUSE_MS } from "../../worker/room/limits.ts";
import { ProjectRoom as Room } from "../../worker/room/room.ts";
import { append, event, freshRoom, headOf, own, readAll, rest, stateOf, type RoomStub } from "./prepared.ts";
import { asKey, asPerson, migrate, signUp, type Account } from "./server.ts";

beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
});

/** Runs the alarm after the longest wait there is. Only Date moves: timers are real. */
async function drain(room: RoomStub, later_ms = DRAIN_DELAY_MS): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + later_ms });
  await runDurableObjectAlarm(room);
  vi.useRealTimers();
}

const TYPES = [
  "task_created",
  "task_claimed",
  "task_progress",
  "tokens_used",
  "task_completed",
  "made_up",
] as const;
/** A small project: features of 20 tasks, six kinds of events a task, two hours apart in the middle. */
function work(n: number, tasks_apart = 6): Partial<NewEvent> {
  const task = Math.floor(n / tasks_apart);
  return {
    timestamp: new Date(1_760_000_000_000 + n * 1_000 + (n > 300 ? 7_200_000 : 0)).toISOString(),
    event_type: TYPES[n % TYPES.length] ?? "made_up",
    agent_id: `coder-${n % 5}`,
    task_id: `TASK-${task}`,
    feature_id: `feature-${Math.floor(task / 20)}`,
    metadata: n % 6 === 0 ? { title: `Task ${task} "x" \u2028`, assignee: `coder-${(n + 1) % 5}` } : {},
    ...(n % 6 === 3
      ? { metrics: { input_tokens: 100 + n, output_tokens: 7, ...(n % 4 === 1 ? { cost_usd: 0.25 } : {}) } }
      : {}),
  };
}
const works = (from: number, to: number, tasks_apart = 6) =>
  Array.from({ length: to - from + 1 }, (_, i) => event(`e${from + i}`, work(from + i, tasks_apart)));

async function fill(room: RoomStub, from: number, to: number, tasks_apart = 6): Promise<void> {
  for (let at = from; at <= to; at += 1_000) {
    await append(room, works(at, Math.min(to, at + 999), tasks_apart));
  }
}

async function rows<T>(table: string, project: string, order = "id"): Promise<T[]> {
  const found = await env.DB.prepare(`SELECT * FROM ${table} WHERE project_id = ? ORDER BY ${order}`)
    .bind(project)
    .all<T>();
  return found.results;
}
const projectOf = (room: RoomStub) => room.id.name ?? "";
const cursorOf = async (room: RoomStub) => (await new Archive(env.DB, projectOf(room)).cursor()).seq;

/** All of the archive, as text: what two ways to the same log must have in common. */
async function dump(project: string): Promise<string> {
  return JSON.stringify([
    await rows("archive_cursor", project, "seq"),
    await rows("archive_task", project),
    await rows("archive_feature", project),
    await rows("archive_agent", project),
    await rows("archive_hour", project, "hour"),
    (
      await rows<{ first_seq: number; last_seq: number; head: string }>(
        "archive_segment",
        project,
        "first_seq",
      )
    ).map(({ first_seq, last_seq, head }) => [first_seq, last_seq, head]),
  ]);
}

/** The whole history, folded with nothing forgotten: each entity's events by themselves. */
function recount(texts: readonly string[]): {
  tasks: Map<string, Task>;
  features: Map<string, Feature>;
  agents: Map<string, Agent>;
} {
  const state = createState();
  const tasks = new Map<string, Task>();
  const features = new Map<string, Feature>();
  const agents = new Map<string, Agent>();
  for (const text of texts) {
    apply(state, JSON.parse(text) as StoredEvent);
  }
  for (const map of [state.open_tasks, state.closed_tasks]) for (const [id, task] of map) tasks.set(id, task);
  for (const map of [state.open_features, state.closed_features])
    for (const [id, each] of map) features.set(id, each);
  for (const [id, agent] of state.agents) agents.set(id, agent);
  return { tasks, features, agents };
}

async function expectWhole(room: RoomStub): Promise<void> {
  const project = projectOf(room);
  const texts = await readAll(room);
  const { tasks, features, agents } = recount(texts);
  const byId = (map: Map<string, unknown>) =>
    Object.fromEntries([...map].map(([id, each]) => [id, JSON.stringify(each)]));
  const stored = async (table: string) =>
    Object.fromEntries(
      (await rows<{ id: string; row: string }>(table, project)).map(({ id, row }) => [id, row]),
    );
  expect(await stored("archive_task")).toEqual(byId(tasks));
  expect(await stored("archive_feature")).toEqual(byId(features));
  expect(await stored("archive_agent")).toEqual(byId(agents));
  const segments = await rows<{ first_seq: number; last_seq: number; events: number[] }>(
    "archive_segment",
    project,
    "first_seq",
  );
  const lines: string[] = [];
  for (const segment of segments) {
    expect(segment.first_seq).toBe(lines.length + 1);
    lines.push(...(await gunzip(segment.events)).split("\n"));
    expect(segment.last_seq).toBe(lines.length);
  }
  expect(lines).toEqual(texts);
}

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

/** D1 with every batch looked at after it was done, or broken before or after. */
function spying(
  after: (reply: D1Result[]) => void,
  before: () => Promise<void> = async () => {},
): D1Database {
  return new Proxy(env.DB, {
    get(target, name) {
      if (name === "batch") {
        return async (statements: D1PreparedStatement[]) => {
          await before();
          const reply = await target.batch(statements);
          after(reply);
          return reply;
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** A second object over the room's storage, whose archive is `wrap`ped. */
function withArchive<T>(
  room: RoomStub,
  wrap: (archive: Port) => Port,
  body: (instance: Room, storage: DurableObjectStorage) => Promise<T>,
): Promise<T> {
  return runInDurableObject(room, (_, ctx) =>
    body(new Room(ctx, env, { openArchive: (id) => wrap(new Archive(env.DB, id)) }), ctx.storage),
  );
}

async function alarmLater(instance: Room, later_ms: number): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + later_ms });
  await instance.alarm();
  vi.useRealTimers();
}

const quiet = () => vi.spyOn(console, "error").mockImplementation(() => undefined);

describe("[B1] an archive that is down", () => {
  it("blocks no append, loses nothing, and is caught up with as soon as it is back [B3]", async () => {
    const room = freshRoom();
    const told = quiet();
    let down = true;
    let calls = 0;
    const failing = (archive: Port): Port => ({
      cursor: async () => {
        calls += 1;
        if (down) throw new Error("D1 is down");
        return archive.cursor();
      },
      write: (cursor, batch) => archive.write(cursor, batch),
      clear: (generation) => archive.clear(generation),
    });
    await withArchive(room, failing, async (instance, storage) => {
      // A day of failing tries.
      for (let day_ms = 0; day_ms < 86_400_000; day_ms += 12 * MAX_DRAIN_PAUSE_MS) {
        expect(await instance.append(own, packEvents(works(calls * 10, calls * 10 + 9)))).toMatchObject({
          ok: true,
          accepted: 10,
        });
        await alarmLater(instance, day_ms + DRAIN_DELAY_MS);
      }
      expect(calls).toBe(24);
      expect(await cursorOf(room)).toBe(0);
      // B3: no traffic any more; the alarm that the last failure left is enough.
      expect(await storage.getAlarm()).not.toBeNull();
      down = false;
      await alarmLater(instance, 2 * 86_400_000);
    });
    expect(told).toHaveBeenCalled();
    told.mockRestore();
    await expectWhole(room);
  });

  it("pauses longer after each failure, up to five minutes, whatever commits meanwhile", async () => {
    const room = freshRoom();
    const told = quiet();
    let calls = 0;
    const failing = (archive: Port): Port => ({
      ...archive,
      cursor: async () => {
        calls += 1;
        throw new Error("D1 is down");
      },
    });
    await withArchive(room, failing, async (instance) => {
      for (let at = 1; at <= 5_001; at += 1_000) await instance.append(own, packEvents(works(at, at + 999)));
      await alarmLater(instance, 0);
      expect(calls).toBe(1);
      await instance.append(own, packEvents(works(10_000, 10_010)));
      await alarmLater(instance, 5_000);
      expect(calls).toBe(1);
      await alarmLater(instance, 11_000);
      expect(calls).toBe(2);
    });
    told.mockRestore();
  });

  it("holds up neither appends nor the alarm when it does not answer", async () => {
    const room = freshRoom();
    let release = () => {};
    const hanging = (archive: Port): Port => ({
      cursor: () => archive.cursor(),
      write: async (cursor, batch) => {
        await new Promise<void>((resolve) => (release = resolve));
        return archive.write(cursor, batch);
      },
      clear: (generation) => archive.clear(generation),
    });
    await withArchive(room, hanging, async (instance) => {
      await instance.append(own, packEvents(works(1, 10)));
      await alarmLater(instance, DRAIN_DELAY_MS);
      expect(await instance.append(own, packEvents(works(11, 20)))).toMatchObject({ ok: true, accepted: 10 });
      expect(await cursorOf(room)).toBe(0);
      release();
      await vi.waitFor(async () => expect(await cursorOf(room)).toBe(10), { timeout: 5_000 });
    });
    await drain(room, 2 * DRAIN_DELAY_MS);
    await expectWhole(room);
  });

  it("that commits and then loses its answer stores each event once [B2]", async () => {
    const room = freshRoom();
    const told = quiet();
    let lost = 0;
    const lossy = (archive: Port): Port => ({
      cursor: () => archive.cursor(),
      write: async (cursor, batch) => {
        const next = await archive.write(cursor, batch);
        if (lost++ === 0) throw new Error("the answer was lost");
        return next;
      },
      clear: (generation) => archive.clear(generation),
    });
    await withArchive(room, lossy, async (instance) => {
      await instance.append(own, packEvents(works(1, 600)));
      await alarmLater(instance, DRAIN_DELAY_MS);
      // The control: it was committed.
      expect(await cursorOf(room)).toBe(600);
      await instance.append(own, packEvents(works(601, 900)));
      await alarmLater(instance, 2 * DRAIN_DELAY_MS);
    });
    expect(lost).toBe(2);
    told.mockRestore();
    await expectWhole(room);
  });
});

describe("[B2] a step done twice", () => {
  it("fails as a whole and changes nothing; so does one that is late, or one of two at once", async () => {
    const room = freshRoom();
    await fill(room, 1, 500);
    const project = projectOf(room);
    const archive = new Archive(env.DB, project);
    const batch = await runInDurableObject(room, (_, { storage }) => batchAfter(storage.sql, 0));
    if (batch === null) throw new Error("nothing to drain");
    const next = await archive.write({ seq: 0, time: 0, generation: 0 }, batch);
    const once = await dump(project);
    await expect(archive.write({ seq: 0, time: 0, generation: 0 }, batch)).rejects.toThrow(/NOT NULL/);
    expect(await dump(project)).toBe(once);

    await fill(room, 501, 800);
    const more = await runInDurableObject(room, (_, { storage }) => batchAfter(storage.sql, 500));
    if (more === null) throw new Error("nothing to drain");
    const both = await Promise.allSettled([archive.write(next, more), archive.write(next, more)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const twice = await dump(project);
    await expect(archive.write(next, more)).rejects.toThrow(/NOT NULL/);
    expect(await dump(project)).toBe(twice);
    await expectWhole(room);

    // A straggler that meets an emptied archive must not leave a hole.
    await archive.clear(next.generation + 1);
    await expect(archive.write(next, more)).rejects.toThrow(/NOT NULL/);
    expect(await cursorOf(room)).toBe(0);
  });

  it("and an alarm that runs twice adds nothing", async () => {
    const room = freshRoom();
    await fill(room, 1, 100);
    await drain(room);
    const once = await dump(projectOf(room));
    await runInDurableObject(room, async (instance: Room) => {
      await alarmLater(instance, 2 * DRAIN_DELAY_MS);
      await alarmLater(instance, 3 * DRAIN_DELAY_MS);
    });
    expect(await dump(projectOf(room))).toBe(once);
  });
});

describe("[B3] sleep", () => {
  it("between any two steps changes nothing, and a room that wakes with a backlog arms itself", async () => {
    const room = freshRoom();
    for (let at = 1; at <= 900; at += 300) {
      await fill(room, at, at + 299);
      await evictDurableObject(room);
      await drain(room, DRAIN_DELAY_MS);
      await evictDurableObject(room);
    }
    await fill(room, 901, 1_000);
    await runInDurableObject(room, (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(room);
    // Any call wakes it; only the constructor can have set this alarm.
    const armed = await runInDurableObject(room, (_, { storage }) => storage.getAlarm());
    expect(armed).not.toBeNull();
    await rest(room);
    await expectWhole(room);
    // An hour later it has said of its targets what there was to say.
    await rest(room, 3_700_000);
    // Nor is the nightly audit due.
    await room.noteAudit({ verdict: await room.verify(), to: await headOf(room), anchors: 0 }, true);
    await evictDurableObject(room);
    await runInDurableObject(room, (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(room);
    // The control: without a backlog it does not wake itself for ever.
    expect(await runInDurableObject(room, (_, { storage }) => storage.getAlarm())).toBeNull();
  });

  it("a long backlog goes in whole steps, without waiting, also when the room woke with it", async () => {
    const room = freshRoom();
    const told = quiet();
    // Down, so that all of it is still there when the room falls asleep.
    await env.DB.exec("ALTER TABLE archive_cursor RENAME TO archive_cursor_away");
    await fill(room, 1, 2 * DRAIN_EVENTS + 500);
    await drain(room, 0);
    await runInDurableObject(room, (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(room);
    await env.DB.exec("ALTER TABLE archive_cursor_away RENAME TO archive_cursor");
    told.mockRestore();
    // Its first call wakes it, and the alarm that it sets by itself does the rest: nobody runs one here.
    await stateOf(room);
    // Less than a step is left, however many events a step could afford.
    const left = async () => (await headOf(room)) - (await cursorOf(room));
    await vi.waitFor(async () => expect(await left()).toBeLessThan(DRAIN_EVENTS), { timeout: 10_000 });
    await rest(room);
    await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 10_000 });
    await expectWhole(room);
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

it("[P1] what is destroyed in the log is destroyed in the archive too", async () => {
  const room = freshRoom();
  await append(room, [
    event("a"),
    event("b", { metadata: { title: "to be forgotten" }, event_type: "task_created", task_id: "B" }),
  ]);
  await drain(room);
  expect(await dump(projectOf(room))).toContain("to be forgotten");
  await room.forget([2]);
  // The room's own alarm may come first, and run beside this one.
  const soon = { timeout: 5_000 };
  await vi.waitFor(async () => expect(await dump(projectOf(room))).not.toContain("to be forgotten"), soon);
  await drain(room, 2 * DRAIN_DELAY_MS);
  await vi.waitFor(async () => expect(await cursorOf(room)).toBe(3), soon);
  expect(await dump(projectOf(room))).not.toContain("to be forgotten");
  const [segment] = await rows<{ events: number[] }>("archive_segment", projectOf(room), "first_seq");
  expect((await gunzip(segment?.events ?? [])).split("\n")[1]).toBe("");
  expect(await cursorOf(room)).toBe(3);
});

it("[P1] [B2] [B3] a step or an emptying from before a forgetting, executed late, changes nothing", async () => {
  const project = `p${crypto.randomUUID()}`;
  const archive = new Archive(env.DB, project);
  const stored = (title: string) => {
    const { json } = event("a", { event_type: "task_created", task_id: "T", metadata: { title } });
    return { ...(JSON.parse(json) as NewEvent), seq: 1, received_at: "2026-11-22T12:00:00.000Z" };
  };
  const batch = (title: string) => ({
    texts: [JSON.stringify(stored(title))],
    head: "",
  });
  const before = await archive.cursor();
  await archive.clear(1);
  await expect(archive.write(before, batch("to be forgotten"))).rejects.toThrow(/NOT NULL/);
  expect(await dump(project)).not.toContain("to be forgotten");
  await archive.write(await archive.cursor(), { texts: [""], head: "" });
  // The same seq, of another generation.
  await expect(archive.write({ ...before, seq: 1 }, batch("to be forgotten"))).rejects.toThrow(/NOT NULL/);

  const filled = await dump(project);
  for (const late of [0, 1]) await archive.clear(late);
  expect(await dump(project)).toBe(filled);
  // The control: a later one empties it.
  await archive.clear(2);
  expect(await archive.cursor()).toEqual({ seq: 0, time: 0, generation: 2 });
  expect(await rows("archive_segment", project, "first_seq")).toEqual([]);
});

it.each([
  ["archive, which lacks a forgetting,", 0, 3, 3],
  ["log, which lacks some,", 7, 3, 8],
])("[B3] where the %s was restored, the archive is filled anew", async (_what, archived, own_one, then) => {
  const room = freshRoom();
  const project = projectOf(room);
  const told = quiet();
  await fill(room, 1, 100);
  await drain(room);
  await env.DB.prepare("UPDATE archive_task SET row = '{}' WHERE project_id = ?").bind(project).run();
  await env.DB.prepare("UPDATE archive_cursor SET generation = ? WHERE project_id = ?")
    .bind(archived, project)
    .run();
  await runInDurableObject(room, (_, { storage }) =>
    storage.sql.exec("UPDATE drain SET generation = ?", own_one),
  );
  await evictDurableObject(room);
  await fill(room, 101, 110);
  await drain(room);
  await drain(room, DRAIN_DELAY_MS + MAX_DRAIN_PAUSE_MS);
  await vi.waitFor(async () => expect(await cursorOf(room)).toBe(110), { timeout: 5_000 });
  await expectWhole(room);
  expect((await new Archive(env.DB, project).cursor()).generation).toBe(then);
  expect(JSON.stringify(told.mock.calls.map(([, error]) => String(error)))).toContain(
    "restored from a backup",
  );
  told.mockRestore();
});
