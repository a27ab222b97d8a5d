/** What is told of effects over the book's own tables: each end once and for good, what changed computed anew, no key's word alone. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import { noteAsker } from "../../worker/learning/book/alone.ts";
import { migrate as migrateBook } from "../../worker/learning/book/tables.ts";
import { noteChanged } from "../../worker/learning/book/effect-rows.ts";
import {
  MAX_GIVEN_OF_PROJECT,
  MAX_NAMES_OF_LESSON,
  TOLD_AT_ONCE,
} from "../../worker/learning/book/limits.ts";
import { tellStale } from "../../worker/learning/book/look.ts";
import type { TaskOutcome } from "../../worker/learning/effect/outcome.ts";
import type { BookRpc, Looked } from "../../worker/learning/query/book.ts";
import type { LessonEffectsResponse } from "../../schema/wire/lesson-effect.ts";
import type { LessonSearchResponse, LessonsResponse } from "../../schema/wire/lesson.ts";
import { asKey, event, json, migrate, signUp, workKey, type Account } from "./server.ts";

beforeAll(migrate);
const soon = { timeout: 10_000, interval: 50 };
const HOUR_MS = 3_600_000;

const bookOf = ({ team }: Account) => env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(team.id));
const callsOf = (team: Account) => bookOf(team) as unknown as BookRpc;
const inBook = <T>(team: Account, act: (storage: DurableObjectStorage) => T): Promise<T> =>
  runInDurableObject(bookOf(team), (_, { storage }) => act(storage));

async function send(team: Account, ...events: Record<string, unknown>[]): Promise<void> {
  const reply = await asKey(team.keys.ingest, "/v1/events", json("POST", { events: events.map(event) }));
  expect(await reply.json()).toMatchObject({ accepted: events.length });
}
const learned = (lesson_id: string, headline: string) => ({
  event_type: "lesson_learned",
  metadata: { lesson_id, headline },
});
async function taught(name: string, ...lessons: ReturnType<typeof learned>[]): Promise<Account> {
  const team = await signUp(name);
  const all = lessons.length > 0 ? lessons : [learned("end-dates", "End dates of bookings are exclusive")];
  await send(team, ...all);
  await vi.waitFor(async () => {
    const { lessons } = await (await asKey(team.keys.read, "/v1/lessons")).json<LessonsResponse>();
    expect(lessons).toHaveLength(all.length);
  }, soon);
  return team;
}
const effectsOf = async (team: Account) =>
  (await asKey(team.keys.read, "/v1/lessons/effects")).json<LessonEffectsResponse>();

interface Row {
  task: string;
  pk?: number;
  withheld?: boolean;
  at_ms?: number;
  key_id?: string;
}
/** As deliveries leave them. */
const draw = (team: Account, rows: readonly Row[]) =>
  inBook(team, ({ sql }) => {
    for (const { task, pk = 1, withheld = false, at_ms = Date.now(), key_id = "" } of rows) {
      sql.exec(
        "INSERT INTO delivery (project, task, pk, is_withheld, at_ms, share, key_id) VALUES (?, ?, ?, ?, ?, 0.2, ?)",
        ...[team.project.id, task, pk, Number(withheld), at_ms, key_id],
      );
      noteAsker(sql, team.project.id, key_id === "" ? null : key_id);
    }
  });

/** 200 tasks that the lesson was drawn for: the fifth that went without it ended well, the others did not. What a look then says. */
async function drawHarmed(team: Account, key_id = ""): Promise<() => Promise<Looked>> {
  const from_ms = Date.now() - 400 * HOUR_MS;
  const rows = Array.from({ length: 200 }, (_, n) => ({
    ...{ task: `t${String(n)}`, withheld: n % 5 === 0 },
    ...{ at_ms: from_ms + n * HOUR_MS, key_id },
  }));
  await draw(team, rows);
  const ends = rows.map(({ task, withheld, at_ms }) => {
    const known = { attempts: 1, cycles: null, tokens: null, work_ms: null };
    return [task, { ...known, closed_at: at_ms + 1, finished: withheld }] as const;
  });
  return () => callsOf(team).look({ project: team.project.id, ends, now_ms: Date.now() });
}

it("keeps what became of a task when somebody saw it first, though it is opened again and fails", async () => {
  const team = await taught("First sight");
  await draw(team, [{ task: "kept" }, { task: "open" }]);
  const task = (event_type: string, task_id = "kept") => ({ event_type, task_id });
  await send(team, task("task_started"), task("task_completed"), task("task_started", "open"));
  const once = await effectsOf(team);
  expect(once.lessons).toMatchObject([{ lesson_id: "end-dates", tasks: 1, waiting: 1 }]);
  const success = once.lessons[0]?.lifts.success;
  await send(team, task("task_reopened"), task("task_failed"));
  const again = await effectsOf(team);
  expect(again.lessons[0]?.lifts.success).toEqual(success);
  expect(again).toEqual(once);
  // What nobody saw ended says what it says now.
  await send(team, task("task_failed", "open"));
  expect((await effectsOf(team)).lessons).toMatchObject([{ tasks: 2, waiting: 0 }]);
  await inBook(team, ({ sql }) => {
    const kept = sql.exec<{ outcome: string }>("SELECT outcome FROM delivery ORDER BY task").toArray();
    const ends = kept.map(({ outcome }) => (JSON.parse(outcome) as { success: boolean }).success);
    expect(ends).toEqual([true, false]);
  });
});

it("computes nothing anew that nothing was added to", async () => {
  const team = await taught(
    "Told before",
    learned("end-dates", "End dates of bookings are exclusive everywhere"),
    learned("prefixes", "Prefixes of branches are those of their tickets"),
  );
  const rows = ["a", "b", "c"].map((task) => ({ task }));
  await draw(team, [...rows, { task: "d", pk: 2 }]);
  const ended: TaskOutcome = {
    ...{ closed_at: Date.now() + 1, finished: true, attempts: 1, cycles: 1, tokens: 10, work_ms: 1 },
  };
  const look = (...tasks: string[]): Promise<Looked> =>
    callsOf(team).look({
      ...{ project: team.project.id, now_ms: Date.now() },
      ends: tasks.map((task) => [task, ended] as const),
    });
  const { effects } = await look("a", "b", "d");
  expect(effects.lessons).toMatchObject([
    { lesson_id: "end-dates", tasks: 2, waiting: 1 },
    { lesson_id: "prefixes", tasks: 1 },
  ]);
  // Were the rows read again, they would say something else.
  await inBook(team, ({ sql }) => void sql.exec("UPDATE delivery SET is_withheld = 1"));
  expect((await look()).effects).toEqual(effects);
  // The first lesson has one more, and is read; the other is not.
  const { lessons } = (await look("c")).effects;
  expect(lessons[0]).toMatchObject({ tasks: 3, lifts: { success: { handed: 0, withheld: 3 } } });
  expect(lessons[1]).toEqual(effects.lessons[1]);
});

it("tells all lessons together by the one that ranked best when a task first asked", async () => {
  const team = await taught("Together", learned("dates", "End dates of bookings are exclusive everywhere"));
  const works = await workKey(team);
  await send(team, {
    event_type: "task_created",
    task_id: "T-1",
    metadata: { title: "End dates of bookings" },
  });
  await vi.waitFor(async () => {
    await asKey(works, "/v1/context?task=T-1");
    expect((await callsOf(team).drawn(team.project.id)).draws).toHaveLength(1);
  }, soon);
  await send(team, learned("other", "Bookings with end dates need their time zone"));
  await vi.waitFor(async () => {
    await asKey(works, "/v1/context?task=T-1");
    expect((await callsOf(team).drawn(team.project.id)).draws).toHaveLength(2);
  }, soon);
  await send(
    team,
    { event_type: "task_started", task_id: "T-1" },
    { event_type: "task_completed", task_id: "T-1" },
  );
  const told = await effectsOf(team);
  expect(told.lessons.map(({ tasks }) => tasks)).toEqual([1, 1]);
  expect(told.overall.tasks).toBe(1);
  const best = await inBook(team, ({ sql }) =>
    sql.exec<{ pk: number }>("SELECT pk FROM delivery WHERE is_best = 1").toArray(),
  );
  expect(best).toEqual([{ pk: 1 }]);
  await inBook(team, ({ sql }) => {
    const [key] = sql.exec<{ key_id: string }>("SELECT DISTINCT key_id FROM delivery").toArray();
    expect(works).toContain(key?.key_id);
  });
});

it("[T5] puts it to a person where one key's tasks alone speak against what it did not teach", async () => {
  const team = await taught("Mallory");
  const [, honest] = [await workKey(team), "honest000000"];
  const harmed = await drawHarmed(team, "mallory00000");
  const look = async () => (await harmed()).against;
  // Nobody else ever asked for lessons here: whose word should count, if not his.
  expect(await look()).toMatchObject([{ lesson_id: "end-dates", tasks: 200, is_one_keys: false }]);
  await draw(team, [{ task: "h", key_id: honest, at_ms: Date.now() }]);
  expect(await look()).toMatchObject([{ is_decided: false, is_one_keys: true }]);
  // What a reflection says rests on many events: whose one of them is did not teach it alone.
  const said = (keys: string[]) =>
    inBook(team, ({ sql }) => void sql.exec("UPDATE origin SET key_id = '', keys = ?", JSON.stringify(keys)));
  await said(["honest000000", "mallory00000"]);
  expect(await look()).toMatchObject([{ is_one_keys: true }]);
  await said(["mallory00000"]);
  expect(await look()).toMatchObject([{ is_one_keys: false }]);
  // Nor did he whose event a sender named when he taught it.
  await inBook(team, ({ sql }) => void sql.exec("UPDATE origin SET key_id = 'honest000000'"));
  expect(await look()).toMatchObject([{ is_one_keys: true }]);
  // Who taught it first may say that it was no good, however often others said it after him.
  await inBook(team, ({ sql }) => void sql.exec("UPDATE origin SET key_id = 'mallory00000'"));
  expect(await look()).toMatchObject([{ is_one_keys: false }]);
  await inBook(team, ({ sql }) => void sql.exec("UPDATE origin SET key_id = 'honest000000'"));
  expect(await look()).toMatchObject([{ is_one_keys: true }]);
  // Were the rows read again though none was added, it would be nobody's word.
  await inBook(team, ({ sql }) => void sql.exec("UPDATE delivery SET key_id = ''"));
  expect(await look()).toMatchObject([{ is_one_keys: true }]);
});

it("[T5] lets nobody become the only one who ever asked, by asking so often that the others are forgotten", async () => {
  const team = await taught("Flooded");
  const harmed = await drawHarmed(team, "mallory00000");
  const look = async () => (await harmed()).against;
  const [hit] = (
    await (await asKey(team.keys.read, "/v1/lessons/search?q=end+dates")).json<LessonSearchResponse>()
  ).hits;
  const searched = (task: string, key: string, now_ms: number) =>
    callsOf(team).noteSearched({
      ...{ project: team.project.id, task, feature: null, hits: hit === undefined ? [] : [hit] },
      ...{ via: "search", key, now_ms },
    });
  await searched("honest", "honest000000", Date.now() - HOUR_MS);
  expect(await look()).toMatchObject([{ is_one_keys: true }]);
  // As so many searches of his leave it.
  await inBook(
    team,
    ({ sql }) =>
      void sql.exec(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       INSERT INTO delivery (project, task, pk, is_withheld, at_ms, share, key_id)
       SELECT ?1, 'flood-' || i, 1, 0, ?3, 0, 'mallory00000' FROM n`,
        ...[team.project.id, MAX_GIVEN_OF_PROJECT - 1, Date.now() - 1_000],
      ),
  );
  await searched("last", "mallory00000", Date.now());
  await searched("last but one more", "mallory00000", Date.now());
  expect(await look()).toMatchObject([{ is_one_keys: true }]);
});

it("[T5] says of what a person decided that he did, and retires nothing of another project's", async () => {
  const team = await taught("Whose it is");
  const look = await drawHarmed(team);
  expect((await look()).against).toMatchObject([{ lesson_id: "end-dates", is_decided: false }]);
  const change = (path: string, value: string) =>
    inBook(
      team,
      ({ sql }) => void sql.exec("UPDATE lesson SET kept = json_set(kept, ?, json(?))", path, value),
    );
  await change("$.approved", "true");
  expect((await look()).against).toMatchObject([{ is_decided: true, is_one_keys: false }]);
  await change("$.approved", "false");
  await change("$.scope", '"team"');
  expect((await look()).against).toMatchObject([{ is_decided: true }]);
  // What it does here is told, but its own project says what becomes of it.
  await change("$.project", '"p000000000000other"');
  const { effects, against } = await look();
  expect(effects.lessons).toMatchObject([{ lesson_id: "p000000000000other.end-dates", verdict: "harms" }]);
  expect(against).toEqual([]);
});

it("[T1] forgets what was given without a coin of the project that was given too much, and of no other", async () => {
  const team = await taught("Given");
  const [one, other] = [team.project.id, "p000000000000other"];
  await inBook(team, ({ sql }) => {
    for (const [project, rows] of [
      [other, 10],
      [one, MAX_GIVEN_OF_PROJECT],
    ] as const)
      sql.exec(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
         INSERT INTO delivery (project, task, pk, is_withheld, at_ms, share) SELECT ?1, 'old-' || i, 1, 0, i, 0 FROM n`,
        ...[project, rows],
      );
  });
  const [hit] = (
    await (await asKey(team.keys.read, "/v1/lessons/search?q=end+dates")).json<LessonSearchResponse>()
  ).hits;
  await callsOf(team).noteSearched({
    ...{ project: one, task: "new", feature: null, hits: hit === undefined ? [] : [hit] },
    ...{ via: "search", key: null, now_ms: Date.now() },
  });
  await inBook(team, ({ sql }) => {
    const held = (project: string) =>
      sql.exec<{ n: number }>("SELECT count(*) AS n FROM delivery WHERE project = ?", project).one().n;
    expect([held(one), held(other)]).toEqual([MAX_GIVEN_OF_PROJECT, 10]);
  });
});

it("forgets the oldest names of what is said again and again under new ones, and never its own", async () => {
  const team = await taught("Names");
  const names = Array.from({ length: MAX_NAMES_OF_LESSON + 20 }, (_, n) => `twin-${String(n)}`);
  await send(team, ...names.map((name) => learned(name, "End dates of bookings are exclusive")));
  const get = async (name: string) => (await asKey(team.keys.read, `/v1/lessons/${name}`)).status;
  await vi.waitFor(async () => expect(await get(names.at(-1) ?? "")).toBe(200), soon);
  expect([await get("end-dates"), await get("twin-0")]).toEqual([200, 404]);
  await inBook(team, ({ sql }) => {
    const { n } = sql.exec<{ n: number }>("SELECT count(*) AS n FROM named").one();
    expect(n).toBeLessThanOrEqual(MAX_NAMES_OF_LESSON + 1);
    // Who taught it is known still.
    const [first] = sql.exec<{ seq: number }>("SELECT seq FROM origin ORDER BY seq LIMIT 1").toArray();
    expect(first?.seq).toBe(1);
  });
});

it("takes over the draws of a book of before", async () => {
  const team = await taught("Old book");
  await inBook(team, (storage) => {
    const { sql } = storage;
    for (const statement of [
      ...["given", "trial", "open", "best", "pk"].map((name) => `DROP INDEX delivery_${name}`),
      ...["outcome", "key_id", "is_best"].map((name) => `ALTER TABLE delivery DROP COLUMN ${name}`),
      ...[
        "ALTER TABLE named DROP COLUMN seq",
        "DROP TABLE effect",
        "DROP TABLE asker",
        "DROP TABLE verdict",
        "UPDATE book SET version = 3",
      ],
      "CREATE INDEX delivery_given ON delivery (at_ms) WHERE share = 0",
    ])
      sql.exec(statement);
    const rows = [
      ["T-1", 1, 0.2, 1, 2],
      ["T-1", 2, 0.2, 1, 1],
      ["T-1", 3, 0.2, 2, 1],
      ["T-2", 1, 0, 1, null],
    ] as const;
    for (const [task, pk, share, at_ms, rank] of rows)
      sql.exec(
        "INSERT INTO delivery (project, task, pk, is_withheld, share, at_ms, rank) VALUES ('p', ?, ?, 0, ?, ?, ?)",
        ...[task, pk, share, at_ms, rank],
      );
    migrateBook(storage);
    migrateBook(storage);
    expect(sql.exec("SELECT task, pk FROM delivery WHERE is_best = 1").toArray()).toEqual([
      { task: "T-1", pk: 2 },
    ]);
    expect(sql.exec("SELECT pk, is_stale FROM effect ORDER BY pk").toArray()).toEqual(
      [0, 1, 2, 3].map((pk) => ({ pk, is_stale: 1 })),
    );
  });
});

it("knows from a book of before whether one key alone asked for a project's lessons", async () => {
  const team = await taught("Asked before");
  await inBook(team, (storage) => {
    const { sql } = storage;
    sql.exec("DROP INDEX delivery_pk");
    for (const table of ["asker", "verdict"]) sql.exec(`DROP TABLE ${table}`);
    sql.exec("ALTER TABLE effect DROP COLUMN one_key");
    sql.exec("UPDATE book SET version = 4");
    const rows = ["one a", "many a", "many b", "many c", "many a", "none "].map((row) => row.split(" "));
    for (const [n, [project = "", key = ""]] of rows.entries())
      sql.exec(
        "INSERT INTO delivery (project, task, pk, is_withheld, share, at_ms, key_id) VALUES (?, ?, 1, 0, 0, 1, ?)",
        ...[project, `T-${String(n)}`, key],
      );
    migrateBook(storage);
    const askers = sql.exec("SELECT project, key_id FROM asker ORDER BY project, key_id").toArray();
    expect(askers).toEqual([
      { project: "many", key_id: "a" },
      { project: "many", key_id: "c" },
      { project: "one", key_id: "a" },
    ]);
  });
});

it("a book of before finds what each lesson was given to", async () => {
  const team = await taught("Given before");
  await inBook(team, (storage) => {
    const { sql } = storage;
    sql.exec("DROP INDEX delivery_pk");
    sql.exec("DROP TABLE verdict");
    sql.exec("UPDATE book SET version = 5");
    migrateBook(storage);
    migrateBook(storage);
    const plan = sql
      .exec<{ detail: string }>("EXPLAIN QUERY PLAN DELETE FROM delivery WHERE pk = 1")
      .toArray();
    expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining("delivery_pk")]);
    expect(sql.exec("SELECT version FROM book").toArray()).toEqual([{ version: 6 }]);
  });
});

it("[B1] tells lessons anew in turns of a bounded number of trials, and all of them in one look", async () => {
  const each = TOLD_AT_ONCE / 2;
  const team = await taught(
    "Turns",
    learned("doors", "Doors open outwards"),
    learned("rain", "Water runs off the roof"),
    learned("keys", "A lost key is changed within a day"),
  );
  const end = JSON.stringify({ success: true, cycles: null, tokens: null, work_ms: null });
  await inBook(team, (storage) => {
    const { sql } = storage;
    sql.exec(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       INSERT INTO delivery (project, task, pk, is_withheld, at_ms, share, outcome)
       SELECT ?1, 't-' || i, pk, i % 5 = 0, i, 0.2, ?3 FROM n, (SELECT 1 AS pk UNION SELECT 2 UNION SELECT 3)`,
      ...[team.project.id, each, end],
    );
    for (const pk of [1, 2, 3]) noteChanged(sql, team.project.id, pk);
    // Of the row of all together, and of the lessons: two of these are as much as one turn tells.
    expect(storage.transactionSync(() => tellStale(sql, team.project.id))).toBe(1);
    expect(storage.transactionSync(() => tellStale(sql, team.project.id))).toBe(0);
    for (const pk of [1, 2, 3]) noteChanged(sql, team.project.id, pk);
  });
  const { lessons } = await effectsOf(team);
  expect(lessons.map(({ tasks }) => tasks)).toEqual([each, each, each]);
});
