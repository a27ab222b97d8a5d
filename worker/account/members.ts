/**
 * The people of a team. Two rules hold in the statements themselves, so that
 * two changes at once cannot break them: a team keeps an owner, and what was
 * looked at is what is changed.
 *
 * Nobody touches a role above his own, nor gives one. Whoever loses rights also
 * loses the open invitations that he could no longer make, else a link kept back
 * would bring him in again.
 */
import { and, asc, eq, exists, inArray, isNull, ne, not, or, sql, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { isAtLeast, PERMISSIONS, readRole, ROLES, type Role } from "../../schema/wire/permission.ts";
import type { Member } from "../../schema/wire/team.ts";
import { member, project, team_invitation, user } from "../../schema/table/tables.ts";
import type { Database } from "./database.ts";
import { failed, done, type Outcome } from "./outcome.ts";

/** Who changes something, and his role in the team. */
export interface Actor {
  user_id: string;
  team_id: string;
  role: Role;
}

const NOT_A_MEMBER = failed(
  "not_found",
  "There is nobody of this id in the team. GET /api/teams/<team>/members lists its people.",
);
const LAST_OWNER = failed(
  "conflict",
  "The last owner cannot leave, be removed or be given a smaller role: nobody could manage the team. Make somebody else an owner first.",
);
const CHANGED_MEANWHILE = failed(
  "conflict",
  "Somebody else changed this member at the same moment. Look at the list again, then decide.",
);

const OWN_ROLE_CHANGED = failed(
  "insufficient_scope",
  "Your own role was changed at the same moment, and nothing else was. Look at the list again, then ask an owner.",
);

const fields = {
  id: user.id,
  name: user.name,
  email: user.email,
  role: member.role,
  joined: member.createdAt,
};

/** The greatest roles first, then by name. */
export async function listMembers(database: Database, team_id: string): Promise<Member[]> {
  const rows = await database
    .select(fields)
    .from(member)
    .innerJoin(user, eq(user.id, member.userId))
    .where(eq(member.organizationId, team_id))
    .orderBy(asc(user.name), asc(user.id));
  const members = rows.flatMap((row) => {
    const role = readRole(row.role);
    return role === null ? [] : [{ ...row, role }];
  });
  return members
    .toSorted((a, b) => ROLES.indexOf(b.role) - ROLES.indexOf(a.role))
    .map(({ joined, ...rest }) => ({ ...rest, joined_at: joined.toISOString() }));
}

const at = (team_id: string, user_id: string) =>
  and(eq(member.organizationId, team_id), eq(member.userId, user_id));

async function storedRole(database: Database, team_id: string, user_id: string): Promise<string | null> {
  const [row] = await database.select({ role: member.role }).from(member).where(at(team_id, user_id));
  return row?.role ?? null;
}

/** A row of `member` beside the one that a statement changes. */
const other = alias(member, "other");
const otherOwns = sql`',' || replace(${other.role}, ' ', '') || ',' like '%,owner,%'`;

function thereIs(database: Database, team_id: string, ...conditions: SQL[]): SQL {
  const found = database.select({ one: sql`1` }).from(other);
  return exists(found.where(and(eq(other.organizationId, team_id), ...conditions)));
}

/**
 * The actor still has a role of at least `role`, as the statement runs: what the request was let in by may be gone.
 * Roles may stand in a list, as better-auth writes them.
 */
function actorStill(database: Database, actor: Actor, role: Role): SQL {
  const roles = ROLES.filter((each) => isAtLeast(each, role));
  const held = or(
    ...roles.map((each) => sql`',' || replace(${other.role}, ' ', '') || ',' like ${`%,${each},%`}`),
  );
  return thereIs(database, actor.team_id, eq(other.userId, actor.user_id), held ?? sql`0`);
}

/** Who may touch the roles of others at all. */
const MANAGER = PERMISSIONS["member.manage"];

/** Of two roles the greater. */
const greater = (one: Role, another: Role): Role => (isAtLeast(one, another) ? one : another);

const anotherOwner = (database: Database, team_id: string, user_id: string) =>
  thereIs(database, team_id, ne(other.userId, user_id), otherOwns);

/**
 * Takes back the open invitations of a person who now has `role` (null: none)
 * in the team. In one transaction with the change: where that did not happen,
 * this does not either.
 */
function takeBackInvitations(
  database: Database,
  team_id: string,
  user_id: string,
  role: Role | null,
  now: Date,
) {
  const is = eq(other.userId, user_id);
  const happened =
    role === null
      ? not(thereIs(database, team_id, is))
      : thereIs(database, team_id, is, eq(other.role, role));
  const beyond = ROLES.filter((each) => role === null || !isAtLeast(role, each));
  return database
    .update(team_invitation)
    .set({ revoked_at: now })
    .where(
      and(
        eq(team_invitation.team_id, team_id),
        eq(team_invitation.created_by, user_id),
        isNull(team_invitation.accepted_at),
        isNull(team_invitation.revoked_at),
        inArray(team_invitation.role, beyond),
        happened,
      ),
    );
}

export async function changeRole(
  database: Database,
  actor: Actor,
  user_id: string,
  role: Role,
  now: Date,
): Promise<Outcome<Member>> {
  const stored = await storedRole(database, actor.team_id, user_id);
  const current = stored === null ? null : readRole(stored);
  if (stored === null || current === null) return NOT_A_MEMBER;
  if (!isAtLeast(actor.role, current)) return aboveOwn(actor.role, "change people of");
  if (!isAtLeast(actor.role, role)) return aboveOwn(actor.role, "give");
  const needed = greater(MANAGER, greater(current, role));
  const [changed] = await database.batch([
    database
      .update(member)
      .set({ role })
      .where(
        and(
          at(actor.team_id, user_id),
          eq(member.role, stored),
          actorStill(database, actor, needed),
          current === "owner" && role !== "owner"
            ? anotherOwner(database, actor.team_id, user_id)
            : undefined,
        ),
      )
      .returning({ id: member.id }),
    takeBackInvitations(database, actor.team_id, user_id, role, now),
  ]);
  if (changed.length === 0) return whyNot(database, actor, needed, user_id, stored);
  const entry = (await listMembers(database, actor.team_id)).find((each) => each.id === user_id);
  return entry === undefined ? NOT_A_MEMBER : done(entry);
}

/** Removes a person, or lets him leave. Who is not in the team is not in it afterwards either. */
export async function removeMember(
  database: Database,
  actor: Actor,
  user_id: string,
  now: Date,
): Promise<Outcome<null>> {
  const stored = await storedRole(database, actor.team_id, user_id);
  if (stored === null) return done(null);
  const current = readRole(stored);
  if (current !== null && !isAtLeast(actor.role, current)) return aboveOwn(actor.role, "remove people of");
  const needed = greater(MANAGER, current ?? MANAGER);
  const [removed] = await database.batch([
    database
      .delete(member)
      .where(
        and(
          at(actor.team_id, user_id),
          eq(member.role, stored),
          // Leaving needs nothing but to be there.
          user_id === actor.user_id ? undefined : actorStill(database, actor, needed),
          current === "owner" ? anotherOwner(database, actor.team_id, user_id) : undefined,
        ),
      )
      .returning({ id: member.id }),
    takeBackInvitations(database, actor.team_id, user_id, null, now),
  ]);
  return removed.length > 0 ? done(null) : whyNot(database, actor, needed, user_id, stored);
}

/** Makes somebody else an owner and oneself an admin, both or neither. */
export async function transferTeam(
  database: Database,
  actor: Actor,
  user_id: string,
  now: Date,
): Promise<Outcome<null>> {
  if (user_id === actor.user_id) return failed("invalid", "You own the team already. Name somebody else.");
  const stored = await storedRole(database, actor.team_id, user_id);
  if (stored === null || readRole(stored) === null) return NOT_A_MEMBER;
  const [raised] = await database.batch([
    database
      .update(member)
      .set({ role: "owner" })
      .where(
        and(
          at(actor.team_id, user_id),
          // Who stopped being an owner meanwhile has nothing to hand over.
          thereIs(database, actor.team_id, eq(other.userId, actor.user_id), otherOwns),
        ),
      )
      .returning({ id: member.id }),
    database
      .update(member)
      .set({ role: "admin" })
      .where(
        and(
          at(actor.team_id, actor.user_id),
          thereIs(database, actor.team_id, eq(other.userId, user_id), otherOwns),
        ),
      ),
    takeBackInvitations(database, actor.team_id, actor.user_id, "admin", now),
  ]);
  return raised.length > 0 ? done(null) : CHANGED_MEANWHILE;
}

async function whyNot(
  database: Database,
  { team_id, user_id: actor_id }: Actor,
  needed: Role,
  user_id: string,
  looked_at: string,
) {
  const own = readRole((await storedRole(database, team_id, actor_id)) ?? "");
  if (actor_id !== user_id && (own === null || !isAtLeast(own, needed))) return OWN_ROLE_CHANGED;
  const stored = await storedRole(database, team_id, user_id);
  if (stored === null) return NOT_A_MEMBER;
  return stored === looked_at ? LAST_OWNER : CHANGED_MEANWHILE;
}

function aboveOwn(role: Role, deed: string) {
  return failed(
    "insufficient_scope",
    `Your role is ${role}: you may not ${deed} a role above it. Ask an owner.`,
  );
}

export async function listProjectIds(database: Database, team_id: string): Promise<string[]> {
  const rows = await database.select({ id: project.id }).from(project).where(eq(project.team_id, team_id));
  return rows.map((row) => row.id);
}
