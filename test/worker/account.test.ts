/** Accounts in real workerd and D1: sign-up in one call, sessions, projects, keys, and their repair. */
import { env } from "cloudflare:workers";
import { getAuthTables } from "better-auth/db";
import { getTableColumns, getTableName } from "drizzle-orm";
import { beforeAll, describe, expect, it, vi } from "vitest";
import * as tables from "../../schema/table/tables.ts";
import type { ErrorBody } from "../../schema/wire/error.ts";
import type { KeysResponse, ProjectRef, SignupResponse, TeamsResponse } from "../../schema/wire/http.ts";
import { authOptions } from "../../worker/account/auth.ts";
import { countAttempt } from "../../worker/account/attempts.ts";
import { openDatabase } from "../../worker/account/database.ts";
import { verifyKeyTag } from "../../worker/account/key-text.ts";
import { app } from "../../worker/http/app.ts";
import { asPerson, call, cookieOf, json, migrate, ORIGIN, signUp } from "./server.ts";

beforeAll(migrate);

describe("tables", () => {
  it("have every column that better-auth and its organization plugin read and write", () => {
    const options = authOptions({
      database: openDatabase(env.DB),
      secret: env.AUTH_SECRET,
      origin: ORIGIN,
      trusted_origins: [ORIGIN],
    });
    const ours = new Map<string, string[]>(
      Object.values(tables).map((table) => [getTableName(table), Object.keys(getTableColumns(table))]),
    );
    for (const { modelName, fields } of Object.values(getAuthTables(options))) {
      expect(ours.get(modelName), modelName).toEqual(expect.arrayContaining(["id", ...Object.keys(fields)]));
    }
  });
});

describe("sign-up", () => {
  it("makes person, team, project, two keys and a session in one call", async () => {
    const email = "Ada@Example.com";
    const reply = await call(
      "/api/signup",
      json("POST", { team: "Ada & Söhne", email, password: "12345678", name: "Ada", project: "Big Rewrite" }),
    );
    expect(reply.status).toBe(201);
    const body = await reply.json<SignupResponse>();
    expect(body.team).toMatchObject({ name: "Ada & Söhne", slug: "ada-sohne" });
    expect(body.project).toMatchObject({ id: expect.stringMatching(/^p[a-z0-9]{15}$/), slug: "big-rewrite" });
    for (const key of [body.keys.ingest, body.keys.read]) {
      expect(verifyKeyTag(env.KEY_SECRET, key)).toMatchObject({ project_id: body.project.id });
    }
    const teams = await (await asPerson(cookieOf(reply), "/api/teams")).json<TeamsResponse>();
    expect(teams.user).toMatchObject({ name: "Ada", email: "ada@example.com" });
    expect(teams.teams).toMatchObject([{ ...body.team, role: "owner", projects: [body.project] }]);
    const [cookie = ""] = reply.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).not.toMatch(/Secure/i);
  });

  it("sets Secure cookies where the origin is https", async () => {
    const reply = await app.fetch(
      new Request(
        "https://clusterfork.test/api/signup",
        json("POST", { team: "tls", email: "tls@example.com", password: "12345678" }),
      ),
      env,
    );
    expect(reply.status).toBe(201);
    expect(reply.headers.getSetCookie()[0]).toMatch(/^__Secure-clusterfork.*; *Secure/i);
    expect(reply.headers.get("strict-transport-security")).toMatch(/max-age=\d+/);
  });

  it("keeps team slugs unique and clear of the product's own paths", async () => {
    const slugs = [];
    for (const team of ["Twin", "twin", "TWIN!", "API", "sign-in", "日本"])
      slugs.push((await signUp(team)).team.slug);
    expect(slugs).toEqual(["twin", "twin-2", "twin-3", "api-2", "sign-in-2", "team"]);
  });

  it.each([
    [{ email: "a@example.com", password: "12345678" }, "team: The team's name is needed"],
    [{ team: " ", email: "a@example.com", password: "12345678" }, "team: The team's name must not be empty"],
    [{ team: "t", email: "nobody", password: "12345678" }, "email: This is not an e-mail address"],
    [{ team: "t", email: "a@example.com", password: "1234567" }, "password: The password needs at least 8"],
    [
      { team: "t", email: "a@example.com", password: "x".repeat(129) },
      "password: The password may have at most 128",
    ],
  ])("refuses %j and says why", async (body, message) => {
    const reply = await call("/api/signup", json("POST", body));
    expect(reply.status).toBe(422);
    const { error } = await reply.json<ErrorBody>();
    expect(error).toMatchObject({ code: "invalid", message: expect.stringContaining(message) });
  });

  it("refuses a finished sign-up and a wrong password alike, with no session", async () => {
    const { email, password } = await signUp("once");
    const again = await call("/api/signup", json("POST", { team: "once", email, password }));
    const wrong = await call(
      "/api/signup",
      json("POST", { team: "once", email, password: "not the password" }),
    );
    const [first, second] = [await again.json<ErrorBody>(), await wrong.json<ErrorBody>()];
    for (const reply of [again, wrong]) {
      expect(reply.status).toBe(409);
      expect(reply.headers.getSetCookie()).toEqual([]);
    }
    expect(first.error).toMatchObject({
      code: "already_exists",
      message: expect.stringContaining("Sign in"),
    });
    expect({ ...first.error, request_id: "" }).toEqual({ ...second.error, request_id: "" });
  });

  /** Everything works but the named statement or call, which fails as an outage would. */
  const broken = (
    part: "account" | "organization" | "member" | "project" | "api_key" | "ready" | "putKey",
  ) => ({
    ...env,
    DB: new Proxy(env.DB, {
      get(target, name) {
        if (name !== "prepare") return Reflect.get(target, name).bind(target);
        return (sql: string) => {
          const fails =
            part === "ready" ? sql.startsWith('update "api_key"') : sql.startsWith(`insert into "${part}"`);
          if (fails) throw new Error(`injected: ${part}`);
          return target.prepare(sql);
        };
      },
    }),
    ROOM: new Proxy(env.ROOM, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (name !== "get" || part !== "putKey") return member.bind(target);
        return () => ({ putKey: () => Promise.reject(new Error("injected: putKey")) });
      },
    }),
  });

  it.each(["account", "organization", "member", "project", "api_key", "putKey", "ready"] as const)(
    "completes when repeated after it was cut off at: %s",
    async (part) => {
      const email = `${part}-${crypto.randomUUID()}@example.com`;
      const init = json("POST", { team: `Cut ${part}`, email, password: "12345678" });
      const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
      const cut = await app.fetch(new Request(`${ORIGIN}/api/signup`, init), broken(part));
      expect(cut.status).toBe(500);
      expect(await cut.text()).not.toContain("injected");
      expect(String(logged.mock.lastCall)).toContain(`injected: ${part}`);
      logged.mockRestore();

      if (part !== "account") {
        const stranger = json("POST", { team: "x", email, password: "another one" });
        expect((await call("/api/signup", stranger)).status).toBe(409);
      }
      const reply = await call("/api/signup", init);
      expect(reply.status).toBe(201);
      const made = await reply.json<SignupResponse>();
      const teams = await (await asPerson(cookieOf(reply), "/api/teams")).json<TeamsResponse>();
      expect(teams.teams).toMatchObject([{ id: made.team.id, projects: [{ id: made.project.id }] }]);
      expect(teams.teams[0]?.projects).toHaveLength(1);
      const { keys } = await (
        await asPerson(cookieOf(reply), `/api/keys?project=${made.project.id}`)
      ).json<KeysResponse>();
      expect(keys.map((key) => key.name)).toEqual(expect.arrayContaining(["ingest", "read"]));
      expect(keys).toHaveLength(2);
      expect((await call("/api/signup", init)).status).toBe(409);
    },
  );

  it("makes one team when the same sign-up arrives twice at once", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const init = json("POST", { team: "race", email, password: "12345678" });
    const replies = await Promise.all([call("/api/signup", init), call("/api/signup", init)]);
    const made = replies.find((reply) => reply.status === 201);
    expect(made).toBeDefined();
    expect(replies.every((reply) => [201, 409].includes(reply.status))).toBe(true);
    const teams = await (await asPerson(cookieOf(made!), "/api/teams")).json<TeamsResponse>();
    expect(teams.teams).toHaveLength(1);
    expect(teams.teams[0]?.projects).toHaveLength(1);
  });
});

describe("sessions", () => {
  it("sign in, say who it is, and sign out", async () => {
    const { email, password } = await signUp("sessions");
    const entered = await call(
      "/api/auth/sign-in/email",
      json("POST", { email: email.toUpperCase(), password }),
    );
    expect(entered.status).toBe(200);
    const text = await entered.text();
    expect(JSON.parse(text)).toMatchObject({ user: { email } });
    expect(text).not.toContain("token");
    const cookie = cookieOf(entered);
    expect(await (await asPerson(cookie, "/api/auth/get-session")).json()).toMatchObject({ user: { email } });
    const left = await asPerson(cookie, "/api/auth/sign-out", { method: "POST" });
    expect(left.status).toBe(200);
    expect(await (await asPerson(cookie, "/api/auth/get-session")).json()).toBeNull();
    expect((await asPerson(cookie, "/api/teams")).status).toBe(401);
  });

  it("refuse a wrong password and an unknown address alike", async () => {
    const { email } = await signUp("wrong");
    for (const body of [
      { email, password: "not this one" },
      { email: "nobody@example.com", password: "12345678" },
    ]) {
      const reply = await call("/api/auth/sign-in/email", json("POST", body));
      expect(reply.status).toBe(401);
      expect(reply.headers.get("www-authenticate")).toBe("Bearer");
      expect(await reply.json()).toMatchObject({ error: { code: "unauthenticated" } });
    }
  });

  it("refuse a forged cookie", async () => {
    const { cookie } = await signUp("forged");
    expect((await asPerson(cookie.replace(/=(.)/, "=!"), "/api/teams")).status).toBe(401);
  });

  it("limit attempts per address and window, and say when to try again", async () => {
    const database = openDatabase(env.DB);
    const at_ms = 1_800_000_015_000;
    const tries = [];
    for (let n = 0; n < 4; n++) tries.push(await countAttempt(database, "test here", 3, at_ms));
    expect(tries).toEqual([null, null, null, 45]);
    expect(await countAttempt(database, "test elsewhere", 3, at_ms)).toBeNull();
    expect(await countAttempt(database, "test here", 3, at_ms + 60_000)).toBeNull();
  });

  it("are counted by Cloudflare first, where its counter is bound", async () => {
    const asked: string[] = [];
    const counter = {
      limit: ({ key }: RateLimitOptions) => (asked.push(key), Promise.resolve({ success: false })),
    };
    const headers = { "content-type": "application/json", "cf-connecting-ip": "203.0.113.10" };
    for (const path of ["/api/auth/sign-in/email", "/api/signup"]) {
      const reply = await app.fetch(new Request(ORIGIN + path, { ...json("POST", {}), headers }), {
        ...env,
        ATTEMPT_RATE_LIMIT: counter,
      });
      expect(reply.status).toBe(429);
      expect(reply.headers.get("retry-after")).toBe("60");
    }
    expect(asked).toEqual(["sign-in 203.0.113.10", "sign-up 203.0.113.10"]);
  });

  it("answer 429 with Retry-After when the limit is reached", async () => {
    const attempt = () =>
      call("/api/auth/sign-in/email", {
        ...json("POST", {}),
        headers: { "content-type": "application/json", "cf-connecting-ip": "203.0.113.9" },
      });
    let reply = await attempt();
    for (let n = 0; n < 130 && reply.status !== 429; n++) reply = await attempt();
    expect(reply.status).toBe(429);
    const wait_s = Number(reply.headers.get("retry-after"));
    expect(wait_s).toBeGreaterThan(0);
    expect(reply.headers.get("ratelimit")).toBe(`"sign-in";r=0;t=${wait_s}`);
    expect(await reply.json()).toMatchObject({ error: { code: "rate_limited" } });
  });
});

describe("the limit by address", () => {
  it("believes no header where none is named: a client could count as somebody else each time", async () => {
    const { CLIENT_ADDRESS_HEADER: _, ...local } = env;
    const attempt = (address: string) =>
      app.fetch(
        new Request(`${ORIGIN}/api/auth/sign-in/email`, {
          ...json("POST", {}),
          headers: {
            "content-type": "application/json",
            "cf-connecting-ip": address,
            "x-forwarded-for": address,
          },
        }),
        local,
      );
    let status = 0;
    for (let n = 0; n < 130 && status !== 429; n++) ({ status } = await attempt(`203.0.113.${n}`));
    expect(status).toBe(429);
  });
});

describe("names", () => {
  it.each([
    ["a line break", "a\nb"],
    ["NUL", "a\0b"],
    ["half a character", "\ud800"],
    ["a turned direction", "\u202egnp.exe"],
    ["nothing to see", "\u200b\u2060\u3164"],
  ])("may not hold %s", async (_, team) => {
    const email = `${crypto.randomUUID()}@example.com`;
    const reply = await call("/api/signup", json("POST", { team, email, password: "correct horse" }));
    expect(reply.status).toBe(422);
  });

  it.each([
    "<script>alert(1)</script>",
    "\u0430\u0441\u043c\u0435",
    "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
    "\u05e9\u05dc\u05d5\u05dd",
  ])("may be any text: %s", async (team) => {
    const email = `${crypto.randomUUID()}@example.com`;
    const reply = await call("/api/signup", json("POST", { team, email, password: "correct horse" }));
    expect(await reply.json()).toMatchObject({ team: { name: team } });
  });
});

describe("projects", () => {
  it("are made with a slug of their own, renamed without moving, and listed", async () => {
    const { cookie, team, project } = await signUp("projects");
    const slugs = [];
    for (const name of ["Main", "Shop", "shop", "Executive"]) {
      const reply = await asPerson(cookie, "/api/projects", json("POST", { team: team.id, name }));
      expect(reply.status).toBe(201);
      slugs.push((await reply.json<{ project: ProjectRef }>()).project.slug);
    }
    expect(slugs).toEqual(["main-2", "shop", "shop-2", "executive-2"]);
    const renamed = await asPerson(cookie, `/api/projects/${project.id}`, json("PATCH", { name: "Other" }));
    expect(await renamed.json()).toMatchObject({ project: { id: project.id, name: "Other", slug: "main" } });
    const { projects } = await (await asPerson(cookie, "/api/projects")).json<{ projects: ProjectRef[] }>();
    expect(projects).toHaveLength(5);
    expect(projects[0]).toMatchObject({ id: project.id, name: "Other", team: team.id });
  });
});
