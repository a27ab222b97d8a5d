/** Teams in real workerd and D1: members, roles, removal, hand-over, and invitations by link. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../../schema/wire/error.ts";
import type { TeamsResponse } from "../../schema/wire/http.ts";
import type { Role } from "../../schema/wire/permission.ts";
import type {
  InvitationCreatedResponse,
  InvitationsResponse,
  JoinedResponse,
  MembersResponse,
  TeamCreatedResponse,
} from "../../schema/wire/team.ts";
import { MAX_JOINS_PER_WINDOW } from "../../worker/account/attempts.ts";
import { openDatabase } from "../../worker/account/database.ts";
import { changeRole, removeMember, type Actor } from "../../worker/account/members.ts";
import { MAX_OPEN_INVITATIONS } from "../../worker/account/invitations.ts";
import { app } from "../../worker/http/app.ts";
import { MAX_TEAMS_PER_PERSON } from "../../worker/account/teams.ts";
import {
  asPerson,
  call,
  cookieOf,
  json,
  migrate,
  openSocket,
  ORIGIN,
  signUp,
  type Account,
} from "./server.ts";

const DAY_MS = 24 * 3600 * 1000;
const PASSWORD = "correct horse battery";

beforeAll(migrate);

async function invite(
  team: Account,
  role: Role,
  more: Record<string, unknown> = {},
  cookie = team.cookie,
): Promise<InvitationCreatedResponse> {
  const body = { role, ...more };
  const reply = await asPerson(cookie, `/api/teams/${team.team.id}/invitations`, json("POST", body));
  expect(reply.status).toBe(201);
  return reply.json<InvitationCreatedResponse>();
}

interface Person {
  id: string;
  email: string;
  cookie: string;
}
/** Somebody new, who joins by an invitation and has no team of his own. */
async function join(team: Account, role: Role): Promise<Person> {
  const { token } = await invite(team, role);
  const email = `${crypto.randomUUID()}@example.com`;
  const reply = await call("/api/invitations/signup", json("POST", { token, email, password: PASSWORD }));
  expect(reply.status).toBe(201);
  const cookie = cookieOf(reply);
  const { user } = await (await asPerson(cookie, "/api/teams")).json<TeamsResponse>();
  return { id: user.id, email, cookie };
}

const membersOf = async (team: Account, cookie = team.cookie) =>
  (await (await asPerson(cookie, `/api/teams/${team.team.id}/members`)).json<MembersResponse>()).members;
const idOf = async (team: Account) => {
  const { user } = await (await asPerson(team.cookie, "/api/teams")).json<TeamsResponse>();
  return user.id;
};
const invitationsOf = async (team: Account) =>
  (await (await asPerson(team.cookie, `/api/teams/${team.team.id}/invitations`)).json<InvitationsResponse>())
    .invitations;
const memberPath = (team: Account, user_id: string) => `/api/teams/${team.team.id}/members/${user_id}`;
const setRole = (team: Account, user_id: string, role: Role, cookie = team.cookie) =>
  asPerson(cookie, memberPath(team, user_id), json("PATCH", { role }));
const remove = (team: Account, user_id: string, cookie = team.cookie) =>
  asPerson(cookie, memberPath(team, user_id), { method: "DELETE" });
const accept = (cookie: string, token: string) =>
  asPerson(cookie, "/api/invitations/accept", json("POST", { token }));
const look = (token: string) => call("/api/invitations/look", json("POST", { token }));
const seesProject = async (cookie: string, team: Account) =>
  (await asPerson(cookie, `/api/projects/${team.project.id}/state`)).status;
const messageOf = async (reply: Response) => (await reply.json<ErrorBody>()).error.message;

/** D1 whose transactions wait until `count` of them have come. */
function untilAllWrite(count: number) {
  let here = 0;
  let go = (): void => undefined;
  const all = new Promise<void>((resolve) => (go = resolve));
  const DB = new Proxy(env.DB, {
    get(target, name) {
      if (name !== "batch") return Reflect.get(target, name).bind(target);
      return async (statements: D1PreparedStatement[]) => {
        here += 1;
        if (here >= count) go();
        await all;
        return target.batch(statements);
      };
    },
  });
  return { env: { ...env, DB }, arrived: () => here };
}

describe("an invitation", () => {
  it("shows its offer to whoever holds the link, and lets one person in with its role", async () => {
    const team = await signUp("Inviters");
    const { invitation, token, link } = await invite(team, "member", { note: "for Bo" });
    expect(token).toMatch(/^cfi_[a-z0-9]{12}_[A-Za-z0-9]{32}$/);
    expect(link).toBe(`${ORIGIN}/join/${token}`);
    expect(invitation).toMatchObject({ role: "member", note: "for Bo", status: "open" });
    expect(Date.parse(invitation.expires_at) - Date.parse(invitation.created_at)).toBe(7 * DAY_MS);

    const offer = await look(token);
    expect(offer.status).toBe(200);
    expect(await offer.json()).toEqual({
      team: { name: "Inviters" },
      role: "member",
      expires_at: invitation.expires_at,
    });

    const guest = await signUp("Guests");
    const joined = await accept(guest.cookie, token);
    expect(joined.status).toBe(200);
    expect(await joined.json<JoinedResponse>()).toMatchObject({
      team: { id: team.team.id },
      role: "member",
      joined: true,
    });
    const { teams } = await (await asPerson(guest.cookie, "/api/teams")).json<TeamsResponse>();
    expect(teams.map(({ id, role }) => [id, role])).toEqual([
      [team.team.id, "member"],
      [guest.team.id, "owner"],
    ]);
    expect(await seesProject(guest.cookie, team)).toBe(200);
    expect(await invitationsOf(team)).toMatchObject([
      { status: "accepted", accepted_by: expect.any(String) },
    ]);
  });

  it("is stored and listed without its secret", async () => {
    const team = await signUp("Secrets");
    const { token } = await invite(team, "viewer");
    const secret = token.split("_")[2] ?? "";
    expect(JSON.stringify(await invitationsOf(team))).not.toContain(secret);
    const rows = await env.DB.prepare("select * from team_invitation where team_id = ?")
      .bind(team.team.id)
      .all();
    expect(JSON.stringify(rows.results)).not.toContain(secret);
  });

  it("used twice says so, to the second and to whoever looks", async () => {
    const team = await signUp("Twice");
    const { token } = await invite(team, "viewer");
    const [first, second] = [await signUp("first"), await signUp("second")];
    expect((await accept(first.cookie, token)).status).toBe(200);
    for (const reply of [await accept(second.cookie, token), await look(token)]) {
      expect(reply.status).toBe(410);
      expect(await messageOf(reply)).toContain("used already");
    }
    expect(await seesProject(second.cookie, team)).toBe(404);
    const used = await call(
      "/api/invitations/signup",
      json("POST", { token, email: "late@example.com", password: PASSWORD }),
    );
    expect(used.status).toBe(410);
    const late = await env.DB.prepare("select id from user where email = 'late@example.com'").all();
    expect(late.results).toEqual([]);
  });

  it("accepted by two at once lets one of them in", async () => {
    const team = await signUp("Race");
    const { token } = await invite(team, "member");
    const guests = await Promise.all([signUp("a"), signUp("b"), signUp("c")]);
    // All of them have seen it open before the first one writes.
    const { env: gated, arrived } = untilAllWrite(guests.length);
    const replies = await Promise.all(
      guests.map(async ({ cookie }) => {
        const { headers, ...init } = json("POST", { token });
        const request = new Request(`${ORIGIN}/api/invitations/accept`, {
          ...init,
          headers: { ...headers, cookie, origin: ORIGIN, "cf-connecting-ip": crypto.randomUUID() },
        });
        return app.fetch(request, gated);
      }),
    );
    expect(arrived()).toBe(guests.length);
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 410, 410]);
    expect(await membersOf(team)).toHaveLength(2);
  });

  it("accepted by one person twice at once is used once", async () => {
    const team = await signUp("Doubled");
    const { token } = await invite(team, "member");
    const guest = await signUp("impatient");
    const replies = await Promise.all([accept(guest.cookie, token), accept(guest.cookie, token)]);
    expect(replies.map((reply) => reply.status)).toEqual([200, 200]);
    expect(await membersOf(team)).toHaveLength(2);
  });

  it("that expired or was revoked lets nobody in, and says which", async () => {
    const team = await signUp("Closed");
    const guest = await signUp("late");
    const old = await invite(team, "viewer", { expires_in_days: 1 });
    await env.DB.prepare("update team_invitation set expires_at = ? where id = ?")
      .bind(Date.now() - 1, old.invitation.id)
      .run();
    const dropped = await invite(team, "viewer");
    const path = `/api/teams/${team.team.id}/invitations/${dropped.invitation.id}`;
    expect((await asPerson(team.cookie, path, { method: "DELETE" })).status).toBe(204);
    expect((await asPerson(team.cookie, path, { method: "DELETE" })).status).toBe(204);
    for (const [{ token }, words] of [
      [old, "expired"],
      [dropped, "taken back"],
    ] as const) {
      for (const reply of [await look(token), await accept(guest.cookie, token)]) {
        expect(reply.status).toBe(410);
        expect(await messageOf(reply)).toContain(words);
      }
    }
    expect(await seesProject(guest.cookie, team)).toBe(404);
    expect((await invitationsOf(team)).map(({ status }) => status).sort()).toEqual(["expired", "revoked"]);
  });

  it("[T1] cut short, forged or of another row is unknown, in the same words", async () => {
    const team = await signUp("Forged");
    const [one, two] = [await invite(team, "owner"), await invite(team, "viewer")];
    const guest = await signUp("forger");
    const forged = [
      one.token.slice(0, -1),
      `${one.token}x`,
      `cfi_${one.invitation.id}_${two.token.split("_")[2]}`,
      `cfi_${one.invitation.id}_${"x".repeat(32)}`,
      `cfi_000000000000_${"x".repeat(32)}`,
      one.invitation.id,
      "",
      "💥".repeat(40),
    ];
    const answers = new Set<string>();
    for (const token of forged) {
      for (const reply of [await look(token), await accept(guest.cookie, token)]) {
        expect(reply.status).toBe(404);
        answers.add(await messageOf(reply));
      }
    }
    expect(answers.size).toBe(1);
  });

  it("changes nothing for who is in the team already, and stays good for somebody else", async () => {
    const team = await signUp("Already");
    const admin = await join(team, "admin");
    const viewer = await join(team, "viewer");
    const { token } = await invite(team, "member");
    for (const [person, role] of [
      [admin, "admin"],
      [viewer, "viewer"],
    ] as const) {
      const reply = await accept(person.cookie, token);
      expect(await reply.json()).toMatchObject({ role, joined: false });
    }
    const roles = (await membersOf(team)).map(({ role }) => role);
    expect(roles).toEqual(["owner", "admin", "viewer"]);
    expect((await look(token)).status).toBe(200);
  });

  it("gives at most the inviter's role, and lasts at most 30 days", async () => {
    const team = await signUp("Ranks");
    const admin = await join(team, "admin");
    const member = await join(team, "member");
    const path = `/api/teams/${team.team.id}/invitations`;
    const owner_link = await asPerson(admin.cookie, path, json("POST", { role: "owner" }));
    expect(owner_link.status).toBe(403);
    expect(await messageOf(owner_link)).toContain("Your role is admin");
    expect((await asPerson(member.cookie, path, json("POST", { role: "viewer" }))).status).toBe(403);
    expect((await asPerson(member.cookie, path)).status).toBe(403);
    for (const body of [
      { role: "king" },
      {},
      { role: "viewer", expires_in_days: 31 },
      { role: "viewer", expires_in_days: 0 },
      { role: "viewer", expires_in_days: 1.5 },
      { role: "viewer", note: "x".repeat(81) },
      { role: "viewer", unknown: 1 },
    ])
      expect((await asPerson(admin.cookie, path, json("POST", body))).status).toBe(422);
    await invite(team, "admin", { expires_in_days: 30, note: "" }, admin.cookie);
  });

  it("is taken back with its inviter's rights: a link kept back brings nobody in again", async () => {
    const team = await signUp("Kept back");
    const admin = await join(team, "admin");
    const asAdmin = (role: Role) => invite(team, role, {}, admin.cookie);
    const [high, low] = [await asAdmin("admin"), await asAdmin("viewer")];
    expect((await setRole(team, admin.id, "member")).status).toBe(200);
    expect((await look(high.token)).status).toBe(410);
    expect((await look(low.token)).status).toBe(200);
    expect((await remove(team, admin.id)).status).toBe(204);
    expect((await look(low.token)).status).toBe(410);
    expect((await accept(admin.cookie, low.token)).status).toBe(410);
  });

  it("[T4] made while its inviter is being removed is taken back too", async () => {
    const team = await signUp("Too late");
    const admin = await join(team, "admin");
    // He may when it is looked up, and is gone when the row is written.
    const DB = new Proxy(env.DB, {
      get(target, name) {
        if (name !== "prepare") return Reflect.get(target, name).bind(target);
        return (text: string) => {
          const statement = target.prepare(text);
          if (!text.startsWith('insert into "team_invitation"')) return statement;
          const run = async (bound: D1PreparedStatement) => {
            expect((await remove(team, admin.id)).status).toBe(204);
            return bound.run();
          };
          return { bind: (...values: unknown[]) => ({ run: () => run(statement.bind(...values)) }) };
        };
      },
    });
    const { headers, ...init } = json("POST", { role: "admin" });
    const request = new Request(`${ORIGIN}/api/teams/${team.team.id}/invitations`, {
      ...init,
      headers: { ...headers, cookie: admin.cookie, origin: ORIGIN },
    });
    expect((await app.fetch(request, { ...env, DB })).status).toBe(403);
    expect((await invitationsOf(team)).filter(({ status }) => status === "open")).toEqual([]);
  });

  it("is refused beyond the number that a team keeps open", async () => {
    const team = await signUp("Many");
    const values = Array.from(
      { length: MAX_OPEN_INVITATIONS },
      (_, n) =>
        `('many${String(n).padStart(8, "0")}', '${team.team.id}', 'viewer', '', '', 0, ${Date.now() + DAY_MS})`,
    );
    await env.DB.prepare(
      `insert into team_invitation (id, team_id, role, note, secret_sha256, created_at, expires_at) values ${values.join()}`,
    ).run();
    const path = `/api/teams/${team.team.id}/invitations`;
    const reply = await asPerson(team.cookie, path, json("POST", { role: "viewer" }));
    expect(reply.status).toBe(409);
    expect(await messageOf(reply)).toContain("Revoke one");
  });

  it("is guessed at a limited rate", async () => {
    const headers = { "content-type": "application/json", "cf-connecting-ip": "203.0.113.77" };
    const guess = () => call("/api/invitations/look", { ...json("POST", { token: "cfi_x_y" }), headers });
    const statuses = [];
    for (let n = 0; n < 2 * MAX_JOINS_PER_WINDOW + 1; n++) {
      const reply = await guess();
      statuses.push(reply.status);
      if (reply.status !== 429) continue;
      expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(0);
      break;
    }
    expect(statuses.at(-1)).toBe(429);
  });
});

describe("sign-up by invitation", () => {
  it("makes a person in the inviting team and no team of his own", async () => {
    const team = await signUp("Hosts");
    const guest = await join(team, "viewer");
    const { user, teams } = await (await asPerson(guest.cookie, "/api/teams")).json<TeamsResponse>();
    expect(user.email).toBe(guest.email);
    expect(teams.map(({ id, role }) => [id, role])).toEqual([[team.team.id, "viewer"]]);
    expect(await seesProject(guest.cookie, team)).toBe(200);
  });

  it("joins with an account that exists when its password is right, and not when it is wrong", async () => {
    const team = await signUp("Known");
    const { token } = await invite(team, "member");
    const known = await signUp("Has an account");
    const attempt = (password: string) =>
      call("/api/invitations/signup", json("POST", { token, email: known.email, password }));
    const wrong = await attempt("not this one");
    expect(wrong.status).toBe(409);
    expect(wrong.headers.getSetCookie()).toEqual([]);
    expect((await look(token)).status).toBe(200);
    expect((await attempt(known.password)).status).toBe(201);
    expect(await membersOf(team)).toHaveLength(2);
  });
});

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
