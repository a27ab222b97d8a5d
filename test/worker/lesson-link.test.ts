/** What a link shows of lessons that another project of the team taught. */
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import type { KeyCreatedResponse } from "../../schema/wire/http.ts";
import type { BookRpc } from "../../worker/learning/query/book.ts";
import { asKey, asPerson, event, json, migrate, signUp, workKey } from "./server.ts";

beforeAll(migrate);

const soon = { timeout: 15_000, interval: 100 };

it("[T2] names no other project of the team, nor what it called its lesson, where names are hidden", async () => {
  const team = await signUp("Linked");
  const made = await asPerson(team.cookie, "/api/projects", json("POST", { team: team.team.id, name: "B" }));
  const project = (await made.json<{ project: { id: string } }>()).project.id;
  const asked = { project, name: "b", scopes: ["ingest", "read"] };
  const key = await asPerson(team.cookie, "/api/keys", json("POST", asked));
  const { secret } = await key.json<KeyCreatedResponse>();
  const metadata = {
    ...{ lesson_id: "acme-outage-of-payments" },
    headline: "End dates of bookings are exclusive everywhere",
  };
  await asKey(secret, "/v1/events", json("POST", event({ event_type: "lesson_learned", metadata })));
  const approve = `/api/projects/${project}/lessons/acme-outage-of-payments/approve`;
  await vi.waitFor(async () => {
    const reply = await asPerson(team.cookie, approve, json("POST", { scope: "team" }));
    expect(reply.status).toBe(202);
  }, soon);
  const task = {
    ...{ event_type: "task_created", task_id: "T-1" },
    metadata: { title: "End dates of bookings" },
  };
  await asKey(team.keys.ingest, "/v1/events", json("POST", event(task)));
  const book = env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(team.team.id)) as unknown as BookRpc;
  const works = await workKey(team);
  await vi.waitFor(async () => {
    await asKey(works, "/v1/context?task=T-1");
    expect((await book.drawn(team.project.id)).draws).toHaveLength(1);
  }, soon);
  const share = await asPerson(
    team.cookie,
    "/api/shares",
    json("POST", {
      ...{ project: team.project.id, name: "x", views: ["flow", "events"], expires_at: null },
      redactions: ["cost", "name", "title", "text"],
    }),
  );
  expect(share.status, await share.clone().text()).toBe(201);
  const { token } = await share.json<{ token: string }>();
  const said = await Promise.all(
    ["lesson_retrieved", "lesson_withheld"].map(async (type) =>
      (await asKey(token, `/v1/events?type=${type}`)).text(),
    ),
  );
  const text = said.join("");
  expect(text).toContain('"T-1"');
  expect(text).not.toContain("acme-outage");
  expect(text).not.toContain(project);
});
