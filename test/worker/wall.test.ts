/** Every route × everybody who may ask, as wall.ts declares it; the same for sockets. */
import { beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../../schema/wire/error.ts";
import { ROUTES, type Route } from "../../worker/http/routes.ts";
import { asPerson, call, openSocket } from "./server.ts";
import { ASKERS, INSIDERS, WALL, type Answer, type Asker } from "./wall.ts";
import { buildWorld, CANARY, freshNames, requestTo, restore, UNKNOWN, type World } from "./wall-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});

const title = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
const routes = ROUTES.map((route) => [title(route), route] as const);

it("[T1] has a row for every route, and no other", () => {
  expect(Object.keys(WALL).toSorted()).toEqual(routes.map(([name]) => name).toSorted());
});

/** Let in: done, or told what the request lacks; the last owner may not leave. */
function isIn(route: Route, asker: Asker, reply: Response): boolean {
  if (reply.ok) return true;
  if (route.path.endsWith("/leave")) return asker === "owner" && reply.status === 409;
  // The canary is not in another team's log.
  if (/\/:id(?:\/report)?$/.test(route.path) && asker === "another team's key") return reply.status === 404;
  // Under its name; the link knows agents by their aliases.
  if (route.path.endsWith("/agents/:id")) return asker === "share link" && reply.status === 404;
  return (
    reply.status === 422 &&
    [
      "/api/signup",
      "/api/teams",
      "/api/projects/:project/settings",
      "/api/auth/sign-in/email",
      "/api/invitations/signup",
    ].includes(route.path)
  );
}

async function check(route: Route, asker: Asker, expected: Answer): Promise<void> {
  const { path, init } = requestTo(route, await freshNames(world, route.path, route.method));
  const reply = await call(path, { ...init, headers: { ...init.headers, ...world.headersOf[asker] } });
  const cell = `${title(route)}, ${asker}: ${reply.status}`;
  if (expected === "in" || expected === "own") expect(isIn(route, asker, reply), cell).toBe(true);
  else expect(String(reply.status), cell).toBe(expected);
  const text = new TextDecoder().decode(await reply.arrayBuffer());
  // An invitation and a link say to whoever holds them what they are called.
  const says_name = path.startsWith("/api/invitations") || path === "/api/shares/open";
  const named = says_name ? text.replace(`${CANARY} Team`, "").replace(`"name":"${CANARY}"`, "") : text;
  // So does a link's page, to chats that preview it.
  const shown = path.startsWith("/s/") ? named.replaceAll(`${CANARY} · ${CANARY} Team`, "") : named;
  if (!INSIDERS.includes(asker))
    expect(shown.includes(CANARY), `${cell} shows what is the team's`).toBe(false);
  if (expected === "401") expect(reply.headers.get("www-authenticate")).toBe("Bearer");
  if (route.method !== "GET") await restore();
}

describe("[T1] [T4] every route answers each asker as declared", () => {
  // The streams are sockets: below.
  it.each(routes.filter(([, { path }]) => !path.endsWith("/stream")))("%s", async (name, route) => {
    for (const asker of ASKERS) await check(route, asker, WALL[name]?.[asker] ?? "404");
  });
});

describe("[T1] unknown and forbidden look alike", () => {
  const tenant = routes.filter(([name]) => WALL[name]?.["another team"] === "404");
  it.each(tenant)("%s", async (_name, route) => {
    const answers = [];
    for (const names of [await freshNames(world, route.path, route.method), UNKNOWN]) {
      const { path, init } = requestTo(route, names);
      const reply = await asPerson(world.stranger.cookie, path, init);
      const { error } = await reply.json<ErrorBody>();
      answers.push({
        status: reply.status,
        headers: [...reply.headers.keys()],
        error: { ...error, request_id: "" },
      });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status).toBe(404);
  });

  it("what is no route of ours is nobody's: better-auth's own stay closed", async () => {
    const closed = [
      "organization/create",
      "organization/list",
      "organization/invite-member",
      "organization/remove-member",
      "organization/update-member-role",
      "organization/get-full-organization",
      "organization/set-active",
      "sign-up/email",
      "update-user",
      "change-password",
      "change-email",
      "delete-user",
      "list-sessions",
    ];
    for (const path of closed) {
      for (const method of ["GET", "POST"]) {
        const reply = await asPerson(world.team.cookie, `/api/auth/${path}`, { method });
        expect(reply.status, path).toBe(404);
      }
    }
  });
});

describe("[T1] every socket opens as declared", () => {
  const streams = routes.filter(([, { path }]) => path.endsWith("/stream"));
  it("there are two", () => expect(streams).toHaveLength(2));

  it.each(streams)("%s", async (name, route) => {
    const { path } = requestTo(route, await freshNames(world, route.path, route.method));
    for (const asker of ASKERS) {
      const expected = WALL[name]?.[asker] ?? "404";
      const opening = openSocket(path, world.headersOf[asker]);
      if (expected !== "in" && expected !== "own") {
        await expect(opening, asker).rejects.toThrow(`upgrade answered ${expected}`);
        continue;
      }
      const socket = await opening;
      const first = JSON.stringify(await socket.message(({ type }) => type === "snapshot"));
      expect(first.includes(CANARY), asker).toBe(expected === "in");
      socket.close();
    }
  });

  it("a session's opens for our own pages alone", async () => {
    const { path } = requestTo({ method: "GET", path: "/api/projects/:project/stream" }, world.fixed);
    const { cookie = "" } = world.headersOf.owner;
    for (const origin of ["https://evil.example", "null"])
      await expect(openSocket(path, { cookie, origin })).rejects.toThrow("403");
    await expect(openSocket(path, { cookie })).rejects.toThrow("403");
  });
});

it("control: the canary shows to the team", async () => {
  const reply = await call("/v1/history/tasks", { headers: world.headersOf["read-only key"] });
  expect(await reply.text()).toContain(CANARY);
  const members = await asPerson(world.team.cookie, `/api/teams/${world.team.team.id}/members`);
  expect((await members.text()).toLowerCase()).toContain(CANARY.toLowerCase());
});
