/**
 * The HTTP side of the Worker, built from the route table:
 *
 *   request ─▶ told to wait? (turn-away.ts) ─▶ request id ─▶ origin, body (/api) ─▶ key | link | session ─▶ handler ─▶ Response | Failure
 *   reply   ◀─ security headers, CORS (/v1), cookies ◀─ error.ts ◀──────────────┘
 *
 * Paths outside /api and /v1 are the dashboard's pages; its files are served before the Worker is asked.
 */
import { Hono } from "hono";
import { Auths } from "../account/auth.ts";
import { accessByKey, accessByMembership, accessBySession, accessToTeam, isFailure } from "./access.ts";
import { receiveBody } from "./body.ts";
import type { HttpContext, HttpEnv, Reply } from "./context.ts";
import { isMachinePath, preflightReply, setCorsHeaders } from "./cors.ts";
import { failureReply, unexpectedFailure, unexpectedReply } from "./error.ts";
import { Holds } from "./hold.ts";
import { getPage } from "./page.ts";
import { noteRefusal, refuseHeld } from "./rate.ts";
import { ROUTES, type Route } from "./routes.ts";
import { refuseWithoutSecrets } from "./secrets.ts";
import { checkOrigin, setSecurityHeaders } from "./security.ts";
import { turnAway } from "./turn-away.ts";
import { Turns } from "./turn.ts";

type App = Pick<Hono<HttpEnv>, "fetch" | "request">;

function createApp(routes: readonly Route[]): App {
  const app = new Hono<HttpEnv>();
  const holds = new Holds();
  const auths = new Auths();
  const turns = new Turns(
    () => Date.now(),
    (ms) => scheduler.wait(ms),
  );
  app.use(async (c, next) => {
    c.set("request_id", crypto.randomUUID());
    c.set("cookies", []);
    c.set("is_page", false);
    c.set("session_id", null);
    c.set("rate_policy", null);
    c.set("holds", holds);
    c.set("refused", null);
    c.set("auths", auths);
    c.set("turns", turns);
    c.set("body", { text: "" });
    await next();
    const dressed = dress(c, c.res);
    // Setting it copies it, header by header.
    if (dressed !== c.res) c.res = dressed;
    const refused = c.get("refused");
    if (refused !== null) holds.note(refused, Object.fromEntries(dressed.headers), Date.now());
  });
  app.onError(unexpectedReply);

  for (const route of routes) {
    app.on(route.method, route.path, async (c) => {
      const replyTo = route.by === "key" ? (route.failureReply ?? failureReply) : failureReply;
      try {
        const reply = await answer(c, route);
        return reply instanceof Response ? reply : replyTo(c, reply);
      } catch (error) {
        return replyTo(c, unexpectedFailure(error, c));
      }
    });
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(path, (c) => wrongMethod(c, routes, path));
  }
  app.all("*", (c) => unknownPath(c));
  const shaped = new Set(
    routes.flatMap((route) => (route.by === "key" && route.failureReply !== undefined ? route.path : [])),
  );
  return {
    fetch: (request, env, ctx) =>
      turnAway(request, holds, (path) => shaped.has(path), Date.now()) ?? app.fetch(request, env, ctx),
    request: app.request,
  };
}

async function answer(c: HttpContext, route: Route): Promise<Reply> {
  if (route.path !== "/healthz") {
    const refused = refuseWithoutSecrets(c.env);
    if (refused) return refused;
  }
  if (route.method !== "GET" && c.req.path.startsWith("/api/")) {
    const refused = checkOrigin(c, false);
    if (refused) return refused;
    await receiveBody(c);
  }
  switch (route.by) {
    case "anyone":
      return route.handler(c);
    case "key": {
      const access = await accessByKey(c, route.share ?? []);
      if (isFailure(access)) return access;
      const held = access.principal.kind === "key" ? await refuseHeld(c) : null;
      if (held !== null) return held;
      const reply = await route.handler(c, access);
      if (!(reply instanceof Response)) noteRefusal(c, access.principal, reply);
      return reply;
    }
    case "session": {
      const person = await accessBySession(c);
      return isFailure(person) ? person : route.handler(c, person);
    }
    case "team": {
      const person = await accessBySession(c);
      if (isFailure(person)) return person;
      const access = await accessToTeam(c, person, c.req.param("team") ?? "", route.may);
      return isFailure(access) ? access : route.handler(c, access);
    }
    case "member": {
      const person = await accessBySession(c);
      if (isFailure(person)) return person;
      const access = await accessByMembership(c, person, c.req.param("project") ?? "", route.may);
      return isFailure(access) ? access : route.handler(c, access);
    }
  }
}

function wrongMethod(c: HttpContext, routes: readonly Route[], path: string): Response {
  const methods = routes.filter((route) => route.path === path).map((route) => route.method as string);
  if (methods.includes("GET")) methods.push("HEAD");
  const allow = [...methods, "OPTIONS"].join(", ");
  if (c.req.method === "OPTIONS") {
    const reply = isMachinePath(c.req.path) ? preflightReply() : new Response(null, { status: 204 });
    reply.headers.set("Allow", allow);
    return reply;
  }
  const reply = failureReply(c, {
    code: "method_not_allowed",
    message: `${c.req.method} is not possible here. Use ${allow}.`,
  });
  reply.headers.set("Allow", allow);
  return reply;
}

async function unknownPath(c: HttpContext): Promise<Response> {
  const { path, method } = c.req;
  const may_be_page = !isMachinePath(path) && path !== "/api" && !path.startsWith("/api/");
  if (may_be_page && (method === "GET" || method === "HEAD")) {
    const reply = await getPage(c);
    return reply instanceof Response ? reply : failureReply(c, reply);
  }
  if (method === "OPTIONS" && isMachinePath(path)) return preflightReply();
  return failureReply(c, {
    code: "not_found",
    message: `There is nothing at ${path}. Check the path; the machine API is under /v1, the dashboard's own under /api.`,
  });
}

/** Every reply of ours leaves with its id and its headers; pages bring their own (build/_headers). */
function dress(c: HttpContext, reply: Response): Response {
  const dressed = withOwnHeaders(reply, c.get("request_id"));
  const { headers } = dressed;
  const rate_policy = c.get("rate_policy");
  if (rate_policy !== null) headers.set("RateLimit-Policy", rate_policy);
  for (const cookie of c.get("cookies")) headers.append("Set-Cookie", cookie);
  if (isMachinePath(c.req.path)) setCorsHeaders(headers);
  // Known by what it is, not by its headers: a 304 without a policy would get ours, and take the page's place in the browser's cache.
  if (!c.get("is_page")) {
    const https = new URL(c.req.url).protocol === "https:";
    setSecurityHeaders(headers, { https, machine: isMachinePath(c.req.path) });
  }
  return dressed;
}

/** The reply itself where its headers are ours; else, as of a file or of a socket, a copy. */
function withOwnHeaders(reply: Response, request_id: string): Response {
  try {
    reply.headers.set("X-Request-Id", request_id);
    return reply;
  } catch {
    // The socket travels on the Response itself: a copy must carry it along.
    const copy = new Response(reply.status === 101 ? null : reply.body, {
      status: reply.status,
      statusText: reply.statusText,
      headers: reply.headers,
      webSocket: reply.webSocket,
    });
    copy.headers.set("X-Request-Id", request_id);
    return copy;
  }
}

export const app = createApp(ROUTES);
