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
import { LOOSE_TASKS } from "../../schema/wire/learning.ts";
import type { LessonsResponse } from "../../schema/wire/lesson.ts";
import { lessonEffectsResponse } from "../../schema/wire/lesson-effect-body.ts";
import { startReflection, type ReflectionParams } from "../../worker/learning/reflect/start.ts";
import {
  LOOSE_WAIT_MS,
  MAX_REFLECTIONS_WAITING,
  REFLECT_HISTORY_MS,
  REFLECT_MAX_AGE_MS,
  REFLECT_SETTLE_MS,
  REFLECT_STUCK_MS,
  REST_ENDED_MS,
  REST_MS,
} from "../../worker/room/limits.ts";
import { readAll, type RoomStub } from "./prepared.ts";
import { asKey, asPerson, event, json, migrate, signUp, type Account } from "./server.ts";

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
    const lesson_id = expect.stringMatching(/^reflection-[0-9a-f]{16}$/) as string;
    expect(made).toMatchObject([
      {
        agent_id: "clusterfork:reflection",
        feature_id: "rooms",
        metadata: { outcome: "merged", patterns: ["contention"], lessons: [lesson_id] },
        metrics: { seq: 8, cycle_count: 0 },
      },
    ]);
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
  it("of a feature that goes on", async () => {
    const team = await signUp("Silence");
    await send(team, ...work());
    expect(await later(team)).toBe(0);
    await send(team, MERGED, { event_type: "feature_reopened", feature_id: "rooms" });
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

it("is not looked back on where the project does not want it, nor later; the report answers all the same", async () => {
  const team = await signUp("Unreflected");
  const wants = async (reflection: boolean) => {
    const path = `/api/projects/${team.project.id}/settings`;
    const set = await asPerson(team.cookie, path, json("PATCH", { learning: { reflection } }));
    expect(set.status).toBe(200);
    expect(await set.json()).toMatchObject({ settings: { learning: { reflection } } });
  };
  await wants(false);
  await send(team, ...work(), MERGED);
  expect(await later(team)).toBe(0);
  expect((await asKey(team.keys.read, "/v1/features/rooms/report")).status).toBe(200);
  await wants(true);
  expect(await later(team, REFLECT_STUCK_MS * 4)).toBe(0);
  expect(await saidOf(team, "reflection_made")).toEqual([]);
  // What ends from now on is.
  await send(team, { event_type: "feature_requested", feature_id: "next" });
  await send(team, { event_type: "feature_merged", feature_id: "next" });
  expect(await later(team)).toBe(1);
});

describe("a history that is imported", () => {
  const old = (n: number): Record<string, unknown>[] => {
    const timestamp = new Date(Date.now() - REFLECT_MAX_AGE_MS - (500 - n) * 3_600_000).toISOString();
    const feature_id = `old-${String(n)}`;
    return [
      { event_type: "feature_requested", feature_id, timestamp },
      { event_type: "feature_merged", feature_id, timestamp },
    ];
  };
  const waiting = (team: Account) =>
    runInDurableObject(roomOf(team), (_, { storage }) =>
      storage.sql
        .exec<{ feature_id: string; attempt: number }>(
          "SELECT feature_id, attempt FROM reflecting ORDER BY seq",
        )
        .toArray(),
    );

  it("is looked back on when all of it is here, the newest of it, a few at a time", async () => {
    const team = await signUp("History");
    const count = MAX_REFLECTIONS_WAITING + 5;
    for (let from = 0; from < count; from += 50)
      await send(team, ...Array.from({ length: Math.min(50, count - from) }, (_, n) => old(from + n)).flat());
    expect(await later(team)).toBe(0);
    const rows = await waiting(team);
    expect(rows).toHaveLength(MAX_REFLECTIONS_WAITING);
    expect(rows.map(({ feature_id }) => feature_id)).not.toContain("old-4");
    expect(rows.at(-1)?.feature_id).toBe(`old-${String(count - 1)}`);
    await runInDurableObject(roomOf(team), (_, { storage }) => {
      storage.sql.exec("DELETE FROM reflecting WHERE feature_id NOT IN ('old-204', 'old-203', 'old-202')");
    });
    expect(await later(team, REFLECT_HISTORY_MS)).toBe(3);
    expect(await saidOf(team, "reflection_made")).toHaveLength(3);
  });
});

it("is not kept from a feature that ended just now by trouble of features that nobody knows", async () => {
  const team = await signUp("Pushed out");
  await send(team, ...work(), MERGED);
  const trouble = Array.from({ length: MAX_REFLECTIONS_WAITING }, (_, n) => ({
    event_type: "bug_reported",
    feature_id: `made-up-${String(n)}`,
    metadata: { title: "x" },
  }));
  await send(team, ...trouble);
  expect(await later(team)).toBe(1);
  expect((await saidOf(team, "reflection_made")).map(({ feature_id }) => feature_id)).toEqual(["rooms"]);
});

describe("tasks of no feature", () => {
  const one = (n: number, reason: string): Record<string, unknown>[] => {
    const task_id = `S-${String(n)}`;
    return [
      { event_type: "task_created", task_id, metadata: { title: `Session ${String(n)}` } },
      { event_type: "task_claimed", task_id },
      { event_type: "task_completed", task_id, metadata: { reason } },
    ];
  };
  const some = (from: number, count: number, reason = "Merged as abc") =>
    Array.from({ length: count }, (_, n) => one(from + n, reason)).flat();
  const REDONE = /^Look whether it is done already before you begin: 3 of 25 tasks had nothing left to do$/;

  it("[B2] are looked back on together when enough have ended, each of them once", async () => {
    const team = await signUp("Loose");
    await send(team, ...some(0, 3, "no-changes: already merged to main"), ...some(3, 21));
    expect(await later(team)).toBe(0);
    await send(team, ...some(24, 1));
    expect(await later(team)).toBe(1);
    const [made] = await saidOf(team, "reflection_made");
    expect(made?.feature_id).toBeUndefined();
    expect(made?.metadata).toMatchObject({ outcome: "tasks", patterns: ["redone"] });
    const [lesson] = await saidOf(team, "lesson_learned");
    expect(lesson?.metadata?.["headline"]).toMatch(REDONE);
    expect(lesson?.metadata?.["evidence"]).toEqual(["3", "6", "9"]);
    await vi.waitFor(async () => expect(await lessonsOf(team)).toHaveLength(1), { timeout: 10_000 });
    // What was looked back on is not looked at again, and fewer than enough wait a day.
    expect(await later(team, REFLECT_STUCK_MS * 4)).toBe(0);
    await send(team, ...some(25, 2));
    expect(await later(team)).toBe(0);
    expect(await later(team, LOOSE_WAIT_MS + 60_000)).toBe(1);
    expect(await saidOf(team, "reflection_made")).toHaveLength(2);
    expect(await saidOf(team, "lesson_learned")).toHaveLength(1);
  });

  it("teach nothing anew by being called done again", async () => {
    const team = await signUp("Again");
    await send(team, ...some(0, 3, "no-changes: already merged to main"), ...some(3, 22));
    expect(await later(team)).toBe(1);
    const [first] = await saidOf(team, "reflection_made");
    const again = Array.from({ length: LOOSE_TASKS }, (_, n) => ({
      ...{ event_type: "task_completed", task_id: `S-${String(n)}` },
      metadata: { reason: "no-changes: already merged to main" },
    }));
    await send(team, ...again);
    expect(await later(team)).toBe(0);
    // Also where another one's ending has them looked at.
    await send(team, ...again, ...some(25, 1));
    expect(await later(team)).toBe(1);
    const made = await saidOf(team, "reflection_made");
    expect(made[1]?.metadata).toMatchObject({ patterns: [], lessons: [] });
    expect([made.length, made[0]]).toEqual([2, first]);
    expect(await saidOf(team, "lesson_learned")).toHaveLength(1);
  });

  it("[B2] are said once by two attempts that both speak, though the second sees more", async () => {
    const team = await signUp("Slow model");
    await send(team, ...some(0, 3, "no-changes: already merged to main"), ...some(3, 19));
    const run = { project_id: team.project.id, feature_id: "", since: 0 };
    const made = async (attempt: number, seq: number) => {
      await using runs = await introspectWorkflow(REFLECTIONS);
      await startReflection(REFLECTIONS, { ...run, seq, attempt });
      for (const one of await runs.get()) await one.waitForStatus("complete");
    };
    await made(1, 66);
    await send(team, ...some(22, 1));
    await made(2, 69);
    expect((await saidOf(team, "reflection_made")).map(({ metrics }) => metrics?.["seq"])).toEqual([66]);
    expect(await saidOf(team, "lesson_learned")).toHaveLength(1);
  });

  it("begin nothing when none of them is closed any more after a day", async () => {
    const team = await signUp("Reopened");
    await send(team, ...some(0, 2));
    expect(await later(team)).toBe(0);
    await send(
      team,
      { event_type: "task_reopened", task_id: "S-0" },
      { event_type: "task_reopened", task_id: "S-1" },
    );
    expect(await later(team, LOOSE_WAIT_MS + 60_000)).toBe(0);
    // What ends after that is looked back on.
    await send(team, { event_type: "task_completed", task_id: "S-0" });
    expect(await later(team)).toBe(0);
    expect(await later(team, LOOSE_WAIT_MS + 60_000)).toBe(1);
    expect(await saidOf(team, "reflection_made")).toHaveLength(1);
  });

  it("are not those of a feature, however few say so", async () => {
    const team = await signUp("Bound");
    const created = some(0, LOOSE_TASKS).map((each) =>
      each["event_type"] === "task_created" ? { ...each, feature_id: "rooms" } : each,
    );
    await send(team, { event_type: "feature_requested", feature_id: "rooms" }, ...created);
    expect(await later(team)).toBe(0);
    expect(await later(team, LOOSE_WAIT_MS + 60_000)).toBe(0);
  });
});

describe("a feature that nobody ends", () => {
  const opened = {
    event_type: "feature_requested",
    feature_id: "rooms",
    metadata: { title: "s", kind: "branch" },
  };
  const session = work().with(0, opened);
  const STOPPED = { ...about, event_type: "agent_stopped", metadata: { reason: "the session ended" } };
  const waiting = (team: Account) =>
    runInDurableObject(roomOf(team), (_, { storage }) => storage.sql.exec("SELECT * FROM resting").toArray());

  it("[B2] is looked back on once it has rested for a day, and again when it rests after new work, saying nothing twice", async () => {
    const team = await signUp("Resting");
    await send(team, ...session);
    expect(await later(team)).toBe(0);
    expect(await later(team, REST_ENDED_MS + 60_000)).toBe(0);
    expect(await waiting(team)).toMatchObject([{ feature_id: "rooms", seq: 7 }]);
    expect(await later(team, REST_MS + 60_000)).toBe(1);
    expect(await saidOf(team, "reflection_made")).toMatchObject([
      { feature_id: "rooms", metadata: { outcome: "rested", patterns: ["contention"] }, metrics: { seq: 7 } },
    ]);
    expect(await saidOf(team, "lesson_learned")).toMatchObject([
      { metadata: { headline: LESSON, evidence: ["4", "5", "6"] } },
    ]);
    // Its own words are no work.
    expect(await later(team, 2 * REST_MS)).toBe(0);
    expect(await waiting(team)).toEqual([]);
    await send(team, { ...about, event_type: "task_progress", metadata: { message: "on" } });
    expect(await later(team, REST_ENDED_MS + 60_000)).toBe(0);
    expect(await later(team, REST_MS + 60_000)).toBe(1);
    expect(await saidOf(team, "reflection_made")).toHaveLength(2);
    expect(await saidOf(team, "lesson_learned")).toHaveLength(1);
  });

  it("rests sooner where its agent has stopped, and not while it goes on", async () => {
    const team = await signUp("Stopping");
    await send(team, ...session, STOPPED);
    expect(await later(team, REST_ENDED_MS - 60_000)).toBe(0);
    expect(await later(team, REST_ENDED_MS + 60_000)).toBe(1);
    await send(team, STOPPED);
    expect(await later(team, REST_ENDED_MS - 60_000)).toBe(0);
    // It goes on.
    await send(team, { ...about, event_type: "task_progress", metadata: { message: "on" } });
    expect(await later(team, 2 * REST_ENDED_MS)).toBe(0);
    expect(await waiting(team)).toMatchObject([{ seq: expect.any(Number) as number }]);
  });

  it("has rested already where it is history", async () => {
    const team = await signUp("Old session");
    const timestamp = new Date(Date.now() - 2 * REST_MS).toISOString();
    await send(team, ...session.map((each) => ({ ...each, timestamp })));
    expect(await later(team, REST_ENDED_MS + 1_000)).toBe(1);
  });

  it("[B3] is found by a room that was evicted before it looked through its log", async () => {
    const team = await signUp("Evicted");
    // Nothing that ends anything: no other reason to look.
    await send(team, ...session.slice(0, -1), STOPPED);
    await evictDurableObject(roomOf(team));
    expect(await later(team, REST_ENDED_MS + 60_000)).toBe(1);
  });

  it("is looked back on by its ending where somebody ends it after all", async () => {
    const team = await signUp("Ended");
    await send(team, ...session, STOPPED, MERGED);
    expect(await later(team)).toBe(1);
    expect((await saidOf(team, "reflection_made"))[0]?.metadata).toMatchObject({ outcome: "merged" });
    expect(await later(team, REST_MS * 2)).toBe(0);
  });

  it("is none of a tracker's, which somebody ends", async () => {
    const team = await signUp("Epic");
    await send(team, ...session.with(0, { ...opened, metadata: { title: "s", kind: "epic" } }), STOPPED);
    expect(await later(team, REST_ENDED_MS + 60_000)).toBe(0);
    expect(await later(team, REST_MS * 2)).toBe(0);
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
    // One on the feature, and one on the tasks, which are of none.
    expect(await later(team)).toBe(2);
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
