/** Forwarding from one project to another over the real routes of both: what leaves, what arrives, and what failing does. */
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventsPage, StateResponse } from "../../schema/wire/http.ts";
import type { SettingsResponse } from "../../schema/wire/setting.ts";
import type { RoomStub } from "./prepared.ts";
import { asKey, asPerson, event, json, migrate, signUp, type Account } from "./server.ts";

beforeAll(migrate);

const RECEIVER = "https://receiver.example";
const HOUR_MS = 3_600_000;
/** Everything that left, byte for byte. */
let sent: { url: string; headers: string; body: string }[] = [];
let answer: "deliver" | "away" | number = "deliver";

beforeEach(() => {
  sent = [];
  answer = "deliver";
  // In the middle of an hour, so that what is sent now is all of that hour; and of one to come, so that no alarm is due by itself.
  const now = (Math.floor(Date.now() / HOUR_MS) + 1.5) * HOUR_MS;
  vi.useFakeTimers({ toFake: ["Date"], now });
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const body = await request.clone().text();
    sent.push({ url: request.url, headers: JSON.stringify([...request.headers]), body });
    if (answer === "away") throw new TypeError("network lost");
    if (typeof answer === "number") return new Response("zebra says no", { status: answer });
    return exports.default.fetch(request);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const roomOf = (account: Account) => env.ROOM.get(env.ROOM.idFromName(account.project.id));
const settingsPath = (account: Account) => `/api/projects/${account.project.id}/settings`;
const change = (account: Account, body: unknown) =>
  asPerson(account.cookie, settingsPath(account), json("PATCH", body));

async function settingsOf(account: Account): Promise<SettingsResponse["settings"]> {
  const reply = await asPerson(account.cookie, settingsPath(account));
  expect(reply.status).toBe(200);
  return (await reply.json<SettingsResponse>()).settings;
}

/** Lets time pass, and the source's alarm come as often as it is due. */
async function pass(source: Account, ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  for (let n = 0; n < 3; n += 1) await runDurableObjectAlarm(roomOf(source));
}

async function work(source: Account, n: number, part: Record<string, unknown> = {}): Promise<void> {
  const events = Array.from({ length: n }, (_, i) =>
    event({
      event_type: "tokens_used",
      agent_id: "zebra-coder",
      task_id: "ZEBRA-1",
      feature_id: "zebra-feature",
      metadata: { model: "zebra-model", note: "zebra text" },
      metrics: { input_tokens: 100 + i, output_tokens: 7, cost_usd: 0.25 },
      ...part,
    }),
  );
  const reply = await asKey(source.keys.ingest, "/v1/events", json("POST", events));
  expect(reply.status, await reply.clone().text()).toBe(200);
}

async function pair(): Promise<{ source: Account; receiver: Account }> {
  const [source, receiver] = [await signUp("Zebra team"), await signUp("Receiver")];
  const reply = await change(source, { forward: { url: RECEIVER, key: receiver.keys.ingest } });
  expect(reply.status, await reply.clone().text()).toBe(200);
  return { source, receiver };
}

async function reports(receiver: Account) {
  const page = await (await asKey(receiver.keys.read, "/v1/events")).json<EventsPage>();
  return page.events;
}

describe("what is forwarded", () => {
  it("[P1] is hourly sums of known types under a pseudonym: no name, title, text or id of the source leaves", async () => {
    const { source, receiver } = await pair();
    await work(source, 3);
    await work(source, 1, { event_type: "task_created", metadata: { title: "Zebra title" }, metrics: {} });
    await work(source, 2, { event_type: "zebra.deployed", metrics: {} });
    await pass(source, 61_000);
    expect(sent).toEqual([]);
    await pass(source, 2 * HOUR_MS);

    expect(sent.map(({ url }) => url)).toEqual([`${RECEIVER}/v1/events`]);
    const everything = JSON.stringify(sent);
    expect(everything).not.toMatch(/zebra/i);
    const [, , key_id, secret] = source.keys.ingest.split("_");
    for (const secretive of [source.project.id, source.team.id, source.email, key_id, secret])
      expect(everything).not.toContain(secretive);

    const [stored, ...more] = await reports(receiver);
    expect(more).toEqual([]);
    expect(stored).toMatchObject({
      event_type: "usage_reported",
      source: "forward",
      metadata: { by_type: { other: 2, task_created: 1, tokens_used: 3 } },
      metrics: {
        events: 6,
        calls: 3,
        input_tokens: 303,
        output_tokens: 21,
        reported_calls: 3,
        reported_usd: 0.75,
      },
    });
    expect(stored?.agent_id).toMatch(/^source-[0-9a-f]{16}$/);
    const settings = await settingsOf(source);
    expect(settings.forward).toEqual({
      url: RECEIVER,
      forwarded_until: stored?.timestamp,
      error: null,
      next_at: null,
    });
  });

  it("[M1] [B2] is sent once, again when a late event changed the hour, and never added to the receiver's usage", async () => {
    const { source, receiver } = await pair();
    await work(source, 2);
    const then = new Date().toISOString();
    await pass(source, 2 * HOUR_MS);
    await pass(source, HOUR_MS);
    await pass(source, HOUR_MS);
    expect(sent).toHaveLength(1);
    await work(source, 1, { timestamp: then });
    await pass(source, 2 * HOUR_MS);
    expect(sent).toHaveLength(2);
    // As after a lost answer, or a room that forgot what it sent: the receiver has it.
    await change(source, { forward: null });
    await change(source, { forward: { url: RECEIVER, key: receiver.keys.ingest } });
    await pass(source, 1_000);
    expect(sent).toHaveLength(3);

    const stored = await reports(receiver);
    expect(stored.map(({ metrics }) => metrics?.["events"])).toEqual([2, 3]);
    expect(new Set(stored.map(({ metadata }) => metadata?.["hour"])).size).toBe(1);
    // The rule for readers: of one agent and hour, the report with the most events.
    const tokens = Math.max(...stored.map(({ metrics }) => metrics?.["input_tokens"] ?? 0));
    expect(tokens).toBe(100 + 101 + 100);
    const state = await (await asKey(receiver.keys.read, "/v1/state")).json<StateResponse>();
    expect(state.state.usage).toMatchObject({ calls: 0, input_tokens: 0, reported_usd: 0 });
    expect(state.state.counters.by_type).toEqual([["usage_reported", 2]]);
  });

  it("[B3] is sent again when as many events came late as were destroyed", async () => {
    const { source, receiver } = await pair();
    await work(source, 2);
    const then = new Date().toISOString();
    await pass(source, 2 * HOUR_MS);
    expect(await (roomOf(source) as unknown as RoomStub).forget([2])).toBe(1);
    await work(source, 1, { timestamp: then, metrics: { input_tokens: 5_000 } });
    for (let n = 0; n < 3; n += 1) await pass(source, 2 * HOUR_MS);
    const stored = await reports(receiver);
    // In later hours the source has said something by itself.
    const sums = stored
      .filter(({ metadata }) => metadata?.["hour"] === stored[0]?.metadata?.["hour"])
      .map(({ metrics }) => [metrics?.["events"], metrics?.["input_tokens"]]);
    expect(sums[0]).toEqual([2, 201]);
    expect(sums.at(-1)).toEqual([2, 5_100]);
    const times = sent.length;
    await pass(source, 2 * HOUR_MS);
    expect(sent).toHaveLength(times);
  });

  it("is nothing by default, and nothing more once it is switched off", async () => {
    const source = await signUp("Quiet");
    expect(await settingsOf(source)).toMatchObject({ delivery: "live", forward: null });
    await work(source, 2);
    await pass(source, 3 * HOUR_MS);
    const { source: other } = await pair();
    await work(other, 2);
    expect((await change(other, { forward: null })).status).toBe(200);
    await pass(other, 3 * HOUR_MS);
    expect(sent).toEqual([]);
  });
});

describe("a receiver that is away", () => {
  it("[B1] [B3] blocks no append, and gets everything once it is back, without traffic and across eviction", async () => {
    const { source, receiver } = await pair();
    await work(source, 2);
    answer = "away";
    await pass(source, 2 * HOUR_MS);
    await work(source, 1);
    expect(sent.length).toBeGreaterThan(0);
    const { forward } = await settingsOf(source);
    expect(forward?.error).toContain("cannot be reached");
    expect(Date.parse(forward?.next_at ?? "")).toBeGreaterThan(Date.now());
    await evictDurableObject(roomOf(source));
    expect((await settingsOf(source)).forward?.error).toContain("cannot be reached");
    answer = "deliver";
    await pass(source, 3 * HOUR_MS);
    const stored = await reports(receiver);
    expect(stored.map(({ metrics }) => metrics?.["events"])).toEqual([2, 1]);
    expect((await settingsOf(source)).forward?.error).toBeNull();
  });

  it("waits longer after each failure", async () => {
    const { source } = await pair();
    await work(source, 1);
    answer = 503;
    await pass(source, 2 * HOUR_MS);
    const waits: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      const at = Date.parse((await settingsOf(source)).forward?.next_at ?? "");
      waits.push(at - Date.now());
      await pass(source, at - Date.now());
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBeLessThan(60_000);
    expect(waits.at(-1)).toBe(HOUR_MS);
  });

  it.each([
    [401, "does not know this key"],
    [403, "scope ingest"],
    [404, "No Clusterfork answers"],
    [302, "No Clusterfork answers"],
    [422, "update it"],
    [503, "busy or failing"],
  ])("status %i is explained in our own words", async (status, words) => {
    const { source } = await pair();
    await work(source, 1);
    answer = status;
    await pass(source, 2 * HOUR_MS);
    const { forward } = await settingsOf(source);
    expect(forward?.error).toContain(words);
    expect(forward?.error).not.toContain("zebra");
    expect(forward?.forwarded_until).toBeNull();
  });

  it("is tried at once when its key is entered again", async () => {
    const { source, receiver } = await pair();
    await work(source, 1);
    answer = 401;
    await pass(source, 2 * HOUR_MS);
    answer = "deliver";
    await change(source, { forward: { url: RECEIVER, key: receiver.keys.ingest } });
    await pass(source, 0);
    expect(await reports(receiver)).toHaveLength(1);
  });
});

describe("the settings", () => {
  it("never show the key, and keep it sealed", async () => {
    const { source, receiver } = await pair();
    const secret = receiver.keys.ingest.split("_")[3] ?? "";
    const reply = await change(source, { delivery: "batched" });
    expect(await reply.text()).not.toContain(secret);
    expect(await (await asPerson(source.cookie, settingsPath(source))).text()).not.toContain(secret);
    const row = await env.DB.prepare("SELECT * FROM project_setting WHERE project_id = ?")
      .bind(source.project.id)
      .first();
    expect(row).toMatchObject({ delivery: "batched", forward_url: RECEIVER });
    expect(JSON.stringify(row)).not.toContain(secret);
  });

  it("keep the key while the address stays, and want another one for another address", async () => {
    const { source } = await pair();
    expect((await change(source, { forward: { url: `${RECEIVER}/` } })).status).toBe(200);
    const moved = await change(source, { forward: { url: "https://elsewhere.example" } });
    expect(moved.status).toBe(422);
    expect(await moved.json()).toMatchObject({ error: { details: [{ field: "forward.key" }] } });
    expect((await settingsOf(source)).forward?.url).toBe(RECEIVER);
  });

  it.each([
    [{ forward: { url: "http://clusterfork.example", key: "k" } }, "forward.url"],
    [{ forward: { url: RECEIVER, key: "no key" } }, "forward.key"],
    [{ forward: { key: "k" } }, "forward.url"],
    [{ forward: true }, "forward"],
    [{ delivery: "sometimes" }, "delivery"],
  ])("refuse %j by naming the field", async (body, field) => {
    const source = await signUp("Refused");
    const reply = await change(source, body);
    expect(reply.status).toBe(422);
    expect(await reply.json()).toMatchObject({ error: { code: "invalid", details: [{ field }] } });
    expect(await settingsOf(source)).toMatchObject({ delivery: "live", forward: null });
  });

  it("refuse a key of the same project, which would report its own reports", async () => {
    const source = await signUp("Own");
    const reply = await change(source, { forward: { url: RECEIVER, key: source.keys.ingest } });
    expect(reply.status).toBe(422);
  });

  it("change what is given alone, and are for whoever may configure the project", async () => {
    const { source } = await pair();
    await change(source, { delivery: "batched" });
    expect(await settingsOf(source)).toMatchObject({ delivery: "batched", forward: { url: RECEIVER } });
    await env.DB.prepare("UPDATE member SET role = 'member' WHERE organization_id = ?")
      .bind(source.team.id)
      .run();
    expect((await asPerson(source.cookie, settingsPath(source))).status).toBe(403);
    expect((await change(source, { delivery: "live" })).status).toBe(403);
  });
});
