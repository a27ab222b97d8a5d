/** Lessons over the real routes, rooms and books: taught, found, handed over, judged and taken out. */
import { beforeAll, expect, it, vi } from "vitest";
import type { LessonSearchResponse, LessonsResponse, Lesson } from "../../schema/wire/lesson.ts";
import type { ContextResponse } from "../../schema/wire/task-context.ts";
import { asKey, asPerson, event, json, migrate, signUp, workKey, type Account } from "./server.ts";

beforeAll(migrate);

const END_DATES = {
  lesson_id: "end-dates",
  category: "pitfall",
  headline: "End dates of bookings are exclusive everywhere",
  explanation: "A booking that ends on the 5th leaves the 5th free; overlap tests need < and not <=.",
  tags: ["bookings", "dates"],
};
const TIME_ZONE = {
  lesson_id: "time-zone",
  category: "architecture",
  headline: "Ask for the time zone of the venue, never of the browser",
};

async function send(team: Account, ...events: Record<string, unknown>[]): Promise<void> {
  const reply = await asKey(team.keys.ingest, "/v1/events", json("POST", { events: events.map(event) }));
  expect(reply.status, await reply.clone().text()).toBe(200);
  expect(await reply.json()).toMatchObject({ accepted: events.length });
}
const teach = (team: Account, metadata: object, fields: object = {}) =>
  send(team, { event_type: "lesson_learned", metadata, ...fields });

async function listed(team: Account, query = ""): Promise<Lesson[]> {
  const reply = await asKey(team.keys.read, `/v1/lessons${query}`);
  expect(reply.status, await reply.clone().text()).toBe(200);
  return (await reply.json<LessonsResponse>()).lessons;
}
/** Until the book has heard of it. */
async function once<T>(look: () => Promise<T>, fits: (found: T) => boolean): Promise<T> {
  return vi.waitFor(
    async () => {
      const found = await look();
      if (!fits(found)) throw new Error(`not yet: ${JSON.stringify(found)}`);
      return found;
    },
    { timeout: 10_000, interval: 50 },
  );
}
const known = (team: Account, n: number) =>
  once(
    () => listed(team),
    (lessons) => lessons.length === n,
  );

async function search(team: Account, q: string): Promise<LessonSearchResponse> {
  const reply = await asKey(team.keys.read, `/v1/lessons/search?q=${encodeURIComponent(q)}`);
  expect(reply.status, await reply.clone().text()).toBe(200);
  return reply.json<LessonSearchResponse>();
}

it("finds a lesson that an agent taught, says why it ranks, and hands it to a task that it fits", async () => {
  const team = await signUp("Learners");
  await teach(team, END_DATES, { task_id: "T-1" });
  await teach(team, TIME_ZONE);
  await known(team, 2);
  const { hits } = await search(team, "which end dates does an overlapping booking have");
  expect(hits[0]?.lesson).toMatchObject({
    ...{ id: "end-dates", category: "pitfall", status: "active", scope: "project", source_task: "T-1" },
    provenance: { kind: "key", by: "coder" },
  });
  const [hit] = hits;
  const parts = 0.25 * (hit?.recency ?? 0) + 0.35 * (hit?.importance ?? 0) + 0.4 * (hit?.relevance ?? 0);
  expect(hit?.score).toBeCloseTo(parts, 10);
  expect(hit?.why).toContain("relevance");
  await send(team, {
    event_type: "task_created",
    task_id: "T-2",
    metadata: { title: "Show bookings that overlap by their end dates" },
  });
  const reply = await asKey(await workKey(team), "/v1/context?task=T-2");
  const context = await reply.json<ContextResponse>();
  const log = await once(
    async () =>
      (await asKey(team.keys.read, "/v1/events?agent=clusterfork:lessons")).json<{
        events: { event_type: string }[];
      }>(),
    ({ events }) => events.length > 0,
  );
  const [said] = log.events;
  const is_withheld = said?.event_type === "lesson_withheld";
  expect(said).toMatchObject({ task_id: "T-2", metadata: { lesson_id: "end-dates", via: "http" } });
  expect(context.lessons.map(({ lesson }) => lesson.id)).toEqual(is_withheld ? [] : ["end-dates"]);
  expect(context.text.includes("exclusive everywhere")).toBe(!is_withheld);
});

it("[T1] shows no other team a lesson, by list, name, search or context", async () => {
  const team = await signUp("Ours");
  const other = await signUp("Theirs");
  await teach(team, END_DATES);
  await known(team, 1);
  expect(await listed(other)).toEqual([]);
  expect((await search(other, END_DATES.headline)).hits).toEqual([]);
  for (const id of ["end-dates", `${team.project.id}.end-dates`]) {
    expect((await asKey(other.keys.read, `/v1/lessons/${id}`)).status).toBe(404);
    expect((await asPerson(other.cookie, `/api/projects/${team.project.id}/lessons/${id}`)).status).toBe(404);
  }
});

it("answers a prompt of Claude Code with what fits it, once, where the project says so", async () => {
  const team = await signUp("Hooked");
  await teach(team, END_DATES);
  await known(team, 1);
  const prompt = (session_id: string) =>
    asKey(
      team.keys.ingest,
      "/v1/hooks/claude-code",
      json("POST", {
        ...{ hook_event_name: "UserPromptSubmit", session_id, cwd: "/repo" },
        prompt: "Mend the overlap of bookings by their end dates",
      }),
    );
  expect((await prompt("s-0")).status).toBe(204);
  const set = { intake: { deliver_lessons: true } };
  const path = `/api/projects/${team.project.id}/settings`;
  expect((await asPerson(team.cookie, path, json("PATCH", set))).status).toBe(200);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
  try {
    const texts: string[] = [];
    for (let n = 1; n <= 8; n += 1) {
      const reply = await prompt(`s-${n}`);
      texts.push(await reply.text());
      // It was told already.
      expect((await prompt(`s-${n}`)).status).toBe(204);
    }
    const told = texts.filter((text) => text !== "");
    // A session has no end to measure by: nothing is held back from it.
    expect(told).toHaveLength(8);
    const answer = JSON.parse(told[0] ?? "") as { hookSpecificOutput: Record<string, string> };
    expect(answer.hookSpecificOutput["hookEventName"]).toBe("UserPromptSubmit");
    expect(answer.hookSpecificOutput["additionalContext"]).toContain('> "End dates of bookings');
  } finally {
    vi.useRealTimers();
  }
});
