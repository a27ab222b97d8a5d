/** Keys over the whole route table: forged and revoked ones, scopes, roles. Who may ask what is in wall.ts. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { KeyCreatedResponse, KeysResponse, TeamsResponse } from "../../schema/wire/http.ts";
import { writeKey } from "../../worker/account/key-text.ts";
import { app } from "../../worker/http/app.ts";
import { ROUTES, type Route } from "../../worker/http/routes.ts";
import { asKey, asPerson, event, json, migrate, openSocket, ORIGIN, signUp, type Account } from "./server.ts";

let mine: Account;
let theirs: Account;
let their_key_id: string;

beforeAll(async () => {
  await migrate();
  mine = await signUp("Mine");
  theirs = await signUp("Theirs");
  their_key_id = theirs.keys.read.split("_")[2] ?? "";
});

/** A request to `route`, well-formed where a key is asked for. */
function requestTo(route: Route): { path: string; init: RequestInit & { headers?: Record<string, string> } } {
  const path = route.path.replace(":project", theirs.project.id).replace(":id", "f-1");
  // A comparison needs to know of what.
  const query = route.path.endsWith("/query/compare") ? "?select=task_id" : "";
  const reads = route.method === "GET" || route.method === "DELETE";
  return { path: path + query, init: reads ? { method: route.method } : json(route.method, {}) };
}

const UPGRADES: Record<string, string>[] = [{}, { upgrade: "websocket" }];
const title = (route: Route) => `${route.method} ${route.path}`;
const by_key = ROUTES.filter((route) => route.by === "key").map((route) => [title(route), route] as const);

describe("[T3] a forged key", () => {
  const flip = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === "a" ? "b" : "a") + text.slice(at + 1);
  const forgeries: [string, () => string][] = [
    ["another project's id", () => theirs.keys.read.replace(theirs.project.id, mine.project.id)],
    ["another key id", () => flip(theirs.keys.read, 22)],
    ["another secret", () => flip(theirs.keys.read, 40)],
    ["another tag", () => flip(theirs.keys.read, theirs.keys.read.length - 1)],
    ["a cut tag", () => theirs.keys.read.slice(0, -1)],
    ["something behind it", () => `${theirs.keys.read}0`],
    [
      "a tag by another installation",
      () => {
        const parts = { project_id: theirs.project.id, key_id: their_key_id, secret: "x".repeat(32) };
        return writeKey("another installation's secret, 32+ characters", parts).text;
      },
    ],
    ["no key at all", () => "hello"],
    ["nothing", () => ""],
  ];

  function countingRooms() {
    const woken: string[] = [];
    const ROOM = new Proxy(env.ROOM, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          woken.push(String(name));
          return Reflect.apply(member, target, args);
        };
      },
    });
    return { woken, env: { ...env, ROOM } };
  }

  it.each(forgeries)("reaches no room on any route: %s", async (_title, forge) => {
    const { woken, env: counted } = countingRooms();
    for (const [, route] of by_key) {
      const { path, init } = requestTo(route);
      for (const upgrade of UPGRADES) {
        const headers = { ...init.headers, ...upgrade, authorization: `Bearer ${forge()}` };
        const reply = await app.fetch(new Request(ORIGIN + path, { ...init, headers }), counted);
        expect(reply.status).toBe(401);
      }
    }
    expect(woken).toEqual([]);
  });

  it("control: a good key does reach the room that is counted", async () => {
    const { woken, env: counted } = countingRooms();
    const headers = { authorization: `Bearer ${theirs.keys.read}` };
    const reply = await app.fetch(new Request(`${ORIGIN}/v1/events`, { headers }), counted);
    expect(reply.status).toBe(200);
    expect(woken).toContain("get");
  });

  it.each(["AUTH_SECRET", "KEY_SECRET"])("no route answers while %s is missing or short", async (name) => {
    for (const secret of [undefined, "", "short"]) {
      const { woken, env: counted } = countingRooms();
      const bare = { ...counted, [name]: secret };
      for (const route of ROUTES) {
        const { path, init } = requestTo(route);
        const reply = await app.fetch(new Request(ORIGIN + path, init), bare);
        expect(reply.status, path).toBe(path === "/healthz" ? 200 : 503);
      }
      expect(woken).toEqual([]);
    }
  });

  it("a good key beyond Cloudflare's count is turned away before its room, where the counter is bound", async () => {
    const { woken, env: counted } = countingRooms();
    const asked: string[] = [];
    const KEY_RATE_LIMIT = {
      limit: ({ key }: RateLimitOptions) => (asked.push(key), Promise.resolve({ success: false })),
    };
    const headers = { authorization: `Bearer ${theirs.keys.read}` };
    const request = new Request(`${ORIGIN}/v1/events`, { headers });
    const reply = await app.fetch(request, { ...counted, KEY_RATE_LIMIT });
    expect(reply.status).toBe(429);
    expect(reply.headers.get("retry-after")).toBe("60");
    expect(asked).toHaveLength(1);
    expect(woken).toEqual([]);
  });

  it("with a good tag and an unknown secret is refused by the room", async () => {
    const parts = { project_id: theirs.project.id, key_id: their_key_id, secret: "x".repeat(32) };
    const reply = await asKey(writeKey(env.KEY_SECRET, parts).text, "/v1/events");
    expect(reply.status).toBe(401);
  });
});

describe("[T4] a revoked key", () => {
  async function makeKey(account: Account, scopes: string[]): Promise<KeyCreatedResponse> {
    const body = { project: account.project.id, name: "short-lived", scopes };
    const reply = await asPerson(account.cookie, "/api/keys", json("POST", body));
    expect(reply.status).toBe(201);
    return reply.json<KeyCreatedResponse>();
  }

  it("[V3] is refused from the next request on, and its sockets close; others stay open", async () => {
    const { key, secret } = await makeKey(mine, ["ingest", "read"]);
    const socket = await openSocket("/v1/stream", { authorization: `Bearer ${secret}` });
    const other = await openSocket("/v1/stream", { authorization: `Bearer ${mine.keys.read}` });
    expect((await asKey(secret, "/v1/state")).status).toBe(200);

    const revoked = await asPerson(mine.cookie, `/api/keys/${key.id}`, { method: "DELETE" });
    expect(revoked.status).toBe(204);
    expect(await socket.closed).toMatchObject({ code: 4001 });
    for (const [, route] of by_key) {
      const { path, init } = requestTo(route);
      const upgrade = UPGRADES[route.path.endsWith("/stream") ? 1 : 0];
      const reply = await asKey(secret, path, { ...init, headers: { ...init.headers, ...upgrade } });
      expect(reply.status, route.path).toBe(401);
      expect(await reply.text()).toContain("revoked");
    }
    await asKey(mine.keys.ingest, "/v1/events", json("POST", event({ task_id: "after" })));
    expect(await other.message((message) => message.type === "events")).toBeDefined();
    other.close();

    const { keys } = await (
      await asPerson(mine.cookie, `/api/keys?project=${mine.project.id}`)
    ).json<KeysResponse>();
    expect(keys.find((entry) => entry.id === key.id)?.revoked_at).toMatch(/^\d{4}-/);
    const again = await asPerson(mine.cookie, `/api/keys/${key.id}`, { method: "DELETE" });
    expect(again.status).toBe(204);
  });

  it("is refused whatever it sends, also what would be refused anyway", async () => {
    const { key, secret } = await makeKey(mine, ["ingest"]);
    await asPerson(mine.cookie, `/api/keys/${key.id}`, { method: "DELETE" });
    for (const body of ["not json", "[]", "[1]"]) {
      const reply = await asKey(secret, "/v1/events", { ...json("POST", 0), body });
      expect(reply.status).toBe(401);
    }
  });

  it("is never listed with its secret", async () => {
    const { secret } = await makeKey(mine, ["admin"]);
    const text = await (await asPerson(mine.cookie, `/api/keys?project=${mine.project.id}`)).text();
    expect(text).not.toContain(secret.split("_")[3]);
    expect((await asKey(secret, "/v1/state")).status).toBe(200);
  });

  it("that was cut off before it was shown is not listed, and is revoked by a later look", async () => {
    const stuck = new Date(Date.now() - 120_000).getTime();
    await env.DB.prepare(
      `insert into api_key (id, project_id, name, scopes, created_at) values ('stuckstuck12', ?, 'stuck', '["read"]', ?)`,
    )
      .bind(mine.project.id, stuck)
      .run();
    const parts = { project_id: mine.project.id, key_id: "stuckstuck12", secret: "s".repeat(32) };
    const { text, secret_sha256 } = writeKey(env.KEY_SECRET, parts);
    const room = env.ROOM.get(env.ROOM.idFromName(mine.project.id));
    await room.putKey({ key_id: "stuckstuck12", secret_sha256, scopes: ["read"] });
    expect((await asKey(text, "/v1/state")).status).toBe(200);
    const list = await (await asPerson(mine.cookie, `/api/keys?project=${mine.project.id}`)).text();
    expect(list).not.toContain("stuck");
    expect((await asKey(text, "/v1/state")).status).toBe(401);
    const left = await env.DB.prepare("select count(*) as n from api_key where id = 'stuckstuck12'").first();
    expect(left).toEqual({ n: 0 });
  });
});

describe("scopes", () => {
  it("an ingest key reads nothing, a read key sends nothing, an admin key does both", async () => {
    const reading = await asKey(mine.keys.ingest, "/v1/events");
    expect(reading.status).toBe(403);
    expect(await reading.json()).toMatchObject({
      error: {
        code: "insufficient_scope",
        details: { needed: "read" },
        message: expect.stringContaining('"read"'),
      },
    });
    const sending = await asKey(mine.keys.read, "/v1/events", json("POST", event({})));
    expect(sending.status).toBe(403);
    const socket = await asKey(mine.keys.ingest, "/v1/stream", { headers: { upgrade: "websocket" } });
    expect(socket.status).toBe(403);
  });

  async function join(role: string): Promise<string> {
    const guest = await signUp("Guests");
    const { user } = await (await asPerson(guest.cookie, "/api/teams")).json<TeamsResponse>();
    await env.DB.prepare("insert into member (id, organization_id, user_id, role) values (?, ?, ?, ?)")
      .bind(crypto.randomUUID(), mine.team.id, user.id, role)
      .run();
    return guest.cookie;
  }
  const key = () => ({ project: mine.project.id, name: "k", scopes: ["read"] });
  const path = () => `/api/projects/${mine.project.id}`;

  it.each(["viewer", "member"])("a %s reads, and may not manage projects or keys", async (role) => {
    const cookie = await join(role);
    expect((await asPerson(cookie, `${path()}/state`)).status).toBe(200);
    const refused = await asPerson(cookie, "/api/keys", json("POST", key()));
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      error: { message: expect.stringContaining("Only admins and owners may"), details: { needed: "admin" } },
    });
    const project = { team: mine.team.id, name: "n" };
    expect((await asPerson(cookie, "/api/projects", json("POST", project))).status).toBe(403);
    expect((await asPerson(cookie, path(), json("PATCH", { name: "n" }))).status).toBe(403);
    const key_path = `/api/keys/${mine.keys.read.split("_")[2]}`;
    expect((await asPerson(cookie, key_path, { method: "DELETE" })).status).toBe(403);
    const list = await asPerson(cookie, `/api/keys?project=${mine.project.id}`);
    expect(list.status).toBe(role === "viewer" ? 403 : 200);
  });

  it("the greatest of several stored roles counts; an unknown one lets nobody in", async () => {
    const admin = await join("viewer,admin");
    expect((await asPerson(admin, "/api/keys", json("POST", key()))).status).toBe(201);
    const unknown = await join("guest");
    expect((await asPerson(unknown, `${path()}/state`)).status).toBe(404);
    expect(await (await asPerson(unknown, "/api/teams")).text()).not.toContain(mine.team.id);
  });
});

describe("[T5] a sender's key cannot speak as Clusterfork", () => {
  it.each([
    { agent_id: "clusterfork:reflect" },
    { event_type: "alert_raised" },
    { event_type: "budget_exceeded" },
  ])("%j is rejected as reserved", async (part) => {
    const reply = await asKey(mine.keys.ingest, "/v1/events", json("POST", event(part)));
    expect(reply.status).toBe(422);
    expect(await reply.json()).toMatchObject({
      results: [{ index: 0, status: "rejected", code: "reserved" }],
    });
  });
});
