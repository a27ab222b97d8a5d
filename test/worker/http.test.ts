/** What holds for every route: errors, methods, headers, origins, sockets. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { app } from "../../worker/http/app.ts";
import { ROUTES } from "../../worker/http/routes.ts";
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

let team: Account;
beforeAll(async () => {
  await migrate();
  team = await signUp("Http");
});

const ELSEWHERE = "https://elsewhere.example";

describe("every route", () => {
  const paths = [...new Set(ROUTES.map((route) => route.path))].map((path) => path.replace(/:\w+/g, "x"));

  it.each(paths)("%s answers a wrong method with 405 and Allow", async (path) => {
    const reply = await call(path, { method: "MKCOL" });
    expect(reply.status).toBe(405);
    expect(reply.headers.get("allow")).toMatch(/(GET|POST|PATCH|DELETE).*OPTIONS/);
    expect(await reply.json()).toMatchObject({ error: { code: "method_not_allowed" } });
    const options = await call(path, { method: "OPTIONS" });
    expect(options.status).toBe(204);
    expect(options.headers.get("allow")).toBe(reply.headers.get("allow"));
  });

  it.each([
    "/v1",
    "/v1/nothing",
    "/v1/events/",
    "/api",
    "/api/nothing",
    "/api/auth/sign-up/email",
    "/api/auth/organization/create",
  ])("%s is unknown: JSON 404, also by POST", async (path) => {
    for (const method of ["GET", "POST"]) {
      const reply = await call(path, { method });
      expect(reply.status).toBe(404);
      expect(await reply.json()).toMatchObject({ error: { code: "not_found" } });
    }
  });

  it("answers HEAD as GET without a body", async () => {
    const reply = await asKey(team.keys.read, "/v1/state", { method: "HEAD" });
    expect(reply.status).toBe(200);
    expect(await reply.text()).toBe("");
  });

  it("gives each reply an id of its own and takes none from outside", async () => {
    const init = { headers: { "x-request-id": "forged" } };
    const [one, two] = [await call("/healthz", init), await call("/v1/events", init)];
    expect(one.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(two.headers.get("x-request-id")).not.toBe(one.headers.get("x-request-id"));
    expect(await two.json()).toMatchObject({ error: { request_id: two.headers.get("x-request-id") } });
  });

  it("sets the security headers", async () => {
    for (const reply of [
      await call("/healthz"),
      await call("/v1/events"),
      await asPerson(team.cookie, "/api/teams"),
    ]) {
      expect(reply.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
      expect(reply.headers.get("referrer-policy")).toBe("no-referrer");
      expect(reply.headers.get("cache-control")).toBe("no-store");
      expect(reply.headers.get("strict-transport-security")).toBeNull();
    }
  });

  it("lets only its own pages load what a cookie opens, and any page what a key opens", async () => {
    const policy = "cross-origin-resource-policy";
    expect((await asPerson(team.cookie, "/api/teams")).headers.get(policy)).toBe("same-origin");
    expect((await asKey(team.keys.read, "/v1/state")).headers.get(policy)).toBe("cross-origin");
  });

  it("answers every address of a page with index.html, and a missing file with an uncached 404", async () => {
    const asked: string[] = [];
    const ASSETS = {
      fetch: (request: Request) => {
        asked.push(new URL(request.url).pathname);
        const is_known = request.headers.has("if-none-match");
        return Promise.resolve(new Response(is_known ? null : "<html>", { status: is_known ? 304 : 200 }));
      },
    };
    const get = (path: string, headers: Record<string, string> = {}) =>
      app.fetch(new Request(`${ORIGIN}${path}`, { headers }), { ...env, ASSETS });
    for (const path of ["/acme/main", "/acme/main/flow/v1.2", "/sign-in"]) {
      expect((await get(path)).status).toBe(200);
    }
    // Headers of a 304 replace those that the browser keeps: the page's policy must not become ours.
    const unchanged = await get("/acme/main", { "if-none-match": '"x"' });
    expect([unchanged.status, unchanged.headers.get("content-security-policy")]).toEqual([304, null]);
    expect(asked).toEqual(["/", "/", "/", "/"]);
    for (const path of [
      "/_app/immutable/entry/old.js",
      "/robots.txt",
      "/.env",
      "/.git/config",
      "/_headers",
    ]) {
      const missing = await get(path);
      expect([missing.status, missing.headers.get("cache-control")]).toEqual([404, "no-store"]);
    }
    expect(asked).toHaveLength(4);
  });

  it("logs nothing when somebody hangs up in the middle of a body", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const body = new ReadableStream({
      pull: (controller) => controller.error(new Error("Network connection lost.")),
    });
    const reply = await call("/api/auth/sign-in/email", { ...json("POST", {}), body });
    expect(reply.status).toBe(400);
    expect(logged).not.toHaveBeenCalled();
    logged.mockRestore();
  });

  it("hides what failed behind a 500 with an id", async () => {
    const broken = new Proxy(env.DB, {
      get: () => () => {
        throw new Error("secret of the inside");
      },
    });
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const headers = { cookie: team.cookie };
    const reply = await app.fetch(new Request(`${ORIGIN}/api/teams`, { headers }), { ...env, DB: broken });
    expect(reply.status).toBe(500);
    const text = await reply.text();
    expect(JSON.parse(text)).toMatchObject({
      error: { code: "internal", request_id: reply.headers.get("x-request-id") },
    });
    expect(text).not.toMatch(/secret|stack|\.ts/);
    expect(String(logged.mock.lastCall)).toContain(reply.headers.get("x-request-id"));
    logged.mockRestore();
  });

  it("answers 503 with Retry-After when the room is overloaded, and 429 when it limits", async () => {
    // A sender of its own: the Worker repeats the 429 to that key until its wait is over (hold.ts).
    const sender = await signUp("Limited");
    const withRoom = (append: () => Promise<unknown>) => ({
      ...env,
      ROOM: new Proxy(env.ROOM, {
        get: (target, name) => (name === "get" ? () => ({ append }) : Reflect.get(target, name).bind(target)),
      }),
    });
    const post = (append: () => Promise<unknown>) => {
      const { headers, ...init } = json("POST", event({}));
      const request = new Request(`${ORIGIN}/v1/events`, {
        ...init,
        headers: { ...headers, authorization: `Bearer ${sender.keys.ingest}` },
      });
      return app.fetch(request, withRoom(append));
    };
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const overloaded = await post(() =>
      Promise.reject(Object.assign(new Error("busy"), { overloaded: true })),
    );
    // What a full disk looks like here: the reply was ready, and the output gate held it back.
    const reset = await post(() =>
      Promise.reject(Object.assign(new Error("SQLITE_FULL"), { durableObjectReset: true })),
    );
    logged.mockRestore();
    expect([reset.status, Number(reset.headers.get("retry-after")) > 0]).toEqual([503, true]);
    const logging = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const d1 = (words: string) =>
      post(() => Promise.reject(new Error("Failed query", { cause: new Error(`D1_ERROR: ${words}`) })));
    const away = await d1("Network connection lost.");
    const broken = await d1("no such column: x: SQLITE_ERROR");
    const taken = await d1("UNIQUE constraint failed: project.id: SQLITE_CONSTRAINT");
    const busy = await d1("database is locked: SQLITE_BUSY");
    expect([away.status, broken.status, taken.status, busy.status]).toEqual([503, 500, 500, 503]);
    // What a room's own storage says, where it hands its error on.
    const locked = await post(() => Promise.reject(new Error("database is locked: SQLITE_BUSY")));
    const full = await post(() => Promise.reject(new Error("database or disk is full: SQLITE_FULL")));
    // What a room, or D1 below a query, says when it cannot even be opened.
    const runtime = new Error("internal error; reference = ma0bqgahfs5h0fvvrjtkr9o2");
    const unopened = await post(() => Promise.reject(new Error("Failed query", { cause: runtime })));
    const doubled = await post(() =>
      Promise.reject(new Error("UNIQUE constraint failed: SQLITE_CONSTRAINT")),
    );
    logging.mockRestore();
    expect([locked.status, full.status, unopened.status, doubled.status]).toEqual([503, 503, 503, 500]);
    expect([locked.headers.get("retry-after"), full.headers.get("retry-after")]).toEqual(["2", "2"]);
    const unavailable = await post(() =>
      Promise.resolve({ ok: false, reason: "unavailable", retry_after_s: 7 }),
    );
    const limited = await post(() =>
      Promise.resolve({ ok: false, reason: "rate_limited", retry_after_s: 0.3, limit: "events per second" }),
    );
    expect([overloaded.status, unavailable.status, limited.status]).toEqual([503, 503, 429]);
    expect(Number(overloaded.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(unavailable.headers.get("retry-after")).toBe("7");
    expect(limited.headers.get("retry-after")).toBe("1");
  });

  it("says its health and version", async () => {
    expect(await (await call("/healthz")).json()).toEqual({ status: "ok", version: manifest.version });
  });
});

describe("JSON bodies of the dashboard's routes", () => {
  it.each([
    ["no JSON", "{", "application/json", 400],
    ["another media type", "{}", "text/plain", 415],
    ["none", "", "application/json", 400],
    ["too much", JSON.stringify({ team: "x".repeat(20_000) }), "application/json", 413],
    [
      "an unknown field",
      JSON.stringify({ project: "p", name: "n", scopes: ["read"], admin: true }),
      "application/json",
      422,
    ],
    [
      "an unknown scope",
      JSON.stringify({ project: "p", name: "n", scopes: ["root"] }),
      "application/json",
      422,
    ],
  ])("are refused: %s", async (_title, body, type, status) => {
    const init = { method: "POST", headers: { "content-type": type }, body };
    expect((await asPerson(team.cookie, "/api/keys", init)).status).toBe(status);
  });
});

describe("origins", () => {
  it("/v1 may be used by key from a page of any origin, never with cookies", async () => {
    const preflight = await call("/v1/events", {
      method: "OPTIONS",
      headers: {
        origin: ELSEWHERE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toMatch(/authorization/i);
    expect(preflight.headers.get("access-control-allow-methods")).toMatch(/POST/);

    const { headers, ...init } = json("POST", event({}));
    const sent = await asKey(team.keys.ingest, "/v1/events", {
      ...init,
      headers: { ...headers, origin: ELSEWHERE },
    });
    const refused = await call("/v1/events", { headers: { origin: ELSEWHERE, cookie: team.cookie } });
    expect([sent.status, refused.status]).toEqual([200, 401]);
    for (const reply of [preflight, sent, refused]) {
      expect(reply.headers.get("access-control-allow-origin")).toBe("*");
      expect(reply.headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  it("/api refuses what another origin's page would change in somebody's name", async () => {
    const changes: [string, string, unknown][] = [
      ["POST", "/api/keys", { project: team.project.id, name: "k", scopes: ["admin"] }],
      ["POST", "/api/projects", { team: team.team.id, name: "n" }],
      ["PATCH", `/api/projects/${team.project.id}`, { name: "n" }],
      ["POST", "/api/signup", { team: "t", email: "x@example.com", password: "12345678" }],
      ["POST", "/api/auth/sign-in/email", { email: team.email, password: team.password }],
      ["POST", "/api/auth/sign-out", {}],
    ];
    for (const [method, path, body] of changes) {
      for (const origin of [ELSEWHERE, "null", "https://clusterfork.test"]) {
        const { headers, ...init } = json(method, body);
        const reply = await asPerson(team.cookie, path, { ...init, headers: { ...headers, origin } });
        expect(reply.status, path).toBe(403);
        expect(await reply.json()).toMatchObject({ error: { code: "forbidden_origin" } });
        expect(reply.headers.get("access-control-allow-origin")).toBeNull();
      }
      const { headers, ...init } = json(method, body);
      const nameless = await call(path, { ...init, headers: { ...headers, cookie: team.cookie } });
      expect(nameless.status, path).toBe(403);
    }
    expect((await asPerson(team.cookie, "/api/teams")).status).toBe(200);
  });

  it("BASE_URL's origin is own, also where a proxy hides it from the request", async () => {
    const { headers, ...init } = json("PATCH", { name: "renamed" });
    const request = () =>
      new Request(`${ORIGIN}/api/projects/${team.project.id}`, {
        ...init,
        headers: { ...headers, cookie: team.cookie, origin: "https://public.example" },
      });
    expect((await app.fetch(request(), env)).status).toBe(403);
    // Over https better-auth's cookies are named otherwise, so this one is nobody's: what matters is that it is not 403.
    expect((await app.fetch(request(), { ...env, BASE_URL: "https://public.example" })).status).toBe(401);
  });
});

describe("the stream", () => {
  it("takes a key in the header or, from a browser, as a subprotocol", async () => {
    const account = await signUp("Stream");
    const header = await openSocket("/v1/stream", { authorization: `Bearer ${account.keys.read}` });
    const browser = await openSocket("/v1/stream", {
      origin: ELSEWHERE,
      "sec-websocket-protocol": `clusterfork.v1, bearer.${account.keys.read}`,
    });
    expect(browser.protocol).toBe("clusterfork.v1");
    const session = await openSocket(`/api/projects/${account.project.id}/stream`, {
      origin: ORIGIN,
      cookie: account.cookie,
      "sec-websocket-protocol": "clusterfork.v1",
    });
    const sockets = [header, browser, session];
    for (const socket of sockets) {
      expect(await socket.message((message) => message.type === "snapshot")).toMatchObject({ seq: 0 });
    }
    await asKey(account.keys.ingest, "/v1/events", json("POST", event({ id: "live" })));
    for (const socket of sockets) {
      expect(await socket.message((message) => message.type === "events")).toMatchObject({
        from: 1,
        to: 1,
        events: [{ id: "live" }],
      });
      socket.close();
    }
    const resumed = await openSocket("/v1/stream?since=0", { authorization: `Bearer ${account.keys.read}` });
    expect(await resumed.message(() => true)).toMatchObject({ type: "events", from: 1 });
    resumed.close();
  });

  it("refuses a socket by cookie from another origin, or from none", async () => {
    const path = `/api/projects/${team.project.id}/stream`;
    const origins: Record<string, string>[] = [{ origin: ELSEWHERE }, {}];
    for (const origin of origins) {
      const reply = await call(path, { headers: { upgrade: "websocket", cookie: team.cookie, ...origin } });
      expect(reply.status).toBe(403);
      expect(await reply.json()).toMatchObject({ error: { code: "forbidden_origin" } });
    }
  });

  it("does not believe a client that names its own principal", async () => {
    const spoofed = {
      upgrade: "websocket",
      "x-clusterfork-principal": JSON.stringify({ kind: "clusterfork" }),
    };
    expect((await call("/v1/stream", { headers: spoofed })).status).toBe(401);
    const reply = await asKey(team.keys.ingest, "/v1/stream", { headers: spoofed });
    expect(reply.status).toBe(403);
    expect(await reply.json()).toMatchObject({ error: { code: "insufficient_scope" } });
  });

  it("refuses a request without upgrade, a bad since and a foreign subprotocol", async () => {
    const plain = await asKey(team.keys.read, "/v1/stream");
    expect(plain.status).toBe(426);
    expect(plain.headers.get("upgrade")).toBe("websocket");
    const headers = { upgrade: "websocket" };
    expect((await asKey(team.keys.read, "/v1/stream?since=x", { headers })).status).toBe(400);
    const foreign = { ...headers, "sec-websocket-protocol": "chat" };
    expect((await asKey(team.keys.read, "/v1/stream", { headers: foreign })).status).toBe(400);
  });
});
