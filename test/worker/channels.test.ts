/** Alerts told elsewhere: over the real routes and rooms; only the receivers are made up. */
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type {
  ChannelCreatedResponse,
  ChannelInfo,
  ChannelsResponse,
  ChannelTestedResponse,
} from "../../schema/wire/channel.ts";
import { MAX_NOTICE_ATTEMPTS, MAX_NOTICE_PAUSE_MS } from "../../worker/room/limits.ts";
import { appendPort } from "../../worker/room/own.ts";
import { asPerson, json, migrate, signUp, type Account } from "./server.ts";

beforeAll(migrate);

let sent: { url: string; headers: Headers; body: string; redirect: string }[] = [];
let answer: number | "away" = 200;
beforeEach(() => {
  sent = [];
  answer = 200;
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const { url, headers } = request;
    sent.push({ url, headers, body: await request.text(), redirect: init?.redirect ?? "" });
    if (answer === "away") throw new TypeError("network lost");
    return new Response("zebra", { status: answer, headers: { location: "http://169.254.169.254/" } });
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const base = (team: Account) => `/api/projects/${team.project.id}`;
const roomOf = (team: Account) => env.ROOM.get(env.ROOM.idFromName(team.project.id));
async function make(team: Account, fields: object): Promise<ChannelCreatedResponse> {
  const body = { kind: "webhook", name: "pager", target: "https://pager.example/hook/s3cret", ...fields };
  const reply = await asPerson(team.cookie, `${base(team)}/channels`, json("POST", body));
  expect(reply.status, await reply.clone().text()).toBe(201);
  return reply.json<ChannelCreatedResponse>();
}
async function channelsOf(team: Account): Promise<ChannelInfo[]> {
  const reply = await asPerson(team.cookie, `${base(team)}/channels`);
  return (await reply.json<ChannelsResponse>()).channels;
}
async function say(team: Account, event_type: string, id = "a-1", severity = "warning"): Promise<void> {
  await appendPort(roomOf(team))([
    {
      ...{ organ: "alerts", cause: [event_type, id], event_type, timestamp: new Date().toISOString() },
      metadata: {
        ...{ alert_id: id, rule: "test", severity },
        ...(event_type === "alert_raised" ? { title: "<!channel> look" } : {}),
      },
    },
  ]);
}
async function pass(team: Account, ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  for (let n = 0; n < 2; n += 1) await runDurableObjectAlarm(roomOf(team));
}

it("[B2] tells each alert once, signed, from the channel's making on, across evictions", async () => {
  const team = await signUp("Told");
  await say(team, "alert_raised", "history");
  const { channel, secret } = await make(team, {});
  expect(channel).toMatchObject({ target: "https://pager.example", min_severity: "warning" });
  await say(team, "alert_raised");
  await evictDurableObject(roomOf(team));
  await pass(team, 1);
  for (let n = 0; n < 3; n += 1) {
    await pass(team, 60_000);
    await evictDurableObject(roomOf(team));
  }
  await say(team, "alert_cleared");
  await pass(team, 1);
  expect(sent.map(({ url, redirect }) => [url, redirect])).toEqual([
    ["https://pager.example/hook/s3cret", "manual"],
    ["https://pager.example/hook/s3cret", "manual"],
  ]);
  const bodies = sent.map(({ body }) => JSON.parse(body) as unknown);
  expect(bodies).toMatchObject([
    { type: "alert.raised", alert: { id: "a-1", title: "<!channel> look" } },
    { type: "alert.cleared", alert: { id: "a-1", title: "<!channel> look" } },
  ]);
  const { headers, body } = sent[0] ?? { headers: new Headers(), body: "" };
  const key = Uint8Array.from(atob((secret ?? "").replace("whsec_", "")), (c) => c.charCodeAt(0));
  const signed = `${headers.get("webhook-id") ?? ""}.${headers.get("webhook-timestamp") ?? ""}.${body}`;
  const digest = createHmac("sha256", key).update(signed).digest("base64");
  expect(headers.get("webhook-signature")).toBe(`v1,${digest}`);
  const [listed] = await channelsOf(team);
  expect(listed?.deliveries.map(({ outcome, attempts }) => [outcome, attempts])).toEqual([
    ["delivered", 1],
    ["delivered", 1],
  ]);
  expect(JSON.stringify(listed)).not.toContain("s3cret");
  const row = await env.DB.prepare("select * from alert_channel where id = ?").bind(channel.id).first();
  expect(JSON.stringify(row)).not.toContain("s3cret");
});

it("[B3] tries again with growing pauses without traffic, gives up, and sends again when asked", async () => {
  const quiet = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const team = await signUp("Away");
  await make(team, { kind: "slack" });
  answer = "away";
  await say(team, "alert_raised");
  await pass(team, 1);
  const [waiting] = (await channelsOf(team))[0]?.deliveries ?? [];
  expect(waiting).toMatchObject({ outcome: "waiting", attempts: 1 });
  expect(waiting?.error).toContain("cannot be reached");
  answer = 302;
  for (let n = 0; n < MAX_NOTICE_ATTEMPTS + 3; n += 1) {
    if (n % 4 === 0) await evictDurableObject(roomOf(team));
    await pass(team, MAX_NOTICE_PAUSE_MS);
  }
  const [dead] = (await channelsOf(team))[0]?.deliveries ?? [];
  expect(dead).toMatchObject({ outcome: "dead", attempts: MAX_NOTICE_ATTEMPTS, next_at: null });
  expect(dead?.error).toContain("not followed");
  expect(sent).toHaveLength(MAX_NOTICE_ATTEMPTS);
  // Where it pointed, nobody went.
  expect(new Set(sent.map(({ url }) => new URL(url).host))).toEqual(new Set(["pager.example"]));
  answer = 200;
  const again = await asPerson(
    team.cookie,
    `${base(team)}/deliveries/${dead?.id ?? ""}/resend`,
    json("POST", {}),
  );
  expect(again.status).toBe(204);
  await pass(team, 1);
  expect((await channelsOf(team))[0]?.deliveries).toMatchObject([{ outcome: "delivered", error: null }]);
  expect(sent.at(-1)?.body).toContain("&lt;!channel&gt; look");
  quiet.mockRestore();
});

it("tells nobody what is too mild, silent or of a removed channel; a test says what comes of it", async () => {
  const team = await signUp("Mild");
  const { channel } = await make(team, { min_severity: "critical" });
  await say(team, "alert_raised", "mild");
  await pass(team, 1);
  expect(sent).toEqual([]);
  const test = () => asPerson(team.cookie, `${base(team)}/channels/${channel.id}/test`, json("POST", {}));
  expect(await (await test()).json<ChannelTestedResponse>()).toEqual({ error: null });
  answer = 500;
  expect((await (await test()).json<ChannelTestedResponse>()).error).toContain("status 500");
  const mail = await make(team, { kind: "email", target: "a@example.com" });
  expect(mail).toMatchObject({ secret: null, channel: { target: "a@example.com" } });
  const mailed = await asPerson(
    team.cookie,
    `${base(team)}/channels/${mail.channel.id}/test`,
    json("POST", {}),
  );
  expect((await mailed.json<ChannelTestedResponse>()).error).toContain("cannot send e-mail");
  const path = `${base(team)}/channels/${channel.id}`;
  expect((await asPerson(team.cookie, path, { method: "DELETE" })).status).toBe(204);
  expect((await test()).status).toBe(404);
  // Nobody points it at a stranger: messages on request are counted, also to a channel that is gone (twenty a minute).
  const statuses = await Promise.all(Array.from({ length: 41 }, async () => (await test()).status));
  expect(statuses).toContain(429);
});

it.each([
  ["http://pager.example/x", "https://"],
  ["https://u:p@pager.example/x", "name and password"],
  ["pager", "whole address"],
])("refuses %s", async (target, words) => {
  const team = await signUp("Refused");
  const body = { kind: "webhook", name: "pager", target };
  const reply = await asPerson(team.cookie, `${base(team)}/channels`, json("POST", body));
  expect(reply.status).toBe(422);
  expect(await reply.text()).toContain(words);
});
