/** How far keys reach through the book: a key that only reads, and a key of another project of the team. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import type { KeyCreatedResponse } from "../../schema/wire/http.ts";
import type { Lesson, LessonsResponse } from "../../schema/wire/lesson.ts";
import { MAX_LESSONS, MAX_LESSONS_OF_PROJECT } from "../../worker/learning/book/limits.ts";
import { asKey, asPerson, event, json, migrate, signUp, type Account } from "./server.ts";

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
