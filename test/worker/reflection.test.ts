/** Reflections over real rooms and Workflows: when they are made, what they say, and what twice, late and stuck do to them. */
import {
  evictDurableObject,
  introspectWorkflow,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { LessonsResponse } from "../../schema/wire/lesson.ts";
import { lessonEffectsResponse } from "../../schema/wire/lesson-effect-body.ts";
import { startReflection, type ReflectionParams } from "../../worker/learning/reflect/start.ts";
import { REFLECT_MAX_AGE_MS, REFLECT_SETTLE_MS, REFLECT_STUCK_MS } from "../../worker/room/limits.ts";
import { readAll, type RoomStub } from "./prepared.ts";
import { asKey, event, json, migrate, signUp, type Account } from "./server.ts";

const REFLECTIONS: Workflow<ReflectionParams> = env.REFLECTION ?? missing();
function missing(): never {
  throw new Error("the tests run with wrangler.toml, which binds REFLECTION");
}

beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const roomOf = (team: Account) => env.ROOM.get(env.ROOM.idFromName(team.project.id)) as unknown as RoomStub;
const saidOf = async (team: Account, ...types: string[]) =>
  (await readAll(roomOf(team)))
    .map((text) => JSON.parse(text) as StoredEvent)
    .filter(({ event_type, source }) => source === "clusterfork" && types.includes(event_type));
const lessonsOf = async (team: Account) =>
  (await (await asKey(team.keys.read, "/v1/lessons")).json<LessonsResponse>()).lessons;

async function send(team: Account, ...events: Record<string, unknown>[]): Promise<void> {
  const reply = await asKey(team.keys.ingest, "/v1/events", json("POST", { events: events.map(event) }));
  expect(reply.status, await reply.clone().text()).toBe(200);
  expect(await reply.json()).toMatchObject({ accepted: events.length });
}

/** Only Date moves: timers are real. Says how many reflections ran. */
async function later(team: Account, by_ms = REFLECT_SETTLE_MS): Promise<number> {
  await using runs = await introspectWorkflow(REFLECTIONS);
  await runs.modifyAll((run) => run.disableRetryDelays());
  // What is due now has been done: an alarm that runs cannot be asked for.
  await runDurableObjectAlarm(roomOf(team));
  await scheduler.wait(50);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + by_ms });
  await runDurableObjectAlarm(roomOf(team));
  vi.useRealTimers();
  const started = await runs.get();
  for (const run of started) await run.waitForStatus("complete");
  return started.length;
}

const about = { feature_id: "rooms", task_id: "T-1" };
const refused = {
  ...about,
  event_type: "lock_conflict",
  agent_id: "coder-b",
  metadata: { path: "server/routes.ts", holder_agent_id: "coder-a" },
};
const work = (extra: Record<string, unknown>[] = []): Record<string, unknown>[] => [
  { event_type: "feature_requested", feature_id: "rooms", metadata: { title: "Add rooms" } },
  { ...about, event_type: "task_created", metadata: { title: "Routes", files: ["server/routes.ts"] } },
  { ...about, event_type: "task_claimed" },
  refused,
  refused,
  refused,
  ...extra,
  { ...about, event_type: "task_completed" },
];
const MERGED = { event_type: "feature_merged", feature_id: "rooms" };
const LESSON =
  "“server/routes.ts” is wanted by several agents at once: let one task own its changes, or split it";

describe("after a feature was merged", () => {
  it("it is looked back on once, and what it teaches is in the log and in the book", async () => {
    const team = await signUp("Mirrors");
    await send(team, ...work(), MERGED);
    expect(await later(team, 0)).toBe(0);
    expect(await later(team)).toBe(1);
    const made = await saidOf(team, "reflection_made");
    expect(made).toMatchObject(
      [
        {
          agent_id: "clusterfork:reflection",
          feature_id: "rooms",
          metadata: { outcome: "merged", patterns: ["contention"], lessons: [/^reflection-[0-9a-f]{16}$/] },
          metrics: { seq: 8, cycle_count: 0 },
        },
      ].map((one) => expect.objectContaining({ ...one, metadata: expect.anything() as object }) as object),
    );
    expect(made[0]?.metadata).toMatchObject({ outcome: "merged", patterns: ["contention"] });
    expect(await saidOf(team, "lesson_learned")).toMatchObject([
      { feature_id: "rooms", metadata: { headline: LESSON, evidence: ["4", "5", "6"], source_task: "T-1" } },
    ]);
    const [lesson] = await vi.waitFor(async () => {
      const found = await lessonsOf(team);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(lesson).toMatchObject({
      ...{ headline: LESSON, status: "active", source_feature: "rooms", evidence: [4, 5, 6] },
      provenance: { kind: "reflection", by: "clusterfork:reflection" },
    });
    // Nothing is left to do, and an alarm more does nothing.
    expect(await later(team, REFLECT_STUCK_MS * 4)).toBe(0);
    expect(await saidOf(team, "reflection_made")).toHaveLength(1);
  });

  it("[B2] asked twice it says nothing twice, and trouble that came since amends it", async () => {
    const team = await signUp("Twice");
    await send(team, ...work(), MERGED);
    expect(await later(team)).toBe(1);
    const run = { project_id: team.project.id, feature_id: "rooms", seq: 8 };
    {
      await using runs = await introspectWorkflow(REFLECTIONS);
      await startReflection(REFLECTIONS, { ...run, attempt: 2 });
      for (const again of await runs.get()) await again.waitForStatus("complete");
    }
    expect(await saidOf(team, "reflection_made")).toHaveLength(1);
    expect(await saidOf(team, "lesson_learned")).toHaveLength(1);
    await send(team, { event_type: "bug_reported", feature_id: "rooms", metadata: { title: "Wrong room" } });
    expect(await later(team)).toBe(1);
    const made = await saidOf(team, "reflection_made");
    expect(made.map(({ metrics }) => metrics?.["seq"])).toEqual([8, expect.any(Number)]);
    expect(await vi.waitFor(() => lessonsOf(team))).toHaveLength(1);
  });

  it("[B3] a run that was killed is started anew", async () => {
    const team = await signUp("Killed");
    await send(team, ...work(), MERGED);
    const room = roomOf(team);
    expect(await later(team, 0)).toBe(0);
    // As a kill leaves it: started, and nothing came of it.
    await runInDurableObject(room, (_, { storage }) => {
      storage.sql.exec("INSERT OR REPLACE INTO reflected (one, seq) VALUES (1, 8)");
      storage.sql.exec(
        "INSERT OR REPLACE INTO reflecting (feature_id, seq, attempt, due_ms) VALUES ('rooms', 8, 1, ?)",
        Date.now() + REFLECT_STUCK_MS,
      );
    });
    await evictDurableObject(room);
    expect(await later(team, REFLECT_STUCK_MS - 5_000)).toBe(0);
    expect(await later(team, REFLECT_STUCK_MS + 1_000)).toBe(1);
    expect(await saidOf(team, "reflection_made")).toHaveLength(1);
  });
});

describe("nothing is said", () => {
  it("of a feature that goes on, nor of what ended long before it was imported", async () => {
    const team = await signUp("Silence");
    await send(team, ...work());
    expect(await later(team)).toBe(0);
    await send(team, MERGED, { event_type: "feature_reopened", feature_id: "rooms" });
    expect(await later(team)).toBe(0);
    const timestamp = new Date(Date.now() - REFLECT_MAX_AGE_MS - 86_400_000).toISOString();
    await send(
      team,
      { event_type: "feature_requested", feature_id: "old", timestamp },
      { event_type: "feature_merged", feature_id: "old", timestamp },
    );
    expect(await later(team)).toBe(0);
    expect(await saidOf(team, "reflection_made")).toEqual([]);
  });

  it("as a lesson where nothing was out of the ordinary, also of a feature without tasks", async () => {
    const team = await signUp("Plain");
    await send(team, { event_type: "feature_requested", feature_id: "rooms" }, MERGED);
    expect(await later(team)).toBe(1);
    expect((await saidOf(team, "reflection_made"))[0]?.metadata).toMatchObject({ patterns: [], lessons: [] });
    expect(await saidOf(team, "lesson_learned")).toEqual([]);
  });
});

describe("what a lesson did", () => {
  it("is told with bounds from the tasks it was handed to and held back from, and one that harms retires", async () => {
    const team = await signUp("Effects");
    const lesson = { lesson_id: "slow-down", headline: "Take twice the time", category: "pattern" };
    await send(team, { event_type: "lesson_learned", metadata: lesson });
    await vi.waitFor(async () => expect(await lessonsOf(team)).toHaveLength(1), { timeout: 10_000 });
    const effects = async () => {
      const reply = await asKey(team.keys.read, "/v1/lessons/effects");
      return lessonEffectsResponse.parse(await reply.json());
    };
    expect(await effects()).toMatchObject({
      lessons: [],
      waiting: 0,
      overall: { verdict: "not enough data" },
    });
    // As four hundred tasks of four days would leave it, every fifth of them without: those with it mostly fail.
    const drawn_ms = Date.now() - 401 * 15 * 60_000;
    const book = env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(team.team.id));
    await runInDurableObject(book, (_, { storage }) => {
      for (let n = 0; n < 400; n += 1)
        storage.sql.exec(
          "INSERT INTO delivery (project, task, pk, is_withheld, at_ms, share) VALUES (?, ?, 1, ?, ?, 0.2)",
          ...[team.project.id, `t${String(n)}`, n % 5 === 0 ? 1 : 0, drawn_ms + n * 15 * 60_000],
        );
    });
    for (let from = 0; from < 400; from += 100)
      await send(
        team,
        ...Array.from({ length: 100 }, (_, at) => from + at).flatMap((n) => [
          { event_type: "task_started", task_id: `t${String(n)}` },
          {
            event_type: n % 5 === 0 || n % 3 === 0 ? "task_completed" : "task_failed",
            task_id: `t${String(n)}`,
          },
        ]),
      );
    const told = await effects();
    expect(told).toMatchObject({
      waiting: 0,
      ...{ excluded: 0, is_full: false },
      lessons: [{ lesson_id: "slow-down", verdict: "harms", tasks: 400, delivered: 320, searched: 0 }],
    });
    expect(told.lessons[0]?.lifts.success).toMatchObject({ handed: 320, withheld: 80 });
    expect(told.lessons[0]?.lifts.success.high).toBeLessThan(0);
    await send(team, { event_type: "feature_requested", feature_id: "rooms" }, MERGED);
    expect(await later(team)).toBe(1);
    expect(await saidOf(team, "lesson_retired")).toMatchObject(
      [
        {
          metadata: { lesson_id: "slow-down", rule: "effect", reason: /^Tasks succeeded less often with it/ },
        },
      ].map(({ metadata: { reason, ...rest } }) => ({
        metadata: { ...rest, reason: expect.stringMatching(reason) as string },
      })),
    );
    await vi.waitFor(async () => expect((await lessonsOf(team))[0]?.status).toBe("retired"), {
      timeout: 10_000,
    });
  });
});
