/** What the book keeps of draws: who was to be given a lesson, whom it reached, who found it himself, and what is too much. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { DEFAULT_LEARNING } from "../../schema/wire/learning.ts";
import type { Lesson, LessonSearchResponse, LessonsResponse } from "../../schema/wire/lesson.ts";
import { deliver } from "../../worker/learning/book/deliver.ts";
import { MAX_DRAWS_OF_PROJECT } from "../../worker/learning/book/limits.ts";
import { Shelf } from "../../worker/learning/book/shelf.ts";
import type { BookRpc, DeliverAsk } from "../../worker/learning/query/book.ts";
import { readAll, type RoomStub } from "./prepared.ts";
import { asKey, event, json, migrate, signUp, workKey, type Account } from "./server.ts";

beforeAll(migrate);

const bookOf = ({ team }: Account) => env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(team.id));
const callsOf = (team: Account) => bookOf(team) as unknown as BookRpc;

async function send(team: Account, ...events: Record<string, unknown>[]): Promise<void> {
  const reply = await asKey(team.keys.ingest, "/v1/events", json("POST", { events: events.map(event) }));
  expect(await reply.json()).toMatchObject({ accepted: events.length });
}

/** A team that learned one thing. */
async function taught(name: string): Promise<Account> {
  const team = await signUp(name);
  const metadata = { lesson_id: "end-dates", headline: "End dates of bookings are exclusive everywhere" };
  await send(team, { event_type: "lesson_learned", metadata });
  await vi.waitFor(async () => expect(await lessonOf(team)).toBeDefined(), {
    timeout: 10_000,
    interval: 50,
  });
  return team;
}
async function lessonOf(team: Account): Promise<Lesson | undefined> {
  const { lessons } = await (await asKey(team.keys.read, "/v1/lessons")).json<LessonsResponse>();
  return lessons[0];
}
const ask = ({ project }: Account, task: string, more: Partial<DeliverAsk> = {}): DeliverAsk => ({
  ...{ project: project.id, task, text: "end dates of bookings", feature: null, via: "hook" },
  ...{ k: 5, tokens: 1_000, weights: DEFAULT_LEARNING.weights, now_ms: Date.now() },
  ...{ withheld_share: 0.2, only_new: true, key: null, until_ms: null },
  ...more,
});
const saidOf = async ({ project }: Account) =>
  (await readAll(env.ROOM.get(env.ROOM.idFromName(project.id)) as unknown as RoomStub))
    .map((text) => JSON.parse(text) as StoredEvent)
    .filter(({ event_type }) => /^lesson_(retrieved|withheld)$/.test(event_type));
/** Tasks until the coin fell on this side. */
async function first(team: Account, wanted: "given" | "withheld", more: Partial<DeliverAsk> = {}) {
  for (let n = 0; n < 200; n++) {
    const task = `${wanted}-${n}`;
    const { hits } = await callsOf(team).deliver(ask(team, task, more));
    if (hits.length === (wanted === "given" ? 1 : 0)) return task;
  }
  throw new Error(`no task was ${wanted} in 200: that has a chance of one in 10^19`);
}

it("draws nothing for who went on before, and counts as delivered what was answered in time", async () => {
  const team = await taught("Late");
  const book = callsOf(team);
  const gone = ask(team, "gone", { until_ms: Date.now() - 1 });
  expect(await book.deliver(gone)).toEqual({ hits: [] });
  expect(await book.drawn(team.project.id)).toEqual({ draws: [], is_full: false });
  expect(await saidOf(team)).toEqual([]);

  const task = await first(team, "given");
  const given = async () => (await book.drawn(team.project.id)).draws.find(({ task_id }) => task_id === task);
  expect(await given()).toMatchObject({ withheld: false, late: false, rank: 1, share: 0.2 });
  const before = await lessonOf(team);
  // As it is where the answer came too late.
  await runInDurableObject(bookOf(team), (_, { storage }) => {
    storage.sql.exec("UPDATE delivery SET is_late = 1 WHERE task = ?", task);
  });
  expect(await given()).toMatchObject({ withheld: false, late: true });
  // Not seen, it is given again with the next prompt; once seen it is not.
  expect((await book.deliver(ask(team, task))).hits).toHaveLength(1);
  expect(await given()).toMatchObject({ late: false });
  expect((await lessonOf(team))?.delivered).toBe((before?.delivered ?? 0) + 1);
  expect((await book.deliver(ask(team, task))).hits).toEqual([]);
  expect((await saidOf(team)).filter(({ task_id }) => task_id === task)).toHaveLength(1);
});

it("knows an answer that came too late from one that was in time", async () => {
  const team = await taught("Slow");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const now_ms = Date.now();
  const hit = { id: "1", relevance: 0.9, cosine: null, lexical: 0.9, terms: ["dates"] };
  try {
    await runInDurableObject(bookOf(team), async (_, { storage }) => {
      const index = {
        ...{
          search: async () => ({ hits: [hit], alpha: 0, semantic: true }),
          vectors: async () => new Map(),
        },
        ...{ upsert: nothing, remove: nothing, reindex: async () => 0 },
      };
      const desk = { storage, shelf: new Shelf(storage.sql), index, settle: nothing };
      // A log that takes a minute, where nobody waits longer than a moment.
      const append = async () => void vi.setSystemTime(now_ms + 60_000);
      for (let n = 0; n < 20; n++) {
        vi.setSystemTime(now_ms);
        await deliver({ desk, append, salt: "s" }, ask(team, `t${n}`, { now_ms, until_ms: now_ms + 1_500 }));
      }
    });
  } finally {
    vi.useRealTimers();
  }
  const { draws } = await callsOf(team).drawn(team.project.id);
  expect(draws).toHaveLength(20);
  expect(draws.every(({ late, withheld }) => late !== withheld)).toBe(true);
  const withheld = draws.filter((draw) => draw.withheld).length;
  expect(withheld).toBeGreaterThan(0);
  expect(await lessonOf(team)).toMatchObject({ delivered: 0, withheld });
});
const nothing = async (): Promise<void> => undefined;

it("tosses no coin for what a task searched for before, and keeps who searched after it in his arm", async () => {
  const team = await taught("Seekers");
  const book = callsOf(team);
  const key = await workKey(team);
  const search = async (task: string) => {
    await send(team, { event_type: "task_created", task_id: task, metadata: { title: "Bookings" } });
    const reply = await asKey(key, `/v1/lessons/search?q=end+dates+of+bookings&task=${task}`);
    expect((await reply.json<LessonSearchResponse>()).hits).toHaveLength(1);
  };
  await search("sought");
  // Whatever the coin would say: half of all would be held back.
  const half = { withheld_share: 0.5, only_new: false };
  expect((await book.deliver(ask(team, "sought", half))).hits).toHaveLength(1);
  const withheld = await first(team, "withheld", half);
  await search(withheld);
  expect((await book.deliver(ask(team, withheld, half))).hits).toEqual([]);
  const { draws } = await book.drawn(team.project.id);
  expect(draws.filter(({ task_id }) => task_id === "sought")).toEqual([]);
  expect(draws.find(({ task_id }) => task_id === withheld)).toMatchObject({
    ...{ share: 0.5, withheld: true, searched: true },
  });
});

it("holds nothing back any more once its record is full, and says so", async () => {
  const team = await taught("Full");
  const book = callsOf(team);
  await runInDurableObject(bookOf(team), (_, { storage }) => {
    storage.sql.exec(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       INSERT INTO delivery (project, task, pk, is_withheld, at_ms, share) SELECT ?1, 'old-' || i, 1, 0, i, 0.5 FROM n`,
      ...[team.project.id, MAX_DRAWS_OF_PROJECT],
    );
  });
  const full = { withheld_share: 0.5 };
  for (let n = 0; n < 20; n++) expect((await book.deliver(ask(team, `new-${n}`, full))).hits).toHaveLength(1);
  const { draws, is_full } = await book.drawn(team.project.id);
  expect(is_full).toBe(true);
  // Nothing of the beginning was forgotten for it.
  expect(draws).toHaveLength(MAX_DRAWS_OF_PROJECT);
  expect(draws[0]).toMatchObject({ task_id: "old-1", share: 0.5 });
  expect((await saidOf(team)).every(({ metrics }) => metrics?.["share"] === 0)).toBe(true);
  // Each of them is told once all the same.
  expect((await book.deliver(ask(team, "new-0", full))).hits).toEqual([]);
});
