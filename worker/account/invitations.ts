/**
 * Links into a team. Whoever opens one first joins with its role:
 *
 *   cfi_<id>_<secret>      id: 12 [a-z0-9], names the row; secret: 32 [A-Za-z0-9], of which only SHA-256 is stored
 *
 *   open ──accept──▶ accepted          once: of two at the same moment, one statement finds it open
 *    ├──revoke───▶ revoked             by hand, or because the inviter lost the right to make it (members.ts)
 *    └──time─────▶ expired
 *
 * Who is in the team already stays what he is: a link makes nobody less, and
 * nobody more (roles are changed in the list of members, where it shows who did
 * it), and it is not used up.
 */
import { hash, timingSafeEqual } from "node:crypto";
import { and, count, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { TeamRef } from "../../schema/wire/http.ts";
import { isAtLeast, may, readRole, type Role } from "../../schema/wire/permission.ts";
import type { InvitationInfo, InvitationStatus } from "../../schema/wire/team.ts";
import { member, organization, team_invitation, user } from "../../schema/table/tables.ts";
import type { Database } from "./database.ts";
import { newKeyId, newKeySecret, newRowId } from "./identifier.ts";
import { findTeamRole } from "./membership.ts";
import { done, failed, type Outcome } from "./outcome.ts";

const DAY_MS = 24 * 3600 * 1000;
/** Open links of one team: more than anybody keeps an eye on. */
export const MAX_OPEN_INVITATIONS = 100;
/** Rows of one list: the open ones, and the newest of the others. */
const MAX_LISTED = 200;
const TOKEN = /^cfi_([a-z0-9]{12})_([A-Za-z0-9]{32})$/;

const UNKNOWN = failed(
  "not_found",
  "This invitation link is not whole, or not of this server. Copy all of it again, or ask for a new one.",
);
const CLOSED: Record<Exclude<InvitationStatus, "open">, Outcome<never>> = {
  accepted: failed(
    "gone",
    "This invitation was used already; each link lets one person in. Ask for a new one.",
  ),
  expired: failed("gone", "This invitation has expired. Ask for a new one."),
  revoked: failed("gone", "This invitation was taken back. Ask the team for a new one."),
};

const RIGHTS_LOST = failed(
  "insufficient_scope",
  "Your role in the team changed at this moment: you may not make this invitation any more.",
);

type Row = typeof team_invitation.$inferSelect;

function statusOf(row: Row, now: Date): InvitationStatus {
  if (row.accepted_at !== null) return "accepted";
  if (row.revoked_at !== null) return "revoked";
  return row.expires_at <= now ? "expired" : "open";
}

const isOpen = (now: Date) =>
  and(
    isNull(team_invitation.accepted_at),
    isNull(team_invitation.revoked_at),
    gt(team_invitation.expires_at, now),
  );

export async function createInvitation(
  database: Database,
  made: { team_id: string; role: Role; note: string; days: number; created_by: string },
  now: Date,
): Promise<Outcome<{ invitation: InvitationInfo; token: string }>> {
  const { days, ...rest } = made;
  const [open] = await database
    .select({ n: count() })
    .from(team_invitation)
    .where(and(eq(team_invitation.team_id, made.team_id), isOpen(now)));
  if ((open?.n ?? 0) >= MAX_OPEN_INVITATIONS) {
    return failed(
      "conflict",
      `The team has ${MAX_OPEN_INVITATIONS} open invitations, the most there can be. Revoke one that nobody waits for.`,
    );
  }
  const id = newKeyId();
  const secret = newKeySecret();
  const expires_at = new Date(now.getTime() + days * DAY_MS);
  await database
    .insert(team_invitation)
    .values({ ...rest, id, secret_sha256: sha256(secret), created_at: now, expires_at });
  // Who lost the right since it was looked up lost his open invitations then, and this one was not there yet.
  const held = await findTeamRole(database, made.created_by, made.team_id);
  if (held === null || !may(held, "member.manage") || !isAtLeast(held, made.role)) {
    await revokeInvitation(database, made.team_id, id, now);
    return RIGHTS_LOST;
  }
  const [invitation] = await listInvitations(database, made.team_id, now, id);
  if (!invitation) throw new Error(`invitation ${id} vanished while it was made`);
  return done({ invitation, token: `cfi_${id}_${secret}` });
}

/** The newest first; `id` picks one. */
export async function listInvitations(
  database: Database,
  team_id: string,
  now: Date,
  id?: string,
): Promise<InvitationInfo[]> {
  const inviter = alias(user, "inviter");
  const guest = alias(user, "guest");
  const rows = await database
    .select({ invitation: team_invitation, created_by: inviter.name, accepted_by: guest.name })
    .from(team_invitation)
    .leftJoin(inviter, eq(inviter.id, team_invitation.created_by))
    .leftJoin(guest, eq(guest.id, team_invitation.accepted_by))
    .where(
      and(eq(team_invitation.team_id, team_id), id === undefined ? undefined : eq(team_invitation.id, id)),
    )
    .orderBy(sql`${isOpen(now)} desc`, desc(team_invitation.created_at), team_invitation.id)
    .limit(MAX_LISTED);
  return rows.flatMap(({ invitation: row, created_by, accepted_by }) => {
    const role = readRole(row.role);
    if (role === null) return [];
    const { id, note, created_at, expires_at, accepted_at, revoked_at } = row;
    return {
      id,
      role,
      note,
      status: statusOf(row, now),
      created_at: created_at.toISOString(),
      created_by,
      expires_at: expires_at.toISOString(),
      accepted_at: accepted_at?.toISOString() ?? null,
      accepted_by,
      revoked_at: revoked_at?.toISOString() ?? null,
    };
  });
}

/** False when the team has no such invitation. Again, or after it was used, it changes nothing. */
export async function revokeInvitation(
  database: Database,
  team_id: string,
  id: string,
  now: Date,
): Promise<boolean> {
  const mine = and(eq(team_invitation.id, id), eq(team_invitation.team_id, team_id));
  const [found] = await database.select({ id: team_invitation.id }).from(team_invitation).where(mine);
  if (!found) return false;
  await database
    .update(team_invitation)
    .set({ revoked_at: now })
    .where(and(mine, isNull(team_invitation.accepted_at), isNull(team_invitation.revoked_at)));
  return true;
}

/** An open invitation, as whoever holds the whole link may see it. */
export interface Offer {
  invitation_id: string;
  team: TeamRef;
  role: Role;
  expires_at: Date;
}

/** The invitation of a token whatever its status; an unknown one and a wrong secret look alike. */
async function findInvitation(
  database: Database,
  token: string,
): Promise<{ row: Row; team: TeamRef } | null> {
  const [, id = "", secret = ""] = TOKEN.exec(token) ?? [];
  if (id === "") return null;
  const [found] = await database
    .select({
      row: team_invitation,
      team: { id: organization.id, name: organization.name, slug: organization.slug },
    })
    .from(team_invitation)
    .innerJoin(organization, eq(organization.id, team_invitation.team_id))
    .where(eq(team_invitation.id, id));
  const ascii = new TextEncoder();
  const good = timingSafeEqual(
    ascii.encode(sha256(secret)),
    ascii.encode(found?.row.secret_sha256 ?? "0".repeat(64)),
  );
  return found !== undefined && good ? found : null;
}

export async function lookAtInvitation(
  database: Database,
  token: string,
  now: Date,
): Promise<Outcome<Offer>> {
  const found = await findInvitation(database, token);
  const role = readRole(found?.row.role ?? "");
  if (found === null || role === null) return UNKNOWN;
  const status = statusOf(found.row, now);
  if (status !== "open") return CLOSED[status];
  return done({ invitation_id: found.row.id, team: found.team, role, expires_at: found.row.expires_at });
}

export async function acceptInvitation(
  database: Database,
  token: string,
  user_id: string,
  now: Date,
): Promise<Outcome<{ team: TeamRef; role: Role; joined: boolean }>> {
  const found = await findInvitation(database, token);
  const role = readRole(found?.row.role ?? "");
  if (found === null || role === null) return UNKNOWN;
  const { row, team } = found;
  const held = await findTeamRole(database, user_id, team.id);
  if (held !== null) return done({ team, role: held, joined: false });
  const status = statusOf(row, now);
  if (status !== "open") return CLOSED[status];
  // One transaction. The first statement is the gate: it finds the row open once, and only for who is not in the team.
  const [taken] = await database.batch([
    database
      .update(team_invitation)
      .set({ accepted_at: now, accepted_by: user_id })
      .where(
        and(
          eq(team_invitation.id, row.id),
          isOpen(now),
          sql`not exists (select 1 from ${member} where ${member.organizationId} = ${team.id} and ${member.userId} = ${user_id})`,
        ),
      )
      .returning({ id: team_invitation.id }),
    database
      .insert(member)
      .select(
        database
          .select({
            id: sql<string>`${newRowId()}`.as("id"),
            organizationId: team_invitation.team_id,
            userId: sql<string>`${user_id}`.as("user_id"),
            role: team_invitation.role,
            createdAt: sql<Date>`${now.getTime()}`.as("created_at"),
          })
          .from(team_invitation)
          .where(
            and(
              eq(team_invitation.id, row.id),
              eq(team_invitation.accepted_by, user_id),
              // By the statement before, not some time ago: who was removed since does not come back by it.
              eq(team_invitation.accepted_at, now),
            ),
          ),
      )
      .onConflictDoNothing(),
  ]);
  if (taken.length > 0) return done({ team, role, joined: true });
  // Somebody else was faster, or this person joined by another link at the same moment.
  const now_held = await findTeamRole(database, user_id, team.id);
  if (now_held !== null) return done({ team, role: now_held, joined: false });
  const after = await lookAtInvitation(database, token, now);
  return after.ok ? CLOSED.accepted : after;
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
