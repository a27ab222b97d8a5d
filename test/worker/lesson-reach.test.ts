/** How far keys reach through the book: a key that only reads, and a key of another project of the team. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import type { KeyCreatedResponse } from "../../schema/wire/http.ts";
import type { Lesson, LessonSearchResponse, LessonsResponse } from "../../schema/wire/lesson.ts";
import { MAX_LESSONS, MAX_LESSONS_OF_PROJECT } from "../../worker/learning/book/limits.ts";
import type { ContextResponse } from "../../schema/wire/task-context.ts";
import { asKey, asPerson, event, json, migrate, signUp, workKey, type Account } from "./server.ts";

beforeAll(migrate);

const bookOf = ({ team }: Account) => env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(team.id));
async function send(key: string, ...events: Record<string, unknown>[]): Promise<void> {
  const reply = await asKey(key, "/v1/events", json("POST", { events: events.map(event) }));
  expect(await reply.json()).toMatchObject({ accepted: events.length });
}
const listed = async (key: string): Promise<Lesson[]> =>
  (await (await asKey(key, "/v1/lessons")).json<LessonsResponse>()).lessons;
const soon = { timeout: 15_000, interval: 50 };
const known = (key: string, id: string) =>
  vi.waitFor(async () => expect((await listed(key)).map((one) => one.id)).toContain(id), soon);
const learned = (lesson_id: string, headline: string, importance = 5) => ({
  event_type: "lesson_learned",
  metadata: { lesson_id, headline },
  metrics: { importance },
});

/** A project beside the team's first one, with a key that sends and reads. */
async function beside(team: Account): Promise<{ id: string; secret: string }> {
  const made = await asPerson(team.cookie, "/api/projects", json("POST", { team: team.team.id, name: "B" }));
  const { id } = (await made.json<{ project: { id: string } }>()).project;
  const asked = { project: id, name: "b", scopes: ["ingest", "read"] };
  const key = await asPerson(team.cookie, "/api/keys", json("POST", asked));
  return { id, secret: (await key.json<KeyCreatedResponse>()).secret };
}
/** As keys of the project would have it after some requests of 1,000 lessons each, all of importance 10. */
const fill = (team: Account, project: string, lessons: number, kept = "{}") =>
  runInDurableObject(bookOf(team), (_, { storage }) => {
    storage.sql.exec(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       INSERT INTO lesson (project, words, status, scope, importance, used_ms, is_waiting, kept)
       SELECT ?1, 'w' || i, 'active', 'project', 10, 1, 0, ?3 FROM n`,
      ...[project, lessons, kept],
    );
  });
const count = (team: Account, project: string) =>
  runInDurableObject(
    bookOf(team),
    (_, { storage }) =>
      storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM lesson WHERE project = ?", project).one().n,
  );

it("[T1] a project over its share loses its own lessons, and none of another project", async () => {
  const team = await signUp("Crowded");
  const other = await beside(team);
  await send(team.keys.ingest, learned("ours", "End dates of bookings are exclusive everywhere", 1));
  await known(team.keys.read, "ours");
  await fill(team, other.id, MAX_LESSONS_OF_PROJECT);
  await send(other.secret, learned("theirs", "Quarterly invoices want their totals rounded", 10));
  await known(other.secret, "theirs");
  await vi.waitFor(
    async () => expect(await count(team, other.id)).toBeLessThanOrEqual(MAX_LESSONS_OF_PROJECT),
    soon,
  );
  expect((await asKey(team.keys.read, "/v1/lessons/ours")).status).toBe(200);
});

it("[T1] a full team takes from the project that holds most, and nothing that a person decided about", async () => {
  const team = await signUp("Full");
  const other = await beside(team);
  await send(team.keys.ingest, learned("ours", "End dates of bookings are exclusive everywhere", 1));
  await known(team.keys.read, "ours");
  // Before there were shares a project could hold all of it: half of what this one holds a person approved.
  await fill(team, other.id, MAX_LESSONS / 2);
  await fill(team, other.id, MAX_LESSONS / 2, '{"approved":true}');
  await send(team.keys.ingest, learned("more", "Quarterly invoices want their totals rounded", 1));
  await known(team.keys.read, "more");
  expect(await count(team, team.project.id)).toBe(2);
  expect(await count(team, other.id)).toBeLessThan(MAX_LESSONS);
  // Where that has nothing left but those, who speaks makes the room himself.
  await runInDurableObject(bookOf(team), (_, { storage }) => {
    storage.sql.exec("UPDATE lesson SET kept = ? WHERE kept = '{}'", '{"approved":true}');
  });
  const before = await count(team, other.id);
  await fill(team, team.project.id, MAX_LESSONS - before - 2);
  await send(team.keys.ingest, learned("last", "Prefixes of branches are those of their tickets", 10));
  await known(team.keys.read, "last");
  expect(await count(team, other.id)).toBe(before);
});

it("[T4] makes a trial of a task by its own words and the project's settings alone, for a key that may send", async () => {
  const team = await signUp("Readers");
  await send(team.keys.ingest, learned("end-dates", "End dates of bookings are exclusive everywhere"));
  await known(team.keys.read, "end-dates");
  const task = { event_type: "task_created", metadata: { title: "End dates of bookings" } };
  await send(team.keys.ingest, { ...task, task_id: "T-1" }, { ...task, task_id: "T-2" });
  const draws = async () => {
    const rows = await runInDurableObject(bookOf(team), (_, { storage }) =>
      storage.sql
        .exec<{ task: string; share: number }>("SELECT task, share FROM delivery ORDER BY share DESC, task")
        .toArray(),
    );
    return rows.map(({ task, share }) => [task, share > 0]);
  };
  const about = "end+dates+of+bookings";
  const asked = async (key: string, query: string) => {
    const reply = await asKey(key, `/v1/context?${query}`);
    return (await reply.json<ContextResponse>()).lessons.map(({ lesson }) => lesson.id);
  };
  const works = await workKey(team);
  // Who only reads is given whatever fits, and leaves no trace, however he asks. The index hears of it after the list.
  const given = async () => expect(await asked(team.keys.read, "task=T-1")).toEqual(["end-dates"]);
  await vi.waitFor(given, soon);
  for (const query of [`task=T-1&q=${about}`, "task=T-1&k=20&tokens=20000"])
    expect(await asked(team.keys.read, query)).toEqual(["end-dates"]);
  const search = `/v1/lessons/search?q=${about}&task=T-1`;
  const found = await (await asKey(team.keys.read, search)).json<LessonSearchResponse>();
  expect(found.hits).toHaveLength(1);
  expect(await draws()).toEqual([]);
  // Words and sizes of one's own are a search: nothing is tossed, and the log says what was found.
  expect(await asked(works, `task=T-1&q=${about}`)).toEqual(["end-dates"]);
  expect(await draws()).toEqual([["T-1", false]]);
  expect(await asked(works, "task=T-2")).toHaveLength((await asked(works, "task=T-2")).length);
  expect(await draws()).toEqual([
    ["T-2", true],
    ["T-1", false],
  ]);
});
