/** Teams in real workerd and D1: members, roles, removal, hand-over, and what their live views see of it. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { TeamsResponse } from "../../schema/wire/http.ts";
import type { MembersResponse, TeamCreatedResponse } from "../../schema/wire/team.ts";
import { openDatabase } from "../../worker/account/database.ts";
import { changeRole, removeMember, type Actor } from "../../worker/account/members.ts";
import { MAX_TEAMS_PER_PERSON } from "../../worker/account/teams.ts";
import { asPerson, call, cookieOf, json, migrate, openSocket, ORIGIN, signUp } from "./server.ts";
import {
  PASSWORD,
  invite,
  type Person,
  join,
  membersOf,
  idOf,
  setRole,
  remove,
  look,
  seesProject,
  messageOf,
} from "./joining.ts";

beforeAll(migrate);

describe("[T4] members", () => {
  it("are listed to everybody in the team, the greatest role first, and to nobody else", async () => {
    const team = await signUp("Listed");
    const viewer = await join(team, "viewer");
    await join(team, "admin");
    const members = await membersOf(team, viewer.cookie);
    expect(members.map(({ role }) => role)).toEqual(["owner", "admin", "viewer"]);
    expect(members[2]).toMatchObject({ id: viewer.id, email: viewer.email });
    const stranger = await signUp("Strangers");
    const reply = await asPerson(stranger.cookie, `/api/teams/${team.team.id}/members`);
    expect(reply.status).toBe(404);
  });

  it("get another role, up to one's own, and act by it from the next request on", async () => {
    const team = await signUp("Changing");
    const admin = await join(team, "admin");
    const member = await join(team, "member");
    const owner_id = await idOf(team);
    expect((await setRole(team, member.id, "admin", admin.cookie)).status).toBe(200);
    const key = json("POST", { project: team.project.id, name: "k", scopes: ["read"] });
    expect((await asPerson(member.cookie, "/api/keys", key)).status).toBe(201);
    expect((await setRole(team, member.id, "viewer", admin.cookie)).status).toBe(200);
    expect((await asPerson(member.cookie, "/api/keys", key)).status).toBe(403);

    for (const reply of [
      await setRole(team, member.id, "owner", admin.cookie),
      await setRole(team, owner_id, "viewer", admin.cookie),
      await remove(team, owner_id, admin.cookie),
      await setRole(team, admin.id, "viewer", member.cookie),
      await remove(team, admin.id, member.cookie),
    ])
      expect(reply.status).toBe(403);
    const roles = new Map((await membersOf(team)).map(({ id, role }) => [id, role]));
    expect([roles.get(owner_id), roles.get(admin.id), roles.get(member.id)]).toEqual([
      "owner",
      "admin",
      "viewer",
    ]);
  });

  it("unknown to the team cannot be changed; the same for another team's people", async () => {
    const team = await signUp("Own");
    const other = await signUp("Other");
    const their_id = await idOf(other);
    const [foreign, unknown] = [
      await setRole(team, their_id, "viewer"),
      await setRole(team, "nobody", "viewer"),
    ];
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(await messageOf(foreign)).toBe(await messageOf(unknown));
    expect((await remove(team, their_id)).status).toBe(204);
    expect((await membersOf(other)).map(({ role }) => role)).toEqual(["owner"]);
    expect(await seesProject(other.cookie, other)).toBe(200);
  });

  it("the last owner cannot leave, be removed or be made less, and hears what to do", async () => {
    const team = await signUp("Alone");
    await join(team, "admin");
    const owner_id = await idOf(team);
    const { token } = await invite(team, "owner");
    const leave = () => asPerson(team.cookie, `/api/teams/${team.team.id}/leave`, { method: "POST" });
    for (const reply of [
      await leave(),
      await remove(team, owner_id),
      await setRole(team, owner_id, "admin"),
    ]) {
      expect(reply.status).toBe(409);
      expect(await messageOf(reply)).toContain("Make somebody else an owner first");
    }
    expect((await membersOf(team))[0]).toMatchObject({ id: owner_id, role: "owner" });
    // What did not happen took nothing back.
    expect((await look(token)).status).toBe(200);
  });

  it("two owners who leave at once leave one behind", async () => {
    const team = await signUp("Two owners");
    const second = await join(team, "owner");
    const leave = (cookie: string) =>
      asPerson(cookie, `/api/teams/${team.team.id}/leave`, { method: "POST" });
    const replies = await Promise.all([leave(team.cookie), leave(second.cookie)]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([204, 409]);
  });

  it("[T4] who lost his own role while his request was on its way changes nobody's", async () => {
    const team = await signUp("Raced");
    const [one, two, target] = [
      await join(team, "admin"),
      await join(team, "admin"),
      await join(team, "member"),
    ];
    const database = openDatabase(env.DB);
    // As the request was let in, a moment before.
    const then: Actor = { team_id: team.team.id, user_id: one.id, role: "admin" };
    expect((await setRole(team, one.id, "viewer")).status).toBe(200);
    const refused = { ok: false, failure: { code: "insufficient_scope" } };
    expect(await changeRole(database, then, target.id, "viewer", new Date())).toMatchObject(refused);
    expect(await removeMember(database, then, target.id, new Date())).toMatchObject(refused);
    expect((await membersOf(team)).find(({ id }) => id === target.id)).toMatchObject({ role: "member" });
    // Leaving asks for no role.
    expect(await removeMember(database, then, one.id, new Date())).toMatchObject({ ok: true });
    // Two who remove each other at once: one of them is out before the other's statement runs.
    const first = await join(team, "admin");
    const remove_ = (actor: Person, who: Person) =>
      removeMember(database, { ...then, user_id: actor.id }, who.id, new Date());
    const outcomes = await Promise.all([remove_(first, two), remove_(two, first)]);
    expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });

  it("hand the team over: the new owner owns it, the old one is an admin", async () => {
    const team = await signUp("Handed over");
    const heir = await join(team, "viewer");
    const owner_id = await idOf(team);
    const transfer = (user: string, cookie = team.cookie) =>
      asPerson(cookie, `/api/teams/${team.team.id}/transfer`, json("POST", { user }));
    const { token } = await invite(team, "owner");
    expect((await transfer(heir.id, heir.cookie)).status).toBe(403);
    expect((await transfer(owner_id)).status).toBe(422);
    expect((await transfer("nobody")).status).toBe(404);
    const moved = await transfer(heir.id);
    expect((await moved.json<MembersResponse>()).members.map(({ id, role }) => [id, role])).toEqual([
      [heir.id, "owner"],
      [owner_id, "admin"],
    ]);
    expect((await look(token)).status).toBe(410);
    expect((await transfer(owner_id)).status).toBe(403);
    expect((await asPerson(team.cookie, `/api/teams/${team.team.id}/leave`, { method: "POST" })).status).toBe(
      204,
    );
    expect(await seesProject(team.cookie, team)).toBe(404);
  });
});

describe("[V3] live views", () => {
  it("of a session close when it signs out, and those of another session of the same person stay open", async () => {
    const team = await signUp("Signed out");
    const guest = await join(team, "viewer");
    const signed_in = await call(
      "/api/auth/sign-in/email",
      json("POST", { email: guest.email, password: PASSWORD }),
    );
    const elsewhere = { cookie: cookieOf(signed_in) };
    const [here, there] = [await stream(team.project.id, guest), await stream(team.project.id, elsewhere)];
    let open = true;
    void there.closed.then(() => (open = false));
    expect((await asPerson(guest.cookie, "/api/auth/sign-out", json("POST", {}))).status).toBe(200);
    expect(await here.closed).toMatchObject({ code: 4001, reason: "you signed out" });
    await expect(stream(team.project.id, guest)).rejects.toThrow("401");
    expect(open).toBe(true);
    there.close();
  });

  const stream = (project: string, person: { cookie: string }) =>
    openSocket(`/api/projects/${project}/stream`, { cookie: person.cookie, origin: ORIGIN });

  it("of a removed person close in every project of the team; a change of role leaves them open", async () => {
    const team = await signUp("Watched");
    const made = await asPerson(
      team.cookie,
      "/api/projects",
      json("POST", { team: team.team.id, name: "two" }),
    );
    const { project } = await made.json<{ project: { id: string } }>();
    const guest = await join(team, "admin");
    const sockets = [await stream(team.project.id, guest), await stream(project.id, guest)];
    const other = await stream(team.project.id, team);
    let open = true;
    for (const { closed } of [...sockets, other]) void closed.then(() => (open = false));

    expect((await setRole(team, guest.id, "viewer")).status).toBe(200);
    expect(await seesProject(guest.cookie, team)).toBe(200);
    expect(open).toBe(true);

    expect((await remove(team, guest.id)).status).toBe(204);
    for (const socket of sockets) expect(await socket.closed).toMatchObject({ code: 4001 });
    expect(await seesProject(guest.cookie, team)).toBe(404);
    await expect(stream(team.project.id, guest)).rejects.toThrow("404");
    expect((await remove(team, guest.id)).status).toBe(204);
    other.close();
  });

  it("opened while the person is being removed do not stay", async () => {
    const team = await signUp("Raced");
    for (let round = 0; round < 5; round++) {
      const guest = await join(team, "viewer");
      const opening = stream(team.project.id, guest).catch(() => null);
      expect((await remove(team, guest.id)).status).toBe(204);
      const socket = await opening;
      if (socket !== null) expect(await socket.closed).toMatchObject({ code: 4001 });
    }
  });

  it("of who leaves close too", async () => {
    const team = await signUp("Left");
    const guest = await join(team, "member");
    const socket = await stream(team.project.id, guest);
    const left = await asPerson(guest.cookie, `/api/teams/${team.team.id}/leave`, { method: "POST" });
    expect(left.status).toBe(204);
    expect(await socket.closed).toMatchObject({ code: 4001 });
  });
});

describe("several teams", () => {
  it("are made by one person, each with a project, and renamed without moving", async () => {
    const { cookie, team } = await signUp("First of several");
    const reply = await asPerson(
      cookie,
      "/api/teams",
      json("POST", { name: "Second of several", project: "Shop" }),
    );
    expect(reply.status).toBe(201);
    const made = await reply.json<TeamCreatedResponse>();
    expect(made).toMatchObject({
      team: { name: "Second of several", slug: "second-of-several", role: "owner" },
      project: { name: "Shop", slug: "shop", id: expect.stringMatching(/^p[a-z0-9]{15}$/) },
    });
    const { teams } = await (await asPerson(cookie, "/api/teams")).json<TeamsResponse>();
    expect(teams.map(({ id }) => id)).toEqual([team.id, made.team.id]);
    expect(teams[1]?.projects).toMatchObject([{ id: made.project.id }]);
    const renamed = await asPerson(cookie, `/api/teams/${made.team.id}`, json("PATCH", { name: "Renamed" }));
    expect(await renamed.json()).toMatchObject({ team: { name: "Renamed", slug: "second-of-several" } });
    const twin = await asPerson(cookie, "/api/teams", json("POST", { name: "Second of several" }));
    expect(await twin.json()).toMatchObject({
      team: { slug: "second-of-several-2" },
      project: { slug: "main" },
    });
  });

  it("are listed whole, however many; beyond the limit none is made", async () => {
    const { cookie } = await signUp("Collector");
    const { user } = await (await asPerson(cookie, "/api/teams")).json<TeamsResponse>();
    // More than D1 binds parameters (100): rows of an older time, when there was no limit.
    const rows = Array.from({ length: 120 }, (_, n) => n);
    await env.DB.batch(
      rows.flatMap((n) => [
        env.DB.prepare("insert into organization (id, name, slug) values (?, 'old', ?)").bind(
          `old${n}`,
          `old-${n}`,
        ),
        env.DB.prepare(
          "insert into member (id, organization_id, user_id, role) values (?, ?, ?, 'viewer')",
        ).bind(`old${n}`, `old${n}`, user.id),
        env.DB.prepare(
          "insert into project (id, team_id, name, slug, created_at) values (?, ?, 'p', 'p', 0)",
        ).bind(`p${String(n).padStart(15, "0")}`, `old${n}`),
      ]),
    );
    const { teams } = await (await asPerson(cookie, "/api/teams")).json<TeamsResponse>();
    expect(teams).toHaveLength(121);
    expect(teams.every(({ projects }) => projects.length === 1)).toBe(true);
    const reply = await asPerson(cookie, "/api/teams", json("POST", { name: "one more" }));
    expect(reply.status).toBe(409);
    expect(await messageOf(reply)).toContain(String(MAX_TEAMS_PER_PERSON));
  });
});
