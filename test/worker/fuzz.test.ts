/**
 * [T1] [T3] 100,000 random requests by whoever is not of a team: valid ones of
 * every route, their ids, tokens, paths, methods and bodies turned at random.
 * None may show the team's canary, reach its room, or change anything of it.
 *
 * A failing run prints its seed: CLUSTERFORK_FUZZ_SEED runs it again.
 */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { app } from "../../worker/http/app.ts";
import { ROUTES } from "../../worker/http/routes.ts";
import type { RoomStub } from "./prepared.ts";
import { ORIGIN } from "./server.ts";
import { buildWorld, CANARY, requestTo, UNKNOWN, type Names, type World } from "./wall-world.ts";

const REQUESTS = 100_000;
/** Under a minute on a quiet machine with two cores; a busy one must not fail it. */
const MAX_DURATION_MS = 600_000;
/** Requests under way at once: the parts of the server then work side by side. */
const IN_FLIGHT = 32;
const SEED = env.FUZZ_SEED === "" ? Math.floor(Math.random() * 2 ** 31) : Number(env.FUZZ_SEED);

/** mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Nothing that goes on after a reply is of interest here. */
const CONTEXT = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };

/** The open routes have nothing to guard, and some send long documents: a few of them do. */
const OPEN = ROUTES.filter(({ by }) => by === "anyone");
const GUARDED = ROUTES.filter(({ by }) => by !== "anyone");

const CHARACTERS = "abcxyzABCXYZ0189_-.%/ \u00e9=";

/** Draws by the seed alone, so that a run can be had again. */
function draws(random: () => number) {
  const below = (count: number) => Math.floor(random() * count);
  const oneOf = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const chance = (share: number) => random() < share;
  /** One to three characters changed, cut, added or exchanged, or the end cut off. */
  function turned(text: string): string {
    let result = text;
    for (let n = below(3); n >= 0; n--) {
      const at = below(result.length + 1);
      const by = oneOf([...CHARACTERS]);
      const way = below(5);
      if (way === 0) result = result.slice(0, at) + by + result.slice(at + 1);
      else if (way === 1) result = result.slice(0, at) + by + result.slice(at);
      else if (way === 2) result = result.slice(0, at) + result.slice(at + 1);
      else if (way === 3) result = result.slice(0, at);
      else result = result.slice(at) + result.slice(0, at);
    }
    return result;
  }
  return { below, oneOf, chance, turned };
}
type Draws = ReturnType<typeof draws>;

/** Parts of the team's keys put together anew, or turned; never one of them. */
function wrongKey({ oneOf, chance, turned }: Draws, { secrets, stranger }: World): string {
  const known = [...secrets, stranger.keys.read, stranger.keys.ingest];
  for (;;) {
    const parts = oneOf(known).split("_");
    const others = oneOf(known).split("_");
    const key = parts.map((part, n) => (n > 0 && chance(0.3) ? (others[n] ?? part) : part)).join("_");
    const result = chance(0.6) ? turned(key) : key;
    if (!secrets.includes(result.trim()) && !secrets.includes(result.trim().split(" ")[0] ?? ""))
      return result;
  }
}

/** The parts of a cookie that count: base64 has several texts for the same bytes, and a URL several for one text. */
function meaningOf(cookie: string): string {
  const [, value = ""] = cookie.split("=", 2);
  try {
    const [token = "", signature = ""] = decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1)).split(".");
    return `${token}.${atob(signature)}`;
  } catch {
    // Not decodable: then it means nothing to anybody.
    return value;
  }
}

function wrongCookie({ turned, chance, oneOf }: Draws, { headersOf }: World): string {
  const good = [headersOf.owner, headersOf.viewer, headersOf.admin].map(({ cookie = "" }) => cookie);
  for (;;) {
    const [name = "", value = ""] = [
      oneOf(good).split("=", 1)[0],
      oneOf(good).slice(oneOf(good).indexOf("=") + 1),
    ];
    const other = oneOf(good).slice(name.length + 1);
    const mixed = chance(0.3) ? value.split(".")[0] + "." + (other.split(".")[1] ?? "") : turned(value);
    const cookie = `${name}=${mixed}`;
    const harmless = [...cookie].every((character) => character >= " " && character <= "~");
    if (harmless && !good.some((each) => meaningOf(each) === meaningOf(cookie))) return cookie;
  }
}

function randomRequest(draw: Draws, world: World): Request {
  const { oneOf, chance, turned } = draw;
  const { fixed, stranger, headersOf } = world;
  const own = { ...UNKNOWN, project: stranger.project.id, team: stranger.team.id };
  const id = (name: keyof Names) => {
    const drawn = oneOf([fixed[name], fixed[name], own[name], UNKNOWN[name], oneOf(Object.values(own))]);
    return chance(0.25) ? turned(drawn) : drawn;
  };
  const names: Names = {
    project: id("project"),
    lesson: id("lesson"),
    team: id("team"),
    key: chance(0.5) ? oneOf(fixed.other_keys) : id("key"),
    user: id("user"),
    invitation: id("invitation"),
    token: id("token"),
    share: id("share"),
    link: wrongKey(draw, world),
    hook: id("hook"),
    budget: id("budget"),
    alert: id("alert"),
    channel: id("channel"),
    delivery: id("delivery"),
    name: "named anew",
  };
  const route = chance(0.02) ? oneOf(OPEN) : oneOf(GUARDED);
  const asked = requestTo(route, names);
  let path = chance(0.1) ? turned(asked.path) : asked.path;
  if (!path.startsWith("/")) path = `/${path}`;
  if (chance(0.1)) path += oneOf(["?project=", "?team=", "?since=0&project=", "?at=1&key="]) + fixed.project;
  const method = chance(0.05)
    ? oneOf(["GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "HEAD"])
    : route.method;

  const headers = new Headers(asked.init.headers);
  const who = draw.below(100);
  if (who < 3) headers.set("cookie", headersOf["another team"]["cookie"] ?? "");
  else if (who < 8) headers.set("cookie", wrongCookie(draw, world));
  else if (who < 14) headers.set("authorization", headersOf["another team's key"]["authorization"] ?? "");
  else if (who < 94)
    headers.set(
      "authorization",
      `${oneOf(["Bearer", "Bearer", "bearer", "Basic"])} ${ascii(wrongKey(draw, world))}`,
    );
  // The address of a hook is no secret, but only its team can sign for it.
  if (headers.has("x-hub-signature-256"))
    headers.set("x-hub-signature-256", ascii(turned(`sha256=${"0".repeat(64)}`)));
  // One who signs himself out asks nothing more.
  if (path.includes("sign-out")) headers.delete("cookie");
  headers.set("origin", chance(0.95) ? ORIGIN : "https://evil.example");
  headers.set("cf-connecting-ip", String(draw.below(1_000_000)));
  if (chance(0.05))
    headers.set("x-clusterfork-principal", JSON.stringify({ kind: "session", user_id: fixed.user }));
  const body = typeof asked.init.body === "string" && chance(0.2) ? turned(asked.init.body) : asked.init.body;
  const bare = method === "GET" || method === "HEAD";
  return new Request(ORIGIN + path, { method, headers, body: bare ? null : (body ?? null) });
}

const ascii = (text: string) => text.replace(/[^ -~]/g, "?");

/** Rows of the team that nobody else may change, and where its log stands. */
async function fingerprint({ team }: World): Promise<unknown> {
  const org = team.team.id;
  const tables = [
    "organization where id",
    "member where organization_id",
    "team_invitation where team_id",
    "project where team_id",
  ];
  const rows = await env.DB.batch([
    ...tables.map((table) => env.DB.prepare(`select * from ${table} = ? order by 1`).bind(org)),
    env.DB.prepare("select * from api_key where project_id = ? order by 1").bind(team.project.id),
    env.DB.prepare("select * from user where email like ? order by 1").bind(`${CANARY}%`),
  ]);
  const room = env.ROOM.get(env.ROOM.idFromName(team.project.id)) as unknown as RoomStub;
  return [rows.map(({ results }) => results), await room.verify()];
}

it(
  `[T1] [T3] ${REQUESTS} random requests read, reach and change nothing of another team (seed ${SEED})`,
  { timeout: MAX_DURATION_MS },
  async () => {
    const world = await buildWorld();
    const before = await fingerprint(world);
    const reached: string[] = [];
    const ROOM = new Proxy(env.ROOM, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          if (args.includes(world.team.project.id)) reached.push(String(name));
          return Reflect.apply(member, target, args);
        };
      },
    });
    const counted = { ...env, ROOM };
    const draw = draws(randomOf(SEED));
    const statuses = new Map<number, number>();
    let sent = 0;

    async function sendSome(): Promise<void> {
      while (sent < REQUESTS) {
        sent += 1;
        const request = randomRequest(draw, world);
        const described = `${request.method} ${request.url} ${JSON.stringify([...request.headers])}`;
        const woken = reached.length;
        const reply = await app.fetch(request, counted, CONTEXT);
        statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
        // Decoded here, because text() warns of NDJSON.
        const text = reply.status === 101 ? "" : new TextDecoder().decode(await reply.arrayBuffer());
        const said = text.replaceAll(request.url, "").replaceAll(new URL(request.url).pathname, "");
        if (said.includes(CANARY)) throw new Error(`shows the canary: ${described}\n${text.slice(0, 500)}`);
        if (reached.length > woken) throw new Error(`about then the team's room was reached: ${described}`);
      }
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, sendSome));

    expect(reached).toEqual([]);
    expect(await fingerprint(world)).toEqual(before);
    expect(statuses.get(500) ?? 0).toBe(0);
    // Controls: it was no wall of refusals alone, and the canary and the room can be reached.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 200);
    const good = new Request(`${ORIGIN}/v1/tasks`, { headers: world.headersOf["read-only key"] });
    expect(await (await app.fetch(good, counted)).text()).toContain(CANARY);
    expect(reached).not.toEqual([]);
    console.log(Object.fromEntries([...statuses].toSorted(([a], [b]) => a - b)));
  },
);
