/** What a lesson may not do: speak for itself, reach other projects unasked, outlive its key. Over the real routes. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import { EVENT_VERSION, type EventVersion } from "../../schema/event/event.ts";
import type { KeyCreatedResponse } from "../../schema/wire/http.ts";
import type { Lesson, LessonsQuarantinedResponse, LessonsResponse } from "../../schema/wire/lesson.ts";
import type { ContextResponse } from "../../schema/wire/task-context.ts";
import { MAX_NAMES_OF_LESSON, MAX_ORIGINS } from "../../worker/learning/book/limits.ts";
import type { BookRpc } from "../../worker/learning/query/book.ts";
import { HONEST, INJECTIONS, UNMARKED } from "../sample/injection.ts";
import { asKey, asPerson, event, json, migrate, signUp, type Account } from "./server.ts";

beforeAll(migrate);

const PATH = (team: Account) => `/api/projects/${team.project.id}/lessons`;

async function teach(key: string, ...lessons: Record<string, unknown>[]): Promise<void> {
  const events = lessons.map((metadata) => event({ event_type: "lesson_learned", metadata }));
  const reply = await asKey(key, "/v1/events", json("POST", { events }));
  expect(await reply.json()).toMatchObject({ accepted: lessons.length });
}
async function listed(key: string): Promise<Lesson[]> {
  return (await (await asKey(key, "/v1/lessons?limit=200")).json<LessonsResponse>()).lessons;
}
const until = (key: string, fits: (lessons: Lesson[]) => boolean): Promise<Lesson[]> =>
  vi.waitFor(
    async () => {
      const lessons = await listed(key);
      if (!fits(lessons)) throw new Error(JSON.stringify(lessons).slice(0, 2_000));
      return lessons;
    },
    { timeout: 15_000, interval: 50 },
  );
async function makeKey(team: Account, project: string, scopes: string[]): Promise<KeyCreatedResponse> {
  const made = await asPerson(team.cookie, "/api/keys", json("POST", { project, name: "another", scopes }));
  return made.json<KeyCreatedResponse>();
}
const decide = (team: Account, id: string, deed: string, body = {}) =>
  asPerson(team.cookie, `${PATH(team)}/${id}/${deed}`, json("POST", body));
const roomOf = (team: Account) => env.ROOM.get(env.ROOM.idFromName(team.project.id));
const bookOf = (team: Account) => env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(team.team.id));

it("[T1] shows another project of the team only what somebody approved for it", async () => {
  const team = await signUp("Two projects");
  const made = await asPerson(team.cookie, "/api/projects", json("POST", { team: team.team.id, name: "B" }));
  const other = (await made.json<{ project: { id: string } }>()).project.id;
  const { secret } = await makeKey(team, other, ["read", "ingest"]);
  await teach(team.keys.ingest, { lesson_id: "ours", headline: HONEST[0], scope: "team" });
  const [lesson] = await until(team.keys.read, ({ length }) => length === 1);
  expect(lesson).toMatchObject({ status: "active", scope: "project", wants_team: true });
  expect(await listed(secret)).toEqual([]);
  expect((await decide(team, "ours", "approve", { scope: "team" })).status).toBe(202);
  const [shared] = await until(secret, ({ length }) => length === 1);
  expect(shared).toMatchObject({ id: `${team.project.id}.ours`, project: team.project.id, scope: "team" });
  const rated = await asKey(secret, `/v1/lessons/${shared?.id}/rating`, json("POST", { helpful: false }));
  expect(rated.status).toBe(202);
  await until(team.keys.read, ([one]) => one?.harmful === 1);
  // What becomes of it is for its own project to say.
  const foreign = `/api/projects/${other}/lessons/${shared?.id}/retire`;
  expect((await asPerson(team.cookie, foreign, json("POST", {}))).status).toBe(409);
  expect((await decide(team, "ours", "quarantine", { reason: "it is wrong" })).status).toBe(202);
  await until(secret, ({ length }) => length === 0);
  expect((await listed(team.keys.read))[0]).toMatchObject({ status: "quarantined", reason: "it is wrong" });
});

it("[T5] obeys no sender that approves, quarantines or retires", async () => {
  const team = await signUp("Impostors");
  await teach(
    team.keys.ingest,
    { lesson_id: "a", headline: HONEST[1] },
    { lesson_id: "b", headline: INJECTIONS[0] },
  );
  await until(team.keys.read, ({ length }) => length === 2);
  const say = (event_type: string, lesson_id: string) =>
    asKey(team.keys.ingest, "/v1/events", json("POST", event({ event_type, metadata: { lesson_id } })));
  expect((await say("lesson_quarantined", "a")).status).toBe(200);
  expect((await say("lesson_retired", "a")).status).toBe(200);
  expect((await say("lesson_approved", "b")).status).toBe(422);
  expect((await say("lessons_purged", "a")).status).toBe(422);
  await teach(team.keys.ingest, { lesson_id: "c", headline: HONEST[2] });
  const lessons = await until(team.keys.read, ({ length }) => length === 3);
  expect(lessons.map(({ id, status }) => [id, status])).toEqual([
    ["c", "active"],
    ["b", "proposed"],
    ["a", "active"],
  ]);
  expect((await decide(team, "b", "approve")).status).toBe(202);
  await until(team.keys.read, (all) => all.find(({ id }) => id === "b")?.status === "active");
});

it("[P2] never lets an injection out as an instruction", async () => {
  const team = await signUp("Injected");
  const all = [...INJECTIONS, ...UNMARKED];
  await teach(
    team.keys.ingest,
    ...all.map((text, n) => ({ headline: `Bookings ${n}`, explanation: text, tags: ["bookings"] })),
    ...all.map((text, n) => ({ headline: text, context: `Bookings of kind ${n}` })),
  );
  const lessons = await until(
    team.keys.read,
    (known) => known.reduce((sum, { times }) => sum + times, 0) === 2 * all.length,
  );
  await asPerson(
    team.cookie,
    `/api/projects/${team.project.id}/settings`,
    json("PATCH", { learning: { withheld_share: 0, max_lessons: 20, max_tokens: 20_000 } }),
  );
  const created = event({ event_type: "task_created", task_id: "T", metadata: { title: "Bookings" } });
  await asKey(team.keys.ingest, "/v1/events", json("POST", created));
  const { text, lessons: given } = await (
    await asKey(team.keys.read, "/v1/context?task=T&k=20&tokens=20000")
  ).json<ContextResponse>();
  expect(given.length).toBeGreaterThan(0);
  expect(given.every(({ lesson }) => lesson.flags.length === 0)).toBe(true);
  for (const injected of INJECTIONS) expect(text.includes(injected), injected).toBe(false);
  // Every line is Clusterfork's own, or a quotation.
  const own =
    /^(?:$|# |## |Recorded data, quoted|Say afterwards|\d+\. \w+, importance \d+ of 10, id "[^"]*"$| {3}— said by | {3}> (?:When: )?"[^"]*"$)/;
  for (const line of text.split("\n")) expect(line).toMatch(own);
  expect(lessons.filter(({ flags }) => flags.length > 0).every(({ status }) => status === "proposed")).toBe(
    true,
  );
});

it("takes out what a purged key taught, what rests on its events, and its votes", async () => {
  const team = await signUp("Purged");
  const bad = await makeKey(team, team.project.id, ["ingest"]);
  await teach(team.keys.ingest, { lesson_id: "good", headline: HONEST[3] });
  await teach(
    bad.secret,
    { lesson_id: "bad", headline: HONEST[4] },
    { lesson_id: "both", headline: HONEST[5] },
  );
  await teach(team.keys.ingest, { lesson_id: "too", headline: HONEST[5] });
  await until(team.keys.read, ({ length }) => length === 3);
  await asKey(bad.secret, "/v1/lessons/good/rating", json("POST", { helpful: false }));
  const log = await asKey(team.keys.read, "/v1/events?type=lesson_learned");
  const { events } = await log.json<{ events: { seq: number; key_id: string }[] }>();
  const evidence = events.filter(({ key_id }) => key_id === bad.key.id).map(({ seq }) => String(seq));
  // What is no event's number hides none that comes after it.
  const padded = [...Array<string>(100).fill("x"), ...evidence];
  await teach(
    team.keys.ingest,
    { lesson_id: "derived", headline: HONEST[6], evidence },
    { lesson_id: "padded", headline: HONEST[7], evidence: padded },
  );
  const before = await until(
    team.keys.read,
    (all) => all.length === 5 && all.some(({ harmful }) => harmful === 1),
  );
  expect(before.find(({ id }) => id === "both")).toMatchObject({ times: 2 });
  // Words of a model quote what is destroyed; which of them does nobody knows.
  const asking = (project: string) => `model asking of ${project} 0123456789abcdef`;
  await runInDurableObject(bookOf(team), (_, { storage: { kv } }) => {
    for (const project of [team.project.id, "p000000000000other"]) kv.put(asking(project), { words: {} });
  });
  const purge = { key: bad.key.id, reason: "it was stolen" };
  expect((await asPerson(team.cookie, `${PATH(team)}/purge`, json("POST", purge))).status).toBe(202);
  const after = await until(team.keys.read, ({ length }) => length === 2);
  expect(after).toMatchObject([
    { id: "both", times: 1, provenance: { kind: "key" } },
    { id: "good", harmful: 0 },
  ]);
  expect(JSON.stringify(after)).not.toContain(bad.key.id);
  await runInDurableObject(bookOf(team), (_, { storage: { kv } }) => {
    const left = [...kv.list({ prefix: "model asking of " })].map(([name]) => name);
    expect(left).toEqual([asking("p000000000000other")]);
  });
});

it("gives nobody what a quarantined key taught, nor what rests on its events, until somebody approves it", async () => {
  const team = await signUp("Held back");
  const bad = await makeKey(team, team.project.id, ["ingest"]);
  await teach(team.keys.ingest, { lesson_id: "good", headline: HONEST[3] });
  await teach(bad.secret, { lesson_id: "bad", headline: HONEST[4] });
  const log = await asKey(team.keys.read, "/v1/events?type=lesson_learned");
  const { events } = await log.json<{ events: { seq: number; key_id: string }[] }>();
  const evidence = events.filter(({ key_id }) => key_id === bad.key.id).map(({ seq }) => String(seq));
  await teach(team.keys.ingest, { lesson_id: "derived", headline: HONEST[6], evidence });
  await until(team.keys.read, ({ length }) => length === 3);
  const quarantine = async () => {
    const body = json("POST", { key: bad.key.id, reason: "it was stolen" });
    const reply = await asPerson(team.cookie, `${PATH(team)}/quarantine`, body);
    expect(reply.status).toBe(202);
    return (await reply.json<LessonsQuarantinedResponse>()).lessons;
  };
  expect(await quarantine()).toEqual(["bad", "derived"]);
  const held = await until(
    team.keys.read,
    (all) => all.filter(({ status }) => status === "quarantined").length === 2,
  );
  expect(held.find(({ id }) => id === "bad")).toMatchObject({
    status: "quarantined",
    reason: "it was stolen",
  });
  expect(held.find(({ id }) => id === "good")).toMatchObject({ status: "active" });
  expect(await quarantine()).toEqual([]);
  // And its vectors are all there.
  const made = await asPerson(team.cookie, `${PATH(team)}/reindex`, json("POST", {}));
  expect([made.status, await made.json()]).toEqual([202, { left: 0 }]);
});

it("[T5] keeps what others taught when a key that only repeated it is quarantined", async () => {
  const team = await signUp("Repeated");
  const bad = await makeKey(team, team.project.id, ["ingest"]);
  await teach(team.keys.ingest, { lesson_id: "good", headline: HONEST[3] });
  await until(team.keys.read, ({ length }) => length === 1);
  expect((await decide(team, "good", "approve", { scope: "team" })).status).toBe(202);
  await until(team.keys.read, ([one]) => one?.scope === "team");
  await teach(
    bad.secret,
    { lesson_id: "again", headline: HONEST[3] },
    { lesson_id: "bad", headline: HONEST[4] },
  );
  await until(team.keys.read, ({ length }) => length === 2);
  const body = json("POST", { key: bad.key.id });
  const reply = await asPerson(team.cookie, `${PATH(team)}/quarantine`, body);
  expect((await reply.json<LessonsQuarantinedResponse>()).lessons).toEqual(["bad"]);
});

it("[P1] takes secrets out before a lesson is kept, whoever says it", async () => {
  const team = await signUp("Secretive");
  const secret = `ghp_${"a1B2c3D4e5".repeat(4).slice(0, 36)}`;
  const lesson = { headline: `Push with ${secret}`, explanation: `export TOKEN=${secret}` };
  expect((await asKey(team.keys.ingest, "/v1/lessons", json("POST", lesson))).status).toBe(201);
  const own = { ...lesson, headline: `As a person: ${secret}` };
  expect((await asPerson(team.cookie, PATH(team), json("POST", own))).status).toBe(201);
  const lessons = await until(team.keys.read, ({ length }) => length === 2);
  expect(lessons.map(({ provenance }) => provenance.kind)).toEqual(["person", "key"]);
  const log = await (await asKey(team.keys.read, "/v1/events")).text();
  expect(JSON.stringify(lessons) + log).not.toContain(secret);
});

it("[B2] makes one lesson of a hundred that say the same, and hears each event once, also when it forgot them all", async () => {
  const team = await signUp("Repeaters");
  const said = { headline: HONEST[7], explanation: HONEST[8] };
  await teach(team.keys.ingest, ...Array.from({ length: 100 }, (_, n) => ({ ...said, lesson_id: `l-${n}` })));
  await until(team.keys.read, ([one]) => one?.times === 100);
  await evictDurableObject(bookOf(team));
  await evictDurableObject(roomOf(team));
  expect(await listed(team.keys.read)).toHaveLength(1);
  // Its storage is lost: the next word brings back the others.
  await runInDurableObject(bookOf(team), async (_, { storage }) => {
    await storage.deleteAll();
  });
  await evictDurableObject(bookOf(team));
  await teach(team.keys.ingest, { lesson_id: "new", headline: HONEST[9] });
  const lessons = await until(team.keys.read, ({ length }) => length === 2);
  expect(lessons.map(({ id, times }) => [id, times])).toEqual([
    ["new", 1],
    ["l-0", 100],
  ]);
});

it("[B2] makes one lesson of thousands that say the same, or almost, under new names", async () => {
  const team = await signUp("Thousands");
  const count = 2_000;
  const names = ["the rooms", "all rooms", "rooms"];
  const almost = (n: number) => ({
    lesson_id: `n-${String(n)}`,
    headline: `Ask who else books ${(n % 50 === 0 && names[(n / 50) % names.length]) || "rooms"} before you change when their doors are open`,
    explanation: `${HONEST[7] ?? ""} ${HONEST[8] ?? ""}`,
  });
  const book = bookOf(team) as unknown as BookRpc;
  const at = new Date().toISOString();
  const v: EventVersion = EVENT_VERSION;
  const taught = Array.from({ length: count }, (_, n) => ({
    event: {
      ...{ id: `e${String(n)}`, seq: n + 1, timestamp: at, received_at: at, event_type: "lesson_learned" },
      ...{
        agent_id: "coder",
        source: "api",
        key_id: "k",
        v,
        metadata: almost(n),
      },
    },
    keys: ["k"],
  }));
  for (let from = 0; from < count; from += 500)
    await book.take({
      ...{ project: team.project.id, since: from, to: from + 500 },
      events: taught.slice(from, from + 500),
    });
  const lessons = await listed(team.keys.read);
  expect(lessons.map(({ id, times }) => [id, times])).toEqual([["n-0", count]]);
  // What they leave behind is bounded: names, and who said it in which words, beside the first.
  await runInDurableObject(bookOf(team), (_, { storage: { sql } }) => {
    const rows = (table: string) => sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n;
    expect([rows("lesson"), rows("named"), rows("origin")]).toEqual([
      1,
      MAX_NAMES_OF_LESSON + 1,
      MAX_ORIGINS + 1,
    ]);
  });
}, 60_000);

it("forgets a lesson with its event", async () => {
  const team = await signUp("Forgetters");
  await teach(
    team.keys.ingest,
    { lesson_id: "gone", headline: HONEST[10] },
    { lesson_id: "stays", headline: HONEST[11] },
  );
  const lessons = await until(team.keys.read, ({ length }) => length === 2);
  const seq = lessons.find(({ id }) => id === "gone")?.provenance.seqs[0] ?? 0;
  await runInDurableObject(roomOf(team), async (room) => {
    await (room as unknown as { forget(seqs: number[]): Promise<number> }).forget([seq]);
  });
  const left = await until(team.keys.read, ({ length }) => length === 1);
  expect(left[0]?.id).toBe("stays");
});
