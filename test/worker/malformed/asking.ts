/** Questions and bodies for every other route that has a schema of its own, each with one thing wrong. */
import { ROUTES } from "../../../worker/http/routes.ts";
import type { Draw } from "../../replay/fault/draw.ts";
import { ORIGIN } from "../server.ts";
import { requestTo, type World } from "../wall-world.ts";
import { listed } from "./event.ts";

export interface Asking {
  what: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
  /** A 400 or 422 has to name one of them; null: it was the form, not a field. */
  names: readonly string[] | null;
}

const PAGE = ["from", "to", "after", "limit"];
/** What each reading route takes; those that are not here take nothing. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  events: ["since", "limit", "type", "agent", "task", "feature"],
  export: ["since"],
  state: ["at"],
  timeline: ["buckets"],
  stream: ["since"],
  tasks: ["status"],
  features: ["status"],
  agents: ["status", "role"],
  query: ["from", "to", "where", "group_by", "calc", "order", "limit", "step", "heatmap", "scale", "x", "y"],
  "query/compare": ["from", "to", "where", "select", "limit"],
  "history/tasks": [...PAGE, "status", "feature", "agent"],
  "history/features": [...PAGE, "status"],
  "history/agents": [...PAGE, "status", "role"],
  "history/hours": ["from", "to"],
};

/** As they stand in an address, already encoded or wrongly so. */
const VALUES = listed([
  "",
  "-1",
  "1e999",
  "NaN",
  "0x10",
  "9".repeat(40),
  "9007199254740992",
  "1.5",
  "%00",
  "%ED%A0%80",
  "%",
  "%zz",
  "__proto__",
  "constructor",
  "2026-02-30T00:00:00Z",
  "2026-11-22T14:23:15+02:00",
  "99999999d",
  "x".repeat(2_000),
  "%27%3B%20DROP%20TABLE%20log%3B",
  "event_type%3D",
  "%3D",
  "metadata.%3D1",
  "%5B%22metadata.a%22%2C%22eq%22%5D",
  "%5B".repeat(500),
  "p95:",
  "p95:event_type",
  "sum:metrics.cost_usd",
  "event_type%20in%20",
  "event_type~%25%5F",
  "!__proto__",
  "metrics.cost_usd%3E1e999",
  "-count",
  "0",
]);

const READING = ROUTES.flatMap((route) => {
  const [, path] = /^\/v1\/((?!events$|openapi|docs)[a-z/]+|events)$/.exec(route.path) ?? [];
  return route.method === "GET" && path !== undefined ? [path] : [];
});

function question(draw: Draw, world: World): Asking {
  const path = draw.oneOf(listed(READING));
  const known = PARAMETERS[path] ?? [];
  const name =
    known.length > 0 && draw.chance(0.9)
      ? draw.oneOf(listed(known))
      : draw.oneOf(["sinse", "__proto__", "a%00b"]);
  const select = path === "query/compare" && name !== "select" ? "&select=task_id" : "";
  const value = draw.oneOf(VALUES);
  const query = `?${name}=${value}${draw.chance(0.1) ? `&${name}=${value}` : ""}${select}`;
  return {
    what: "a question",
    method: "GET",
    path: `/v1/${path}${query}`,
    headers: world.headersOf["read-only key"],
    body: null,
    // A filter's `!` is no part of the name that it is about.
    names: [decoded(name), decoded(value), decoded(value.replace(/^!/, ""))],
  };
}

/** As it may be quoted: its beginning, and whatever is not text in its own form. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text).slice(0, 6);
  } catch {
    // A wrong encoding is shown as it came.
    return text.slice(0, 6);
  }
}

/** With all their fields, and one that is always refused where a good one would cost a hashed password. */
const WHOLE: Readonly<Record<string, object>> = {
  "POST /api/signup": { team: "A team", email: "no address", password: "12345678", name: "A" },
  "POST /api/auth/sign-in/email": { email: "no address", password: "12345678" },
  "POST /api/invitations/signup": { token: "cfi_x", email: "no address", password: "12345678" },
  "POST /api/teams": { name: "A team" },
  "PATCH /api/projects/:project/settings": { delivery: "live", forward: null },
};

const WITH_BODY = ROUTES.filter(
  ({ method, by, path }) =>
    (method === "POST" || method === "PATCH") && by !== "key" && !/leave|sign-out/.test(path),
);

/** No field takes any of them, so that nothing changes. */
const ODD = listed<unknown>([
  7,
  true,
  {},
  [{}],
  "",
  "\u0000",
  "\ud800",
  "x".repeat(5_000),
  { $ne: null },
  [["x"]],
  JSON.parse('{"__proto__":{"admin":true}}'),
]);

function change(draw: Draw, world: World): Asking {
  const route = draw.oneOf(listed(WITH_BODY));
  const { path, init } = requestTo(route, world.fixed);
  const named = `${route.method} ${route.path}`;
  const fields = (WHOLE[named] ?? JSON.parse(typeof init.body === "string" ? init.body : "{}")) as Record<
    string,
    unknown
  >;
  const headers: Record<string, string> = {
    ...world.headersOf.owner,
    origin: ORIGIN,
    "content-type": "application/json",
  };
  const asking = { what: named, method: route.method, path, headers, names: null };
  const text = JSON.stringify(fields);
  const way = draw.below(10);
  if (way === 0) return { ...asking, body: text.slice(0, draw.below(text.length)) };
  if (way === 1)
    return {
      ...asking,
      body: draw.oneOf(["", "null", "[]", "7", '"x"', "[".repeat(10_000), "\ufeff", "{}}"]),
    };
  if (way === 2)
    return {
      ...asking,
      body: text,
      headers: { ...headers, "content-type": draw.oneOf(["", "text/plain", "application/jsonx"]) },
    };
  if (way === 3) return { ...asking, body: `{"padding":"${"x".repeat(20_000)}",${text.slice(1)}` };
  const name = draw.oneOf(listed([...Object.keys(fields), "unknown"]));
  // Some fields take any text, and signing in overlooks what it does not know; then only the address is refused.
  const names = "email" in fields ? [name, "email"] : [name];
  return { ...asking, names, body: JSON.stringify({ ...fields, [name]: draw.oneOf(ODD) }) };
}

export function askingOf(draw: Draw, world: World): Asking {
  return draw.chance(0.7) ? question(draw, world) : change(draw, world);
}
