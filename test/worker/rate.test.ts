/** Rate limits: what a sender is told of them, and that one project's rate is nobody else's. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import { BODY_HASH_DIGITS, packEvents, type EventBatch } from "../../schema/event/batch.ts";
import { app } from "../../worker/http/app.ts";
import type { Refusal } from "../../worker/room/contract.ts";
import { putKey } from "../../worker/room/access.ts";
import { Gate } from "../../worker/room/gate.ts";
import { GATHER_MS, PRESSED_FOR_MS, PRESSED_GATHER_MS } from "../../worker/room/limits.ts";
import { ProjectRoom } from "../../worker/room/room.ts";
import { events, freshRoom, own } from "./prepared.ts";
import { asKey, call, event, json, migrate, ORIGIN, signUp, type Account } from "./server.ts";

let account: Account;
beforeAll(async () => {
  await migrate();
  account = await signUp("Rates");
});

it("every reply to a key names its limits, and one to a sender what is left of them", async () => {
  const policy = '"project-events";q=200000;w=2;qu="events", "key-requests";q=20000;w=2';
  const reading = await asKey(account.keys.read, "/v1/state");
  expect(reading.headers.get("ratelimit-policy")).toBe(policy);
  const body = [event({}), event({}), event({})];
  const sent = await asKey(account.keys.ingest, "/v1/events", json("POST", body));
  expect(sent.headers.get("ratelimit-policy")).toBe(policy);
  expect(sent.headers.get("ratelimit")).toMatch(/^"project-events";r=\d+, "key-requests";r=\d+$/);
  expect(sent.headers.get("access-control-expose-headers")).toContain("RateLimit-Policy");
  const nobody = await call("/v1/state");
  expect(nobody.headers.get("ratelimit-policy")).toBeNull();
});

it("a refusal says which limit, when to come back, and that nothing was stored", async () => {
  const refusal: Refusal = {
    ok: false,
    reason: "rate_limited",
    retry_after_s: 7,
    limit: "events per second of this project",
    policy: "project-events",
  };
  const ROOM = new Proxy(env.ROOM, {
    get(target, name) {
      if (name === "get") return () => ({ append: () => Promise.resolve(refusal) });
      return Reflect.get(target, name).bind(target);
    },
  });
  const init = json("POST", event({}));
  const headers = { ...init.headers, authorization: `Bearer ${account.keys.ingest}` };
  const limited = { ...env, ROOM, MAX_EVENTS_PER_SECOND_PER_PROJECT: "5" };
  const reply = await app.fetch(new Request(`${ORIGIN}/v1/events`, { ...init, headers }), limited);
  expect(reply.status).toBe(429);
  expect(reply.headers.get("retry-after")).toBe("7");
  expect(reply.headers.get("ratelimit")).toBe('"project-events";r=0;t=7');
  expect(reply.headers.get("ratelimit-policy")).toContain('"project-events";q=10;w=2');
  expect(await reply.json()).toMatchObject({
    error: { code: "rate_limited", message: expect.stringContaining("nothing was stored") },
  });
});

it("a project at ten times its limit is refused, and its neighbour at the limit never", async () => {
  const settings = { MAX_EVENTS_PER_SECOND_PER_PROJECT: "5" };
  const start_ms = Date.now();
  const sendFor10s = (per_second: number) =>
    runInDurableObject(freshRoom(), async (_, ctx) => {
      vi.useFakeTimers({ toFake: ["Date"], now: start_ms });
      try {
        const room = new ProjectRoom(ctx, { ...env, ...settings });
        const answers = { ok: 0, refused: 0 };
        for (let n = 0; n < 10 * per_second; n += 1) {
          vi.setSystemTime(start_ms + Math.floor((n * 1000) / per_second));
          const reply = await room.append(own, packEvents(events(n + 1, n + 1)));
          if (reply.ok) answers.ok += 1;
          else {
            expect(reply).toMatchObject({ reason: "rate_limited", policy: "project-events" });
            answers.refused += 1;
          }
        }
        return answers;
      } finally {
        vi.useRealTimers();
      }
    });
  const noisy = await sendFor10s(50);
  // Two seconds' worth at once, then five a second.
  expect(noisy.ok).toBeGreaterThanOrEqual(55);
  expect(noisy.ok).toBeLessThanOrEqual(61);
  expect(noisy.refused).toBe(500 - noisy.ok);
  expect(await sendFor10s(5)).toEqual({ ok: 50, refused: 0 });
});

it("while a project sends more than its limits its commits gather longer; who reads too much changes nothing", async () => {
  await runInDurableObject(freshRoom(), async (_, ctx) => {
    const { sql } = ctx.storage;
    const secret_sha256 = "ab".repeat(32);
    putKey(sql, { key_id: "reader", secret_sha256, scopes: ["read"] });
    putKey(sql, { key_id: "sender", secret_sha256, scopes: ["ingest"] });
    const limits = { MAX_EVENTS_PER_SECOND_PER_PROJECT: "5", MAX_REQUESTS_PER_SECOND_PER_KEY: "1" };
    const gate = new Gate(sql, limits, 0);
    const knock = (key_id: string, scope: "ingest" | "read", now_ms: number) =>
      [1, 2, 3].map(() => gate.admit({ kind: "key", key_id, secret_sha256 }, scope, now_ms)).at(-1);
    expect(knock("reader", "read", 0)).toMatchObject({ reason: "rate_limited" });
    expect(gate.admitEvents(10, 0)).toBeNull();
    expect(gate.gatherMs(0)).toBe(GATHER_MS);
    expect(gate.admitEvents(1, 0)).toMatchObject({ reason: "rate_limited" });
    expect(gate.gatherMs(0)).toBe(PRESSED_GATHER_MS);
    expect(gate.gatherMs(PRESSED_FOR_MS - 1)).toBe(PRESSED_GATHER_MS);
    expect(gate.gatherMs(PRESSED_FOR_MS)).toBe(GATHER_MS);
    // Asking for a task's lessons takes a key that may send, and sends nothing.
    expect(knock("sender", "ingest", 10_000)).toMatchObject({ reason: "rate_limited" });
    expect(gate.gatherMs(10_000)).toBe(GATHER_MS);
    const sender = { kind: "key", key_id: "sender", secret_sha256 } as const;
    expect(gate.admitAppend(sender, 1, 10_000)).toMatchObject({ reason: "rate_limited" });
    expect(gate.gatherMs(10_000)).toBe(PRESSED_GATHER_MS);
  });
});

it("a key that does not wait hears the refusal again before its body is read and its room is asked", async () => {
  const other = await signUp("Impatient");
  const patient = await signUp("Patient");
  const settings = { ...env, MAX_EVENTS_PER_SECOND_PER_PROJECT: "5" };
  let asked = 0;
  const ROOM = new Proxy(env.ROOM, {
    get(target, name) {
      if (name !== "get") return Reflect.get(target, name).bind(target);
      const append = () => {
        asked += 1;
        return Promise.resolve({ ok: false, reason: "rate_limited", retry_after_s: 30, limit: "of a test" });
      };
      return () => ({ append });
    },
  });
  const sendTo = (bindings: object, key: string, body: string) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    return app.fetch(new Request(`${ORIGIN}/v1/events`, { method: "POST", headers, body }), {
      ...settings,
      ...bindings,
    });
  };
  const [first, second] = [
    await sendTo({ ROOM }, other.keys.ingest, JSON.stringify(event({}))),
    // No JSON: had it been read, the answer would say so.
    await sendTo({ ROOM }, other.keys.ingest, "{"),
  ];
  expect([first.status, second.status]).toEqual([429, 429]);
  expect(asked).toBe(1);
  expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(28);
  // A large one is received, or its sender would meet a closed connection, and kept nowhere meanwhile.
  const buffered = vi.spyOn(Request.prototype, "arrayBuffer");
  const upload = new Request(`${ORIGIN}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${other.keys.ingest}`, "content-length": "300000" },
    body: new Blob(["x".repeat(300_000)]).stream(),
  });
  expect((await app.fetch(upload, { ...settings, ROOM })).status).toBe(429);
  expect([upload.bodyUsed, buffered.mock.calls.length]).toEqual([true, 0]);
  buffered.mockRestore();
  // Neither another key nor another kind of request waits with it.
  expect((await sendTo({}, patient.keys.ingest, JSON.stringify(event({})))).status).toBe(200);
  expect((await asKey(other.keys.read, "/v1/state")).status).toBe(200);
});

it("a batch that is too much now is refused unread when it comes again, and a smaller one is asked of the room", async () => {
  const sender = await signUp("Sizes");
  const asked: number[] = [];
  const ROOM = new Proxy(env.ROOM, {
    get(target, name) {
      if (name !== "get") return Reflect.get(target, name).bind(target);
      const append = (_: unknown, { body_hashes }: EventBatch) => {
        const count = body_hashes.length / BODY_HASH_DIGITS;
        asked.push(count);
        const limited = { reason: "rate_limited", limit: "of a test", policy: "project-events" };
        return Promise.resolve(
          count > 1
            ? { ok: false, ...limited, retry_after_s: 30 }
            : { ok: true, accepted: 1, duplicates: 0, first_seq: 1, last_seq: 1, conflicts: [] },
        );
      };
      return () => ({ append });
    },
  });
  const send = async (count: number) => {
    const body = JSON.stringify(Array.from({ length: count }, () => event({})));
    const headers = {
      "content-type": "application/json",
      "content-length": String(body.length),
      authorization: `Bearer ${sender.keys.ingest}`,
    };
    return (
      await app.fetch(new Request(`${ORIGIN}/v1/events`, { method: "POST", body, headers }), { ...env, ROOM })
    ).status;
  };
  expect(await send(20)).toBe(429);
  expect(await send(20)).toBe(429);
  expect(await send(40)).toBe(429);
  expect(await send(1)).toBe(200);
  expect(asked).toEqual([20, 1]);
});
