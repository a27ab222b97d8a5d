/** Share links: made, opened, guessed at, ended. What they show is in share-scope.test.ts. */
import { createExecutionContext, runDurableObjectAlarm, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { CLOSE } from "../../schema/wire/socket.ts";
import type {
  ShareCreatedResponse,
  ShareInfo,
  ShareOpenedResponse,
  SharesResponse,
} from "../../schema/wire/share.ts";
import { MAX_GUESSES_PER_WINDOW } from "../../worker/account/attempts.ts";
import { verifyShareTag, writePass, writeShare } from "../../worker/account/share-text.ts";
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
let other: Account;

beforeAll(async () => {
  await migrate();
  team = await signUp("Sharing");
  other = await signUp("Others");
  await send({ task_id: "T-1" });
});
afterEach(() => {
  vi.useRealTimers();
});

const send = (part: Record<string, unknown>) =>
  asKey(team.keys.ingest, "/v1/events", json("POST", event(part)));

async function share(more: object = {}, by: Account = team): Promise<ShareCreatedResponse> {
  const body = {
    project: by.project.id,
    name: "for the board",
    views: ["flow"],
    redactions: ["cost"],
    ...more,
  };
  const reply = await asPerson(by.cookie, "/api/shares", json("POST", body));
  if (reply.status !== 201) throw new Error(await reply.text());
  return reply.json<ShareCreatedResponse>();
}
const list = async (): Promise<ShareInfo[]> => {
  const reply = await asPerson(team.cookie, `/api/shares?project=${team.project.id}`);
  return (await reply.json<SharesResponse>()).shares;
};
const infoOf = async (id: string) => (await list()).find((info) => info.id === id);
const open = (token: string, passphrase?: string, init: { headers?: Record<string, string> } = {}) => {
  const { headers, ...rest } = json("POST", { token, ...(passphrase === undefined ? {} : { passphrase }) });
  return call("/api/shares/open", { ...rest, headers: { ...headers, ...init.headers } });
};
const revoke = (id: string) => asPerson(team.cookie, `/api/shares/${id}`, { method: "DELETE" });
const pass = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

/** Status and words of a refusal, without what differs in every reply. */
async function refusal(reply: Response): Promise<unknown> {
  const { error } = await reply.json<{ error: { request_id: string } }>();
  return { status: reply.status, error: { ...error, request_id: "" } };
}

describe("a link", () => {
  it("is made, listed without its token, opened by anybody, and counted once per visit", async () => {
    const { share: made, token } = await share({ views: ["history", "flow"], redactions: ["text", "cost"] });
    expect(token).toMatch(/^cfs_p[a-z0-9]{15}_[a-z0-9]{12}_[A-Za-z0-9]{32}_[0-9a-f]{24}$/);
    expect(made).toMatchObject({ views: ["flow", "history"], redactions: ["cost", "text"], opened_count: 0 });
    const listed = await asPerson(team.cookie, `/api/shares?project=${team.project.id}`);
    expect(await listed.text()).not.toContain(token.split("_")[3]);

    const opened = await (await open(token)).json<ShareOpenedResponse>();
    expect(opened).toEqual({
      bearer: token,
      bearer_until: null,
      name: "for the board",
      team: "Sharing",
      views: ["flow", "history"],
      redactions: ["cost", "text"],
      expires_at: null,
    });
    expect((await asKey(token, "/v1/state")).status).toBe(200);
    const socket = await openSocket("/v1/stream", {
      "sec-websocket-protocol": `clusterfork.v1, bearer.${token}`,
    });
    expect(socket.protocol).toBe("clusterfork.v1");
    await socket.message((message) => message.type === "snapshot");
    await send({ task_id: "T-live" });
    await socket.message((message) => JSON.stringify(message).includes("T-live"));
    socket.close();
    await vi.waitFor(async () => expect(await infoOf(made.id)).toMatchObject({ opened_count: 1 }));
    expect((await infoOf(made.id))?.last_opened_at).toMatch(/^\d{4}-/);
  });

  it("[T4][V3] that is revoked ends at once, everywhere, and its viewers are closed; others stay", async () => {
    const { share: made, token } = await share({ views: ["flow", "events", "history"] });
    const { token: second } = await share();
    const socket = await openSocket("/v1/stream", { authorization: `Bearer ${token}` });
    const stays = await openSocket("/v1/stream", { authorization: `Bearer ${second}` });
    await socket.message((message) => message.type === "snapshot");
    expect((await revoke(made.id)).status).toBe(204);
    expect(await socket.closed).toMatchObject({ code: CLOSE.revoked });
    for (const route of ROUTES) {
      if (route.by !== "key") continue;
      const upgrade: Record<string, string> = route.path.endsWith("/stream") ? { upgrade: "websocket" } : {};
      const reply = await asKey(token, route.path, { method: route.method, headers: upgrade });
      expect(reply.status, route.path).toBe(404);
    }
    expect((await open(token)).status).toBe(404);
    await send({ task_id: "T-after" });
    await stays.message((message) => JSON.stringify(message).includes("T-after"));
    stays.close();
    expect((await infoOf(made.id))?.revoked_at).toMatch(/^\d{4}-/);
    expect((await revoke(made.id)).status).toBe(204);
  });

  it("ends by the clock: its viewers are closed by the alarm, and it is 404 from then on", async () => {
    const { token } = await share({ expires_at: new Date(Date.now() + 60_000).toISOString() });
    const socket = await openSocket("/v1/stream", { authorization: `Bearer ${token}` });
    await socket.message((message) => message.type === "snapshot");
    const room = env.ROOM.get(env.ROOM.idFromName(team.project.id));
    pass(59_000);
    await runDurableObjectAlarm(room);
    expect((await asKey(token, "/v1/state")).status).toBe(200);
    pass(2_000);
    await runDurableObjectAlarm(room);
    expect(await socket.closed).toMatchObject({ code: CLOSE.revoked });
    expect((await asKey(token, "/v1/state")).status).toBe(404);
    expect((await open(token)).status).toBe(404);
  });

  it("sends nothing after its end, also when the alarm is late", async () => {
    const { token } = await share({ expires_at: new Date(Date.now() + 60_000).toISOString() });
    const socket = await openSocket("/v1/stream", { authorization: `Bearer ${token}` });
    await socket.message((message) => message.type === "snapshot");
    pass(61_000);
    await send({ task_id: "T-too-late" });
    expect(await socket.closed).toMatchObject({ code: CLOSE.revoked });
  });

  it("sends, exports and manages nothing", async () => {
    const { token } = await share({ views: ["flow", "events", "history"], redactions: [] });
    const sent = await asKey(token, "/v1/events", json("POST", event({})));
    expect(sent.status).toBe(403);
    expect((await asKey(token, "/v1/export")).status).toBe(403);
    for (const path of ["/api/keys", "/api/shares", "/api/teams", `/api/projects/${team.project.id}/state`])
      expect((await asKey(token, path)).status).toBe(401);
    const room = env.ROOM.get(env.ROOM.idFromName(team.project.id));
    const { project_id: _, ...parts } = verifyShareTag(env.KEY_SECRET, token) ?? { project_id: "" };
    const principal = { kind: "share", ...parts, through: ["flow"] } as Parameters<typeof room.readChain>[0];
    expect(await room.readChain(principal, 0)).toMatchObject({ ok: false, reason: "not_shared" });
    expect(await room.admit(principal, "ingest")).toMatchObject({ ok: false, reason: "not_shared" });
  });

  it("is refused in its making when it says nothing sensible", async () => {
    const make = (more: object) =>
      asPerson(
        team.cookie,
        "/api/shares",
        json("POST", { project: team.project.id, name: "n", views: ["flow"], redactions: [], ...more }),
      );
    for (const wrong of [
      { views: ["events"] },
      { views: ["everything"] },
      { redactions: ["secrets"] },
      { passphrase: "short" },
      { expires_at: "tomorrow" },
      { expires_at: new Date(Date.now() - 1).toISOString() },
    ])
      expect((await make(wrong)).status, JSON.stringify(wrong)).toBe(422);
  });
});

describe("a token that is no good", () => {
  const tokens: [string, () => Promise<string>][] = [
    ["cut short", async () => (await share()).token.slice(0, -1)],
    ["on another project", async () => (await share()).token.replace(team.project.id, other.project.id)],
    [
      "of another installation",
      async () => {
        const share_id = (await share()).share.id;
        const parts = { project_id: team.project.id, share_id, secret: "s".repeat(32) };
        return writeShare("another installation's secret, 32+ characters", parts).text;
      },
    ],
    ["a key dressed up", async () => team.keys.read.replace("cfk_", "cfs_")],
    ["nothing but the prefix", async () => "cfs_"],
    [
      "a pass made up",
      async () => {
        const { token } = await share({ passphrase: "correct horse" });
        return writePass("another installation's secret, 32+ characters", token, Date.now() + 60_000);
      },
    ],
  ];
  const genuine: [string, () => Promise<string>][] = [
    [
      "with a secret of its own",
      async () => {
        const share_id = (await share()).share.id;
        return writeShare(env.KEY_SECRET, { project_id: team.project.id, share_id, secret: "s".repeat(32) })
          .text;
      },
    ],
    [
      "of a link that never was",
      async () =>
        writeShare(env.KEY_SECRET, {
          project_id: team.project.id,
          share_id: "nevernevernv",
          secret: "s".repeat(32),
        }).text,
    ],
    [
      "that was revoked",
      async () => {
        const { share: made, token } = await share();
        await revoke(made.id);
        return token;
      },
    ],
  ];

  it.each([...tokens, ...genuine])("[T1] %s looks like any other", async (_title, make) => {
    const token = await make();
    const nothing = await refusal(await asKey("cfs_nothing", "/v1/state"));
    expect(nothing).toMatchObject({ status: 404, error: { code: "not_found" } });
    for (const path of ["/v1/state", "/v1/export", "/v1/stream", "/v1/history/agents"])
      expect(await refusal(await asKey(token, path)), path).toEqual(nothing);
    expect(await refusal(await open(token))).toEqual(nothing);
  });

  it.each(tokens)("[T3] %s wakes no room", async (_title, make) => {
    const token = await make();
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
    const ASSETS = { fetch: () => Promise.resolve(new Response("<head></head>")) };
    const counted = { ...env, ROOM, ASSETS };
    const headers = { authorization: `Bearer ${token}` };
    for (const route of ROUTES) {
      if (route.by !== "key") continue;
      const request = new Request(ORIGIN + route.path, { method: route.method, headers });
      expect((await app.fetch(request, counted)).status).toBe(404);
    }
    const opening = new Request(`${ORIGIN}/api/shares/open`, json("POST", { token }));
    expect((await app.fetch(opening, counted)).status).toBe(404);
    expect((await app.fetch(new Request(`${ORIGIN}/s/${token}`), counted)).status).toBe(404);
    expect(woken).toEqual([]);
  });
});

describe("a passphrase", () => {
  const PASSPHRASE = "correct horse bättery";

  it("opens the link for a while; the bare link is not enough, anywhere", async () => {
    const { share: made, token } = await share({ passphrase: PASSPHRASE });
    expect(made.passphrase).toBe(true);
    const { passphrase_hash } =
      (await env.DB.prepare("select passphrase_hash from share_link where id = ?")
        .bind(made.id)
        .first<{ passphrase_hash: string }>()) ?? {};
    expect(passphrase_hash).toMatch(/^pbkdf2-sha256\$100000\$[0-9a-f]{32}\$[0-9a-f]{64}$/);
    const asked = await open(token);
    expect(await refusal(asked)).toMatchObject({ status: 401, error: { details: { needs: "passphrase" } } });
    const ways: Record<string, string>[] = [{}, { upgrade: "websocket" }];
    for (const headers of ways) expect((await asKey(token, "/v1/stream", { headers })).status).toBe(401);
    expect((await asKey(token, "/v1/state")).status).toBe(401);
    expect((await open(token, "correct horse battery")).status).toBe(401);

    // Typed on a keyboard that composes letters otherwise.
    const { bearer, bearer_until } = await (
      await open(token, PASSPHRASE.normalize("NFD"))
    ).json<ShareOpenedResponse>();
    expect(bearer).toMatch(/^cfp_/);
    expect((await asKey(bearer, "/v1/state")).status).toBe(200);
    const socket = await openSocket("/v1/stream", { authorization: `Bearer ${bearer}` });
    await socket.message((message) => message.type === "snapshot");
    // A pass opens no further pass.
    expect((await open(bearer, PASSPHRASE)).status).toBe(404);

    pass(Date.parse(bearer_until ?? "") - Date.now() + 1);
    await runDurableObjectAlarm(env.ROOM.get(env.ROOM.idFromName(team.project.id)));
    expect(await socket.closed).toMatchObject({ code: CLOSE.revoked });
    expect((await asKey(bearer, "/v1/state")).status).toBe(401);
  });

  it("guessed a thousand times is guessed some ten times, and then not even the right one helps", async () => {
    const { token } = await share({ passphrase: PASSPHRASE });
    const headers = { "cf-connecting-ip": "203.0.113.7" };
    // One window, however slow the machine is.
    vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / 60_000) * 60_000 });
    const statuses: number[] = [];
    for (let n = 0; n < 1_000; n += 50) {
      const guesses = Array.from({ length: 50 }, (_, i) => open(token, `guess number ${n + i}`, { headers }));
      statuses.push(...(await Promise.all(guesses)).map(({ status }) => status));
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(MAX_GUESSES_PER_WINDOW);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1_000 - MAX_GUESSES_PER_WINDOW);
    const refused = await open(token, PASSPHRASE, { headers });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    pass(60_000);
    expect((await open(token, PASSPHRASE, { headers })).status).toBe(200);
  });
});

describe("the page", () => {
  const HTML = "<!doctype html><html><head><title>Clusterfork</title></head><body></body></html>";
  async function page(token: string, headers: Record<string, string> = {}): Promise<Response> {
    const ASSETS = {
      fetch: (request: Request) =>
        Promise.resolve(
          request.headers.has("if-none-match")
            ? new Response(null, { status: 304 })
            : new Response(HTML, {
                headers: { ETag: '"x"', "Content-Security-Policy": "default-src 'none'" },
              }),
        ),
    };
    const ctx = createExecutionContext();
    const reply = await app.fetch(new Request(`${ORIGIN}/s/${token}`, { headers }), { ...env, ASSETS }, ctx);
    await waitOnExecutionContext(ctx);
    return reply;
  }

  it("is not indexed, not kept, passes no address on, and previews what its visitor would see named", async () => {
    const { token } = await share({ name: "Sprint <7>" });
    const reply = await page(token, { "if-none-match": '"x"' });
    expect(reply.status).toBe(200);
    const { headers } = reply;
    expect(headers.get("x-robots-tag")).toContain("noindex");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'");
    expect([headers.get("etag"), headers.get("set-cookie")]).toEqual([null, null]);
    const html = await reply.text();
    expect(html).toContain('<meta name="robots" content="noindex');
    expect(html).toContain('<meta property="og:title" content="Sprint &lt;7&gt; · Sharing">');
    expect(html).toContain("<title>Sprint &lt;7&gt; · Sharing</title>");
    for (const hidden of [token, team.project.id, "T-1"]) expect(html).not.toContain(hidden);
  });

  it("previews nothing of a link that asks for a passphrase, or has ended", async () => {
    const locked = await share({ name: "Acquisition of Acme", passphrase: "correct horse" });
    const over = await share({ name: "Acquisition of Acme" });
    await revoke(over.share.id);
    for (const { token } of [locked, over]) {
      const html = await (await page(token)).text();
      for (const hidden of ["Acme", "Sharing", team.project.id]) expect(html).not.toContain(hidden);
      expect(html).toContain('<meta property="og:title" content="Clusterfork · ');
    }
  });

  it("says 404 and nothing more when the link has ended; one with a passphrase is open, for its page asks", async () => {
    const { share: made, token } = await share();
    await revoke(made.id);
    const ended = await page(token);
    expect(ended.status).toBe(404);
    expect(ended.headers.get("x-robots-tag")).toContain("noindex");
    expect(await ended.text()).toContain("This link has ended or never existed.");
    expect((await page("whatever")).status).toBe(404);
    const { token: locked } = await share({ passphrase: "correct horse" });
    expect((await page(locked)).status).toBe(200);
  });

  it("stands in no log, not even when its page fails", async () => {
    const { token } = await share();
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const ASSETS = { fetch: () => Promise.resolve(new Response(null, { status: 500 })) };
    for (const path of [`/s/${token}`, `/s/${token}%20`, `/s/${token.replaceAll("_", "%5f")}`])
      expect((await app.fetch(new Request(`${ORIGIN}${path}`), { ...env, ASSETS })).status).toBe(500);
    const lines = logged.mock.calls.flat().join();
    logged.mockRestore();
    expect(lines).toContain("/s/");
    expect(lines).not.toContain(token.split("_")[3]);
  });

  it("counts nothing by being looked at: previews of chats fetch it too", async () => {
    const { share: made, token } = await share();
    await page(token);
    expect(await infoOf(made.id)).toMatchObject({ opened_count: 0, last_opened_at: null });
  });
});

it("is managed by admins, listed by members, and neither by viewers", async () => {
  const { share: made } = await share();
  for (const [role, listing] of [
    ["member", 200],
    ["viewer", 403],
  ] as const) {
    const guest = await signUp("Guests");
    const { user } = await (await asPerson(guest.cookie, "/api/teams")).json<{ user: { id: string } }>();
    await env.DB.prepare("insert into member (id, organization_id, user_id, role) values (?, ?, ?, ?)")
      .bind(crypto.randomUUID(), team.team.id, user.id, role)
      .run();
    const path = `/api/shares?project=${team.project.id}`;
    expect((await asPerson(guest.cookie, path)).status).toBe(listing);
    const wanted = { project: team.project.id, name: "n", views: ["flow"], redactions: [] };
    expect((await asPerson(guest.cookie, "/api/shares", json("POST", wanted))).status).toBe(403);
    expect((await asPerson(guest.cookie, `/api/shares/${made.id}`, { method: "DELETE" })).status).toBe(403);
  }
});
