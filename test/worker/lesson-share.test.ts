/** [T2] What a share link shows of lessons: what its redactions leave of their events, and nothing of the team's book. */
import { beforeAll, expect, it, vi } from "vitest";
import { SHARE_VIEWS, type ShareView } from "../../schema/state/share-view.ts";
import type { EventsPage } from "../../schema/wire/http.ts";
import type { LessonResponse } from "../../schema/wire/lesson.ts";
import { featureReport } from "../../schema/wire/report-body.ts";
import type { Redaction, ShareCreatedResponse } from "../../schema/wire/share.ts";
import { asKey, asPerson, event, json, migrate, signUp, type Account } from "./server.ts";

const CANARIES = ["HEADLINE", "EXPLANATION", "CONTEXT", "TAGGED", "COMMENT", "REASON"] as const;

let team: Account;

beforeAll(async () => {
  await migrate();
  team = await signUp("Learners");
  const lesson = {
    ...{ lesson_id: "l-1", category: "pitfall", headline: "HEADLINE", explanation: "EXPLANATION" },
    ...{ context: "CONTEXT", tags: ["TAGGED"] },
  };
  const about = { task_id: "T-1", feature_id: "auth", agent_id: "ana-the-agent" };
  const sent = [
    event({ event_type: "feature_requested", ...about, metadata: { title: "Add sign-in" } }),
    event({ event_type: "task_created", ...about, metadata: { title: "User model" } }),
    event({ event_type: "lesson_learned", ...about, metadata: lesson }),
    event({
      event_type: "lesson_rated",
      ...about,
      metadata: { lesson_id: "l-1", helpful: true, comment: "COMMENT" },
    }),
  ];
  const reply = await asKey(team.keys.ingest, "/v1/events", json("POST", { events: sent }));
  expect(await reply.json()).toMatchObject({ accepted: sent.length });
  await vi.waitFor(async () => expect((await asKey(team.keys.read, "/v1/lessons/l-1")).status).toBe(200), {
    ...{ timeout: 10_000, interval: 50 },
  });
  const path = `/api/projects/${team.project.id}/lessons/l-1/quarantine`;
  const done = await asPerson(team.cookie, path, json("POST", { reason: "REASON" }));
  expect(done.status).toBe(202);
});

async function link(views: readonly ShareView[], redactions: readonly Redaction[]): Promise<string> {
  const body = { project: team.project.id, name: "a link", views, redactions };
  const reply = await asPerson(team.cookie, "/api/shares", json("POST", body));
  return (await reply.json<ShareCreatedResponse>()).token;
}
async function log(bearer: string): Promise<EventsPage["events"]> {
  const reply = await asKey(bearer, "/v1/events?limit=1000");
  expect(reply.status).toBe(200);
  return (await reply.json<EventsPage>()).events;
}
const ofLessons = async (bearer: string) =>
  (await log(bearer)).filter(({ event_type }) => event_type.startsWith("lesson_"));

it("opens no way to the book, whatever the link shows", async () => {
  const bearer = await link(SHARE_VIEWS, []);
  for (const path of [
    "/v1/lessons",
    "/v1/lessons/l-1",
    "/v1/lessons/search?q=HEADLINE",
    "/v1/lessons/effects",
    "/v1/context?task=T-1",
    "/v1/context?q=HEADLINE",
  ]) {
    const reply = await asKey(bearer, path);
    expect([path, reply.status]).toEqual([path, 403]);
    expect(await reply.text()).not.toMatch(/HEADLINE|EXPLANATION/);
    // The control: the team itself gets there.
    expect([path, (await asKey(team.keys.read, path)).status]).toEqual([path, 200]);
  }
  for (const [path, body] of [
    ["/v1/lessons", { headline: "Taught by a visitor" }],
    ["/v1/lessons/l-1/rating", { helpful: false }],
    ["/v1/lessons/l-1/approve", {}],
  ] as const)
    expect((await asKey(bearer, path, json("POST", body))).status).toBeGreaterThanOrEqual(400);
  const kept = await (await asKey(team.keys.read, "/v1/lessons/l-1")).json<LessonResponse>();
  expect(kept.lesson).toMatchObject({ status: "quarantined", reason: "REASON", harmful: 0 });
});

it("shows the texts of their events where the link shows texts, and else the bare course of things", async () => {
  const open = JSON.stringify(await ofLessons(await link(["flow", "events"], [])));
  // The control: it is all there to be hidden.
  for (const canary of CANARIES) expect(open).toContain(canary);
  const events = await ofLessons(await link(["flow", "events"], ["text"]));
  expect(events.map(({ event_type }) => event_type)).toEqual([
    ...["lesson_learned", "lesson_rated", "lesson_quarantined"],
  ]);
  const hidden = JSON.stringify(events);
  for (const canary of CANARIES) expect(hidden).not.toContain(canary);
  expect(events[0]?.metadata).toEqual({ lesson_id: "l-1", category: "pitfall" });
  expect(hidden).toContain("ana-the-agent");
});

it("names nobody where the link hides names", async () => {
  const hidden = await log(await link(["flow", "events"], ["name"]));
  const said = hidden.find(({ event_type }) => event_type === "lesson_quarantined");
  const by = (await log(team.keys.read)).find(({ event_type }) => event_type === "lesson_quarantined")
    ?.metadata?.["by"];
  expect(by).toEqual(expect.any(String));
  expect(said?.metadata?.["by"]).toEqual(expect.any(String));
  expect(said?.metadata?.["by"]).not.toBe(by);
  expect(JSON.stringify(hidden)).not.toContain("ana-the-agent");
});

it("shows of them no more than that they happened, without the view of events", async () => {
  const events = await ofLessons(await link(["flow", "metrics", "history"], []));
  const said = JSON.stringify(events);
  for (const canary of CANARIES) expect(said).not.toContain(canary);
});

it("tells a report's reader of a lesson what the link shows of its event", async () => {
  const lessons = async (views: ShareView[], redactions: Redaction[]) => {
    const reply = await asKey(await link(views, redactions), "/v1/features/auth/report");
    return featureReport.parse(await reply.json()).lessons;
  };
  expect(await lessons(["flow", "metrics", "events"], [])).toMatchObject([{ headline: "HEADLINE" }]);
  expect(await lessons(["flow", "metrics", "events"], ["text"])).toMatchObject([
    { lesson_id: "l-1", category: "pitfall", headline: null },
  ]);
  expect(await lessons(["flow", "metrics"], [])).toEqual([]);
});
