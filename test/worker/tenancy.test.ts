/** Who gets in, over the whole route table: teams, keys, sessions, forged and revoked ones. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { KeyCreatedResponse, KeysResponse, TeamsResponse } from "../../schema/wire/http.ts";
import type { ShareCreatedResponse } from "../../schema/wire/share.ts";
import { writeKey } from "../../worker/account/key-text.ts";
import { app } from "../../worker/http/app.ts";
import { ROUTES, type Route } from "../../worker/http/routes.ts";
import { DRAIN_DELAY_MS } from "../../worker/room/limits.ts";
import {
  asKey,
  asPerson,
  call,
  event,
  json,
  migrate,
  openSocket,
  ORIGIN,
  signUp,
  type Account,
} from "./server.ts";

let mine: Account;
let theirs: Account;
let their_key_id: string;
let their_share: string;

beforeAll(async () => {
  await migrate();
  mine = await signUp("Mine");
  theirs = await signUp("Theirs");
  const sent = await asKey(
    theirs.keys.ingest,
    "/v1/events",
    json("POST", event({ task_id: "THEIR-SECRET-TASK" })),
  );
  expect(sent.status).toBe(200);
  // In D1 as well, where the routes of history read.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DRAIN_DELAY_MS });
  await runDurableObjectAlarm(env.ROOM.get(env.ROOM.idFromName(theirs.project.id)));
  vi.useRealTimers();
  their_key_id = theirs.keys.read.split("_")[2] ?? "";
  const wanted = { project: theirs.project.id, name: "theirs", views: ["flow"], redactions: [] };
  const shared = await asPerson(theirs.cookie, "/api/shares", json("POST", wanted));
  their_share = (await shared.json<ShareCreatedResponse>()).share.id;
});

/** What a body that names a project holds besides. */
const BODIES: Record<string, object> = {
  "/api/keys": { scopes: ["read"] },
  "/api/shares": { views: ["flow"], redactions: [] },
};

/** A request to `route` that names what belongs to `owner`, and what an unknown one would be called. */
function requestTo(
  route: Route,
  owner: { project: string; team: string; key: string; share: string },
): { path: string; init: RequestInit & { headers?: Record<string, string> } } {
  const path = route.path
    .replace(":project", owner.project)
    .replace(":key", owner.key)
    .replace(":share", owner.share)
    .replace(":id", "f-1");
  const body: Record<string, unknown> = route.path.endsWith("/settings")
    ? { delivery: "live" }
    : { name: "named by the test" };
  // A comparison needs to know of what.
  let query = route.path.endsWith("/query/compare") ? "?select=task_id" : "";
  if (route.by === "session") {
    if (route.tenant === "query project") query = `?project=${owner.project}`;
    if (route.tenant === "body project")
      Object.assign(body, { project: owner.project, ...BODIES[route.path] });
    if (route.tenant === "body team") Object.assign(body, { team: owner.team });
  }
  const init =
    route.method === "GET" || route.method === "DELETE" ? { method: route.method } : json(route.method, body);
  return { path: path + query, init };
}

const THEIRS = () => ({
  project: theirs.project.id,
  team: theirs.team.id,
  key: their_key_id,
  share: their_share,
});
const UPGRADES: Record<string, string>[] = [{}, { upgrade: "websocket" }];
const UNKNOWN = {
  project: "p000000000000000",
  team: "nosuchteam",
  key: "000000000000",
  share: "000000000000",
};
const title = (route: Route) => `${route.method} ${route.path}`;
const guarded = ROUTES.filter((route) => route.by !== "anyone").map(
  (route) => [title(route), route] as const,
);
const by_session = ROUTES.filter(
  (route) => route.by === "member" || (route.by === "session" && route.tenant !== "none"),
).map((route) => [title(route), route] as const);
const by_key = ROUTES.filter((route) => route.by === "key").map((route) => [title(route), route] as const);

async function answer(reply: Response): Promise<{ status: number; error: unknown }> {
  const { error } = await reply.json<{ error: { request_id: string } }>();
  return { status: reply.status, error: { ...error, request_id: "" } };
}

describe("[T1] another team's data", () => {
  it.each(guarded)("%s: nobody gets 401", async (_title, route) => {
    const { path, init } = requestTo(route, THEIRS());
    const reply = await call(path, init);
    expect(reply.status).toBe(401);
    expect(reply.headers.get("www-authenticate")).toBe("Bearer");
    expect(await reply.text()).not.toContain("THEIR-SECRET-TASK");
  });

  it.each(by_session)(
    "%s: another team's session sees 404, the same as for an unknown one",
    async (_title, route) => {
      const [foreign, unknown] = [requestTo(route, THEIRS()), requestTo(route, UNKNOWN)];
      const forbidden = await answer(await asPerson(mine.cookie, foreign.path, foreign.init));
      expect(forbidden.status).toBe(404);
      expect(forbidden).toEqual(await answer(await asPerson(mine.cookie, unknown.path, unknown.init)));
    },
  );

  it.each(by_session)("%s: a key is no session", async (_title, route) => {
    const { path, init } = requestTo(route, THEIRS());
    expect((await asKey(theirs.keys.read, path, init)).status).toBe(401);
  });

  it.each(by_session.filter(([, route]) => route.method !== "DELETE"))(
    "%s: control: the team's own session gets in",
    async (_title, route) => {
      const { path, init } = requestTo(route, THEIRS());
      const reply = await asPerson(theirs.cookie, path, init);
      // 426: the stream wants an upgrade; a feature that does not exist is 404 inside the project.
      if (route.path.endsWith("/:id") && !route.path.includes("keys")) {
        expect(await reply.text()).toMatch(/no such (?:feature|task|agent)/);
      } else expect([200, 201, 426]).toContain(reply.status);
    },
  );

  it.each(by_key)("%s: another project's key shows that project only", async (_title, route) => {
    const { path, init } = requestTo(route, THEIRS());
    const reply = await asKey(route.method === "GET" ? mine.keys.read : mine.keys.ingest, path, init);
    expect(await reply.text()).not.toContain("THEIR-SECRET-TASK");
  });

  it("lists only the person's own teams and projects", async () => {
    for (const path of ["/api/teams", "/api/projects"]) {
      const text = await (await asPerson(mine.cookie, path)).text();
      expect(text).toContain(mine.project.id);
      expect(text).not.toContain(theirs.project.id);
    }
  });

  it("control: the marker is there for its own team", async () => {
    expect(await (await asKey(theirs.keys.read, "/v1/events")).text()).toContain("THEIR-SECRET-TASK");
    const path = `/api/projects/${theirs.project.id}/events`;
    expect(await (await asPerson(theirs.cookie, path)).text()).toContain("THEIR-SECRET-TASK");
    expect(await (await asKey(theirs.keys.read, "/v1/history/tasks")).text()).toContain("THEIR-SECRET-TASK");
  });
});

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
      const { path, init } = requestTo(route, THEIRS());
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
        const { path, init } = requestTo(route, THEIRS());
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
      const { path, init } = requestTo(route, THEIRS());
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
