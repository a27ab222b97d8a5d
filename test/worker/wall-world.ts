/** One team with a canary in everything that it owns, everybody who may ask for it, and requests that name it. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHash, createHmac } from "node:crypto";
import { vi } from "vitest";
import type { BudgetResponse } from "../../schema/wire/budget.ts";
import type { HookCreatedResponse } from "../../schema/wire/hook.ts";
import type { KeyCreatedResponse, TeamsResponse } from "../../schema/wire/http.ts";
import type { Role } from "../../schema/wire/permission.ts";
import type { InvitationCreatedResponse } from "../../schema/wire/team.ts";
import { REDACTIONS } from "../../schema/wire/share.ts";
import { hookSecret, verifyHookTag } from "../../worker/account/hook-text.ts";
import { writeShare } from "../../worker/account/share-text.ts";
import { appendPort } from "../../worker/room/own.ts";
import { DRAIN_DELAY_MS } from "../../worker/room/limits.ts";
import {
  asKey,
  asPerson,
  call,
  cookieOf,
  event,
  json,
  migrate,
  ORIGIN,
  signUp,
  type Account,
  type Init,
} from "./server.ts";
import type { Asker } from "./wall.ts";

/** Stand in ids, names and texts of the team, and nowhere else. */
export const CANARY = "CANARY";
const IN_TEAM: Role[] = ["viewer", "member", "admin", "owner"];

/** What a request names: of the team, or of nobody. */
export interface Names {
  project: string;
  team: string;
  key: string;
  user: string;
  invitation: string;
  /** Of an invitation. */
  token: string;
  share: string;
  /** The token of a link. */
  link: string;
  /** The text in the address of a hook. */
  hook: string;
  budget: string;
  alert: string;
  lesson: string;
  channel: string;
  /** Of a message through it. */
  delivery: string;
  /** What is named anew: the canary only where it is the team's. */
  name: string;
}
export const UNKNOWN: Names = {
  project: "p000000000000000",
  team: "nosuchteam",
  key: "000000000000",
  user: "nobody",
  invitation: "000000000000",
  token: `cfi_000000000000_${"x".repeat(32)}`,
  share: "000000000000",
  link: `cfs_p000000000000000_000000000000_${"x".repeat(32)}_${"0".repeat(24)}`,
  hook: `cfh_p000000000000000_000000000000_${"0".repeat(24)}`,
  budget: "b00000000000",
  alert: "no-alert",
  lesson: "no-lesson",
  channel: "000000000000",
  delivery: "000000000000-1",
  name: "named anew",
};

export interface World {
  team: Account;
  stranger: Account;
  headersOf: Record<Asker, Record<string, string>>;
  /** Good secrets of the team, for mutations of them. */
  secrets: string[];
  /** Ids of the team that do not change. */
  fixed: Names & { other_keys: string[] };
}

/** The id of one of every kind, so that what is let in finds something. */
export const ENTITY = "f-1";

const idOf = async (cookie: string) =>
  (await (await asPerson(cookie, "/api/teams")).json<TeamsResponse>()).user.id;

export async function buildWorld(): Promise<World> {
  await migrate();
  const team = await signUp(`${CANARY} Team`);
  const stranger = await signUp("Strangers");
  const path = `/api/projects/${team.project.id}`;
  await asPerson(team.cookie, path, json("PATCH", { name: `${CANARY} project` }));
  const about = {
    task_id: ENTITY,
    feature_id: ENTITY,
    agent_id: ENTITY,
    metadata: { title: CANARY },
  };
  const types = ["feature_planned", "task_created", "task_started", "tool_called"];
  for (const event_type of types) {
    const sent = await asKey(team.keys.ingest, "/v1/events", json("POST", event({ ...about, event_type })));
    if (sent.status !== 200) throw new Error(await sent.text());
  }
  const named = event({
    agent_id: `${CANARY}-agent`,
    event_type: "agent_initialized",
    metadata: { role: "coder" },
  });
  await asKey(team.keys.ingest, "/v1/events", json("POST", named));
  // In D1 as well, where the routes of history read.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DRAIN_DELAY_MS });
  await runDurableObjectAlarm(env.ROOM.get(env.ROOM.idFromName(team.project.id)));
  vi.useRealTimers();

  const cookies: Partial<Record<Role, string>> = { owner: team.cookie };
  for (const role of IN_TEAM.slice(0, 3)) {
    const invited = await asPerson(
      team.cookie,
      `/api/teams/${team.team.id}/invitations`,
      json("POST", { role, note: CANARY }),
    );
    const { token } = await invited.json<InvitationCreatedResponse>();
    const email = `${CANARY}-${role}@example.com`;
    const joined = await call(
      "/api/invitations/signup",
      json("POST", { token, email, password: "12345678" }),
    );
    cookies[role] = cookieOf(joined);
  }
  const revoked = await makeKey(team);
  await asPerson(team.cookie, `/api/keys/${revoked.key.id}`, { method: "DELETE" });

  const link = await makeLink(team, null);
  const ended = await makeLink(team, null);
  await env.ROOM.get(env.ROOM.idFromName(team.project.id)).revokeShare(ended.share_id);

  const { read } = team.keys;
  const person = (cookie: string) => ({ cookie, origin: ORIGIN });
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const headersOf: World["headersOf"] = {
    nobody: {},
    "another team": person(stranger.cookie),
    viewer: person(cookies.viewer ?? ""),
    member: person(cookies.member ?? ""),
    admin: person(cookies.admin ?? ""),
    owner: person(team.cookie),
    "ingest-only key": bearer(team.keys.ingest),
    "read-only key": bearer(read),
    "revoked key": bearer(revoked.secret),
    "forged key": bearer(read.slice(0, 40) + (read[40] === "a" ? "b" : "a") + read.slice(41)),
    "share link": bearer(link.text),
    "expired link": bearer((await makeLink(team, Date.now() - 1)).text),
    "revoked link": bearer(ended.text),
    "another team's key": bearer((await makeKey(stranger)).secret),
  };
  const fixed = {
    ...UNKNOWN,
    name: `${CANARY} Team`,
    share: link.share_id,
    link: link.text,
    hook: await makeHook(team),
    budget: await makeBudget(team),
    alert: await raiseAlert(team),
    lesson: await teachLesson(team),
    ...(await makeChannel(team)),
    project: team.project.id,
    team: team.team.id,
    key: read.split("_")[2] ?? "",
    user: await idOf(cookies.viewer ?? ""),
    other_keys: [team.keys.ingest, revoked.secret].map((key) => key.split("_")[2] ?? ""),
  };
  const secrets = [read, team.keys.ingest, revoked.secret, link.text, ended.text];
  const world = { team, stranger, headersOf, secrets, fixed };
  await remember(world, Object.values(cookies));
  return world;
}

async function makeKey(team: Account): Promise<KeyCreatedResponse> {
  const body = { project: team.project.id, name: "a key", scopes: ["ingest", "read"] };
  return (await asPerson(team.cookie, "/api/keys", json("POST", body))).json<KeyCreatedResponse>();
}

async function makeHook(team: Account): Promise<string> {
  const body = { project: team.project.id, name: `${CANARY} hook` };
  const made = await asPerson(team.cookie, "/api/hooks", json("POST", body));
  return (await made.json<HookCreatedResponse>()).hook.url.split("/").at(-1) ?? "";
}

/** Of one subject there is one: others are of another. */
/** The feature is an id of the sender, which is structure and stays in every view. */
async function makeBudget(team: Account, feature_id: string = ENTITY): Promise<string> {
  const body = { title: CANARY, scope: "feature", feature_id, limit_usd: 100 };
  const made = await asPerson(team.cookie, `/api/projects/${team.project.id}/budgets`, json("POST", body));
  return (await made.json<BudgetResponse>()).budget.id;
}

/** Of a rule that nobody knows: nothing clears it. */
async function raiseAlert(team: Account): Promise<string> {
  const alert_id = "alert-of-the-wall";
  await appendPort(env.ROOM.get(env.ROOM.idFromName(team.project.id)))([
    {
      organ: "alerts",
      cause: ["raised", alert_id],
      event_type: "alert_raised",
      timestamp: new Date().toISOString(),
      metadata: { alert_id, rule: "wall", severity: "warning", title: CANARY, agent: CANARY },
    },
  ]);
  return alert_id;
}

/** Until the team's book knows it: what is let in finds something. */
async function teachLesson(team: Account): Promise<string> {
  const lesson_id = "lesson-of-the-wall";
  const metadata = { lesson_id, headline: CANARY, explanation: CANARY };
  const sent = event({ event_type: "lesson_learned", metadata });
  await asKey(team.keys.ingest, "/v1/events", json("POST", sent));
  const book = env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(team.team.id));
  await vi.waitFor(
    async () => {
      if ((await book.get(team.project.id, lesson_id)) === null) throw new Error("not taught yet");
    },
    { timeout: 10_000, interval: 50 },
  );
  return lesson_id;
}

/** By e-mail, which these installations cannot send, so that nothing leaves. In D1 itself: a project has only so many. */
async function makeChannel(team: Account): Promise<Pick<Names, "channel" | "delivery">> {
  const channel = crypto.randomUUID().replaceAll("-", "").slice(0, 12);
  await env.DB.prepare(
    `insert into alert_channel (id, project_id, kind, name, shown, sealed, least, created_at)
     values (?, ?, 'email', ?, ?, 'none', 'info', 0)`,
  )
    .bind(channel, team.project.id, CANARY, `${CANARY}@example.com`)
    .run();
  const delivery = `${channel}-1`;
  await runInDurableObject(env.ROOM.get(env.ROOM.idFromName(team.project.id)), (_, { storage }) => {
    storage.sql.exec(
      `INSERT INTO delivery (id, channel, seq, outcome, attempts, error, at_ms, next_ms)
       VALUES (?, ?, 1, 'dead', 1, ?, 0, NULL)`,
      delivery,
      channel,
      CANARY,
    );
  });
  return { channel, delivery };
}

/** A link of the Task Flow that hides whatever can be hidden, as worker/account makes it. */
async function makeLink(
  team: Account,
  expires_ms: number | null,
): Promise<{ share_id: string; text: string }> {
  const share_id = crypto.randomUUID().replaceAll("-", "").slice(0, 12);
  const parts = { project_id: team.project.id, share_id, secret: "s".repeat(32) };
  const { text, secret_sha256 } = writeShare(env.KEY_SECRET, parts);
  const now = Date.now();
  await env.DB.prepare(
    `insert into share_link (id, project_id, name, views, redactions, created_at, ready_at) values (?, ?, ?, '["flow"]', ?, ?, ?)`,
  )
    .bind(share_id, team.project.id, CANARY, JSON.stringify(REDACTIONS), now, now)
    .run();
  await env.ROOM.get(env.ROOM.idFromName(team.project.id)).putShare({
    share_id,
    secret_sha256,
    views: ["flow"],
    redactions: [...REDACTIONS],
    needs_passphrase: false,
    expires_ms,
  });
  return { share_id, text };
}

let restoring: D1PreparedStatement[] = [];
/** Notes who is in the team with which role, and whose sessions there are. */
async function remember({ team, stranger }: World, cookies: string[]): Promise<void> {
  const ids = new Map<Role, string>();
  for (const [n, role] of (["owner", "viewer", "member", "admin"] as const).entries())
    ids.set(role, await idOf(cookies[n] ?? ""));
  const sessions = await env.DB.prepare("select * from session").all<Record<string, unknown>>();
  const org = team.team.id;
  restoring = [
    env.DB.prepare("delete from member where organization_id = ?").bind(org),
    env.DB.prepare("delete from member where organization_id <> ? and user_id <> ?").bind(
      stranger.team.id,
      await idOf(stranger.cookie),
    ),
    ...[...ids].map(([role, id]) =>
      env.DB.prepare("insert into member (id, organization_id, user_id, role) values (?, ?, ?, ?)").bind(
        `m-${role}`,
        org,
        id,
        role,
      ),
    ),
    ...sessions.results.map((row) =>
      env.DB.prepare(
        `insert or ignore into session (${Object.keys(row).join()}) values (${Object.keys(row)
          .map(() => "?")
          .join()})`,
      ).bind(...Object.values(row)),
    ),
  ];
}
/** Undoes what a request that was let in did to people and sessions. */
export const restore = () => env.DB.batch(restoring);

/** Fresh things of the team for a request to name, because some requests end them. */
export async function freshNames({ team, fixed }: World, path: string, method: string): Promise<Names> {
  const id = crypto.randomUUID().replaceAll("-", "").slice(0, 12);
  const secret = "s".repeat(32);
  const names = { ...fixed, key: id, user: id, invitation: id, token: `cfi_${id}_${secret}` };
  const now = Date.now();
  if (path.includes(":key")) {
    await env.DB.prepare(
      `insert into api_key (id, project_id, name, scopes, created_at, ready_at) values (?, ?, ?, '["read"]', ?, ?)`,
    )
      .bind(id, team.project.id, `${CANARY} key`, now, now)
      .run();
  }
  if (path.includes(":user") || path.endsWith("/transfer")) {
    await env.DB.batch([
      env.DB.prepare("insert into user (id, name, email) values (?, ?, ?)").bind(
        id,
        CANARY,
        `${CANARY}${id}@e.com`,
      ),
      env.DB.prepare(
        "insert into member (id, organization_id, user_id, role) values (?, ?, ?, 'viewer')",
      ).bind(id, team.team.id, id),
    ]);
  }
  if (path.includes(":budget") && method === "DELETE") names.budget = await makeBudget(team, `feature-${id}`);
  if (path.includes(":channel")) names.channel = (await makeChannel(team)).channel;
  if (path.includes(":share")) names.share = (await makeLink(team, null)).share_id;
  if (path.includes(":invitation") || (path.startsWith("/api/invitations") && method === "POST")) {
    await env.DB.prepare(
      `insert into team_invitation (id, team_id, role, note, secret_sha256, created_at, expires_at) values (?, ?, 'viewer', ?, ?, ?, ?)`,
    )
      .bind(id, team.team.id, CANARY, createHash("sha256").update(secret).digest("hex"), now, now + 3_600_000)
      .run();
  }
  return names;
}

/** What a route is sent beside its path; absent: nothing. */
const BODIES: Record<string, (names: Names) => unknown> = {
  "POST /v1/events": () => event({}),
  "POST /v1/otlp/v1/traces": () => ({}),
  "POST /v1/otlp/v1/logs": () => ({}),
  "POST /v1/otlp/v1/metrics": () => ({}),
  "POST /v1/mcp": () => ({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} }),
  "POST /v1/hooks/claude-code": () => ({ session_id: "s-1", hook_event_name: "Stop", cwd: "/work" }),
  // Refused for what they lack, which is further than the wall.
  "POST /v1/budgets": ({ name, key }) => ({ title: name, scope: "role", role: key, limit_usd: 100 }),
  "PUT /v1/budgets/:budget": () => ({ limit_usd: 200 }),
  "POST /api/projects/:project/budgets": ({ name, key }) => ({
    ...{ title: name, scope: "role", role: key, limit_usd: 100 },
  }),
  "PUT /api/projects/:project/budgets/:budget": () => ({ limit_usd: 200 }),
  "POST /v1/budgets/reserve": () => ({ agent_id: ENTITY, amount_usd: 0.01 }),
  "POST /v1/budgets/release": () => ({ reservation_id: "r0" }),
  ...Object.fromEntries(
    ["/v1", "/api/projects/:project"].flatMap((mount): [string, () => unknown][] => [
      [`POST ${mount}/alerts/:alert/acknowledge`, () => ({})],
      [`POST ${mount}/alerts/:alert/snooze`, () => ({ minutes: 5 })],
      [`POST ${mount}/alerts/:alert/assign`, () => ({ assignee: "somebody" })],
      [`POST ${mount}/lessons`, () => ({ headline: "Walls have doors" })],
      [`POST ${mount}/lessons/:lesson/rating`, () => ({ helpful: true })],
      [`POST ${mount}/lessons/:lesson/approve`, () => ({})],
      [`POST ${mount}/lessons/:lesson/quarantine`, () => ({})],
      [`POST ${mount}/lessons/:lesson/retire`, () => ({})],
      [`POST ${mount}/lessons/purge`, () => ({ key: "nokeyofours" })],
      [`POST ${mount}/lessons/quarantine`, () => ({ key: "nokeyofours" })],
      [`POST ${mount}/lessons/reindex`, () => ({})],
    ]),
  ),
  "POST /api/projects/:project/channels": ({ name }) => ({ kind: "email", name, target: "a@example.com" }),
  "POST /api/signup": () => ({}),
  "POST /api/auth/sign-in/email": () => ({}),
  "POST /api/invitations/signup": () => ({}),
  "POST /api/teams": () => ({}),
  "PATCH /api/teams/:team": ({ name }) => ({ name }),
  "POST /api/teams/:team/transfer": ({ user }) => ({ user }),
  "PATCH /api/teams/:team/members/:user": () => ({ role: "viewer" }),
  "POST /api/teams/:team/invitations": () => ({ role: "viewer" }),
  "POST /api/invitations/look": ({ token }) => ({ token }),
  "POST /api/invitations/accept": ({ token }) => ({ token }),
  "POST /api/projects": ({ team, name }) => ({ team, name }),
  "PATCH /api/projects/:project": ({ name }) => ({ name }),
  "PATCH /api/projects/:project/settings": () => ({}),
  "POST /api/samples": ({ team, name }) => ({ team, name }),
  "POST /api/shares": ({ project, name }) => ({ project, name, views: ["flow"], redactions: [] }),
  "POST /api/shares/open": ({ link }) => ({ token: link }),
  "POST /api/hooks": ({ project, name }) => ({ project, name }),
  "POST /api/keys": ({ project, name }) => ({ project, name, scopes: ["read"] }),
};

/** Ends of paths, and what is asked there. */
const QUERIES: [end: string, method: string, query: (names: Names) => string][] = [
  ["/api/keys", "GET", ({ project }) => `?project=${project}`],
  ["/api/hooks", "GET", ({ project }) => `?project=${project}`],
  ["/api/shares", "GET", ({ project }) => `?project=${project}`],
  ["/query/compare", "GET", () => "?select=task_id"],
  ["/lessons/search", "GET", () => "?q=zebra"],
  ["/context", "GET", () => "?q=zebra"],
];

export function requestTo(
  route: { method: string; path: string },
  names: Names,
): { path: string; init: Init } {
  const path = route.path
    .replace(":project", names.project)
    .replace(":team", names.team)
    .replace(":key", names.key)
    .replace(":user", names.user)
    .replace(":invitation", names.invitation)
    .replace(":share", names.share)
    .replace(":token", names.link)
    .replace(":hook", names.hook)
    .replace(":budget", names.budget)
    .replace(":alert", names.alert)
    .replace(":lesson", names.lesson)
    .replace(":channel", names.channel)
    .replace(":delivery", names.delivery)
    .replace(":id", ENTITY);
  const query =
    QUERIES.find(([end, method]) => method === route.method && route.path.endsWith(end))?.[2](names) ?? "";
  if (route.path.endsWith("/:hook")) return { path, init: signedPing(names.hook) };
  const body = BODIES[`${route.method} ${route.path}`]?.(names);
  if (route.path === "/v1/mcp") {
    const init = json(route.method, body);
    return {
      path,
      init: { ...init, headers: { ...init.headers, accept: "application/json, text/event-stream" } },
    };
  }
  return {
    path: path + query,
    init: body === undefined ? { method: route.method } : json(route.method, body),
  };
}

/** GitHub's first delivery, signed with the secret of the hook. */
function signedPing(hook: string): Init {
  const parts = verifyHookTag(env.KEY_SECRET, hook) ?? { project_id: "", hook_id: "" };
  const init = json("POST", { zen: "Keep it logically awesome.", hook_id: 1 });
  const body = typeof init.body === "string" ? init.body : "";
  const signature = createHmac("sha256", hookSecret(env.KEY_SECRET, parts)).update(body).digest("hex");
  const github = { "x-github-event": "ping", "x-hub-signature-256": `sha256=${signature}` };
  return { ...init, headers: { ...init.headers, ...github } };
}
