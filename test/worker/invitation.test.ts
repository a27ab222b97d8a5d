/** Invitations by link in real workerd and D1: what they offer, whom they let in, once, and what ends them. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { TeamsResponse } from "../../schema/wire/http.ts";
import type { Role } from "../../schema/wire/permission.ts";
import type { JoinedResponse } from "../../schema/wire/team.ts";
import { MAX_JOINS_PER_WINDOW } from "../../worker/account/attempts.ts";
import { MAX_OPEN_INVITATIONS } from "../../worker/account/invitations.ts";
import { app } from "../../worker/http/app.ts";
import { asPerson, call, json, migrate, ORIGIN, signUp } from "./server.ts";
import {
  DAY_MS,
  PASSWORD,
  invite,
  join,
  membersOf,
  invitationsOf,
  setRole,
  remove,
  accept,
  look,
  seesProject,
  messageOf,
  untilAllWrite,
} from "./joining.ts";

beforeAll(migrate);

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
