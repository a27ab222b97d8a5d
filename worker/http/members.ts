/**
 * `/api/teams/:team/members`: who is in the team; roles, removal, leaving, hand-over.
 *
 * Every role may read, so a change of role leaves live views open, and holds
 * from the next request on (T4). Whoever is out of the team loses them at once
 * (V3): D1 first, so that nobody comes back in, then the rooms.
 */
import { z } from "zod";
import { ROLES } from "../../schema/wire/permission.ts";
import type { MemberResponse, MembersResponse } from "../../schema/wire/team.ts";
import { openDatabase } from "../account/database.ts";
import {
  changeRole,
  listMembers,
  listProjectIds,
  removeMember,
  transferTeam,
  type Actor,
} from "../account/members.ts";
import { openRoom } from "./access.ts";
import { readJson } from "./body.ts";
import type { HttpContext, Reply, TeamAccess } from "./context.ts";

export const roleField = z.enum(ROLES, { error: `A role is one of ${ROLES.join(", ")}.` });

const actorOf = ({ team_id, role, person }: TeamAccess): Actor => ({ team_id, role, user_id: person.id });

export async function getMembers(c: HttpContext, { team_id }: TeamAccess): Promise<Reply> {
  const members = await listMembers(openDatabase(c.env.DB), team_id);
  return Response.json({ members } satisfies MembersResponse);
}

const ROLE_CHANGE = z.strictObject({ role: roleField });

export async function patchMember(c: HttpContext, access: TeamAccess): Promise<Reply> {
  const input = await readJson(c, ROLE_CHANGE);
  if (!input.ok) return input.failure;
  const user_id = c.req.param("user") ?? "";
  const database = openDatabase(c.env.DB);
  const changed = await changeRole(database, actorOf(access), user_id, input.value.role, new Date());
  return changed.ok ? Response.json({ member: changed.value } satisfies MemberResponse) : changed.failure;
}

export async function deleteMember(c: HttpContext, access: TeamAccess): Promise<Reply> {
  return takeOut(c, access, c.req.param("user") ?? "");
}

export async function postLeave(c: HttpContext, access: TeamAccess): Promise<Reply> {
  return takeOut(c, access, access.person.id);
}

/** It may be sent again: then it finds nobody to remove, and closes what may still be open. */
async function takeOut(c: HttpContext, access: TeamAccess, user_id: string): Promise<Reply> {
  const database = openDatabase(c.env.DB);
  const removed = await removeMember(database, actorOf(access), user_id, new Date());
  if (!removed.ok) return removed.failure;
  const projects = await listProjectIds(database, access.team_id);
  const drops = await Promise.allSettled(projects.map((id) => openRoom(c, id).dropUser(user_id)));
  if (drops.every((drop) => drop.status === "fulfilled")) return new Response(null, { status: 204 });
  return {
    code: "unavailable",
    message: "The person is out of the team, but a live view may still be open. Send the same again.",
    retry_after_s: 2,
  };
}

const TRANSFER = z.strictObject({
  user: z.string({ error: "The id of the new owner is needed; GET /api/teams/<team>/members lists them." }),
});

export async function postTransfer(c: HttpContext, access: TeamAccess): Promise<Reply> {
  const input = await readJson(c, TRANSFER);
  if (!input.ok) return input.failure;
  const database = openDatabase(c.env.DB);
  const moved = await transferTeam(database, actorOf(access), input.value.user, new Date());
  if (!moved.ok) return moved.failure;
  return Response.json({ members: await listMembers(database, access.team_id) } satisfies MembersResponse);
}
