/** [T4] Who may do something is looked up when the whole request is there: a body held back outlives no right. */
import { beforeAll, describe, expect, it } from "vitest";
import type { TeamsResponse } from "../../schema/wire/http.ts";
import type { Role } from "../../schema/wire/permission.ts";
import type { InvitationCreatedResponse, MembersResponse } from "../../schema/wire/team.ts";
import { asPerson, call, cookieOf, json, migrate, signUp, type Account } from "./server.ts";

let team: Account;

beforeAll(async () => {
  await migrate();
  team = await signUp("Held");
});

async function join(role: Role): Promise<{ id: string; cookie: string }> {
  const path = `/api/teams/${team.team.id}/invitations`;
  const made = await asPerson(team.cookie, path, json("POST", { role }));
  const { token } = await made.json<InvitationCreatedResponse>();
  const email = `${crypto.randomUUID()}@example.com`;
  const body = { token, email, password: "correct horse battery" };
  const reply = await call("/api/invitations/signup", json("POST", body));
  const cookie = cookieOf(reply);
  const { user } = await (await asPerson(cookie, "/api/teams")).json<TeamsResponse>();
  return { id: user.id, cookie };
}

/** A request whose body begins now and ends when `end` is called. */
function hold(cookie: string, method: string, path: string, body: unknown) {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const begun = writer.write(bytes.slice(0, 1));
  const headers = { "content-type": "application/json" };
  const reply = asPerson(cookie, path, { method, headers, body: readable });
  return async (meanwhile: () => Promise<Response>): Promise<Response> => {
    await begun;
    // By now the server has done whatever it does before it waits for the rest.
    await scheduler.wait(200);
    expect((await meanwhile()).ok).toBe(true);
    void writer.write(bytes.slice(1)).then(() => writer.close());
    return reply;
  };
}

describe("[T4] a request whose body is held back until its sender is", () => {
  const cases = (id: string): [string, string, unknown][] => [
    ["POST", `/api/teams/${team.team.id}/invitations`, { role: "admin" }],
    ["PATCH", `/api/teams/${team.team.id}/members/${id}`, { role: "owner" }],
    ["PATCH", `/api/projects/${team.project.id}/settings`, { delivery: "batched" }],
    ["PATCH", `/api/teams/${team.team.id}`, { name: "Taken over" }],
  ];

  it.each([0, 1, 2, 3])("removed does nothing (%i)", async (place) => {
    const person = await join("owner");
    const accomplice = await join("viewer");
    const [method, path, body] = cases(accomplice.id)[place] ?? ["", "", null];
    const end = hold(person.cookie, method, path, body);
    const membership = `/api/teams/${team.team.id}/members/${person.id}`;
    const reply = await end(() => asPerson(team.cookie, membership, { method: "DELETE" }));
    expect(reply.status).toBe(404);
    const { members } = await (
      await asPerson(team.cookie, `/api/teams/${team.team.id}/members`)
    ).json<MembersResponse>();
    expect(members.find(({ id }) => id === accomplice.id)?.role).toBe("viewer");
  });

  it("made less gives himself nothing back", async () => {
    const person = await join("owner");
    const path = `/api/teams/${team.team.id}/members/${person.id}`;
    const end = hold(person.cookie, "PATCH", path, { role: "owner" });
    const reply = await end(() => asPerson(team.cookie, path, json("PATCH", { role: "viewer" })));
    expect(reply.status).toBe(403);
  });

  it("[control] still a member works", async () => {
    const person = await join("owner");
    const end = hold(person.cookie, "PATCH", `/api/teams/${team.team.id}`, { name: "Held on" });
    expect((await end(() => asPerson(person.cookie, "/api/teams"))).status).toBe(200);
  });
});
