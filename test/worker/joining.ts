/** People who join teams: invited, given roles, removed, and writing at the same moment. */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { ErrorBody } from "../../schema/wire/error.ts";
import type { TeamsResponse } from "../../schema/wire/http.ts";
import type { Role } from "../../schema/wire/permission.ts";
import type {
  InvitationCreatedResponse,
  InvitationsResponse,
  MembersResponse,
} from "../../schema/wire/team.ts";
import { asPerson, call, cookieOf, json, type Account } from "./server.ts";

export const DAY_MS = 24 * 3600 * 1000;
export const PASSWORD = "correct horse battery";
export async function invite(
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

export interface Person {
  id: string;
  email: string;
  cookie: string;
}
/** Somebody new, who joins by an invitation and has no team of his own. */
export async function join(team: Account, role: Role): Promise<Person> {
  const { token } = await invite(team, role);
  const email = `${crypto.randomUUID()}@example.com`;
  const reply = await call("/api/invitations/signup", json("POST", { token, email, password: PASSWORD }));
  expect(reply.status).toBe(201);
  const cookie = cookieOf(reply);
  const { user } = await (await asPerson(cookie, "/api/teams")).json<TeamsResponse>();
  return { id: user.id, email, cookie };
}

export const membersOf = async (team: Account, cookie = team.cookie) =>
  (await (await asPerson(cookie, `/api/teams/${team.team.id}/members`)).json<MembersResponse>()).members;
export const idOf = async (team: Account) => {
  const { user } = await (await asPerson(team.cookie, "/api/teams")).json<TeamsResponse>();
  return user.id;
};
export const invitationsOf = async (team: Account) =>
  (await (await asPerson(team.cookie, `/api/teams/${team.team.id}/invitations`)).json<InvitationsResponse>())
    .invitations;
const memberPath = (team: Account, user_id: string) => `/api/teams/${team.team.id}/members/${user_id}`;
export const setRole = (team: Account, user_id: string, role: Role, cookie = team.cookie) =>
  asPerson(cookie, memberPath(team, user_id), json("PATCH", { role }));
export const remove = (team: Account, user_id: string, cookie = team.cookie) =>
  asPerson(cookie, memberPath(team, user_id), { method: "DELETE" });
export const accept = (cookie: string, token: string) =>
  asPerson(cookie, "/api/invitations/accept", json("POST", { token }));
export const look = (token: string) => call("/api/invitations/look", json("POST", { token }));
export const seesProject = async (cookie: string, team: Account) =>
  (await asPerson(cookie, `/api/projects/${team.project.id}/state`)).status;
export const messageOf = async (reply: Response) => (await reply.json<ErrorBody>()).error.message;

/** D1 whose transactions wait until `count` of them have come. */
export function untilAllWrite(count: number) {
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
