/**
 * Share links: made, listed, opened, revoked. They live in two stores as keys do, in the same order and
 * for the same reasons (keys.ts): D1 for people, the room for decisions.
 */
import { and, count, desc, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { SHARE_VIEWS, type ShareView } from "../../schema/state/share-view.ts";
import { organization, project, share_link } from "../../schema/table/tables.ts";
import { REDACTIONS, type Redaction, type ShareInfo } from "../../schema/wire/share.ts";
import type { Database } from "./database.ts";
import { newKeyId, newKeySecret } from "./identifier.ts";
import { findProjectMembership, type ProjectMembership } from "./membership.ts";
import { done, failed, type Outcome } from "./outcome.ts";
import { hashPassphrase } from "./passphrase.ts";
import { writeShare } from "./share-text.ts";

/** What links need of a project's room. */
export interface ShareRoom {
  putShare(share: {
    share_id: string;
    secret_sha256: string;
    views: ShareView[];
    redactions: string[];
    needs_passphrase: boolean;
    expires_ms: number | null;
  }): Promise<void>;
  revokeShare(share_id: string): Promise<void>;
}

export interface ShareStore {
  database: Database;
  openRoom: (project_id: string) => ShareRoom;
  /** KEY_SECRET. */
  signing_secret: string;
}

export interface NewShare {
  name: string;
  views: ShareView[];
  redactions: Redaction[];
  expires_at: Date | null;
  passphrase: string | null;
}

/** Links of a project that were not revoked: one list that a person can still look over. */
export const MAX_SHARES = 100;
/** A creation takes milliseconds; what is pending after a minute will never be finished. */
const MAX_PENDING_MS = 60_000;

type Row = typeof share_link.$inferSelect;

/** The token is in the reply and nowhere else. */
export async function createShare(
  store: ShareStore,
  project_id: string,
  wanted: NewShare,
  created_by: string,
  now: Date,
): Promise<Outcome<{ share: ShareInfo; token: string }>> {
  const { database } = store;
  const [open] = await database
    .select({ count: count() })
    .from(share_link)
    .where(and(eq(share_link.project_id, project_id), isNull(share_link.revoked_at)));
  if ((open?.count ?? 0) >= MAX_SHARES)
    return failed("conflict", `This project has ${MAX_SHARES} share links, its limit. Revoke one first.`);
  const share_id = newKeyId();
  const { text, secret_sha256 } = writeShare(store.signing_secret, {
    project_id,
    share_id,
    secret: newKeySecret(),
  });
  const { name, views, redactions, expires_at, passphrase } = wanted;
  const [row] = await database
    .insert(share_link)
    .values({
      id: share_id,
      project_id,
      name,
      views,
      redactions,
      passphrase_hash: passphrase === null ? null : await hashPassphrase(passphrase),
      expires_at,
      created_at: now,
      created_by,
    })
    .returning();
  if (row === undefined) throw new Error("an inserted link is returned");
  await store.openRoom(project_id).putShare({
    share_id,
    secret_sha256,
    views,
    redactions,
    needs_passphrase: passphrase !== null,
    expires_ms: expires_at?.getTime() ?? null,
  });
  await database.update(share_link).set({ ready_at: now }).where(eq(share_link.id, share_id));
  return done({ share: infoOf(row), token: text });
}

export async function listShares(store: ShareStore, project_id: string, now: Date): Promise<ShareInfo[]> {
  await sweepPending(store, project_id, now);
  const rows = await store.database
    .select()
    .from(share_link)
    .where(and(eq(share_link.project_id, project_id), isNotNull(share_link.ready_at)))
    .orderBy(desc(share_link.created_at), share_link.id);
  return rows.map(infoOf);
}

/** The project of a link, if the person is a member there. */
export async function findShareMembership(
  database: Database,
  user_id: string,
  share_id: string,
): Promise<ProjectMembership | null> {
  const [row] = await database
    .select({ project_id: share_link.project_id })
    .from(share_link)
    .where(eq(share_link.id, share_id));
  return row ? findProjectMembership(database, user_id, row.project_id) : null;
}

/** Ends the link and closes its viewers. A second time does no harm and keeps the first time of revocation. */
export async function revokeShare(
  store: ShareStore,
  project_id: string,
  share_id: string,
  now: Date,
): Promise<void> {
  await store.openRoom(project_id).revokeShare(share_id);
  await store.database
    .update(share_link)
    .set({ revoked_at: now })
    .where(and(eq(share_link.id, share_id), isNull(share_link.revoked_at)));
}

/** What a visitor's page says of the link; null when it is gone. */
export async function findShare(
  database: Database,
  project_id: string,
  share_id: string,
): Promise<{ share: ShareInfo; team: string; passphrase_hash: string | null } | null> {
  const [row] = await database
    .select({ share: share_link, team: organization.name })
    .from(share_link)
    .innerJoin(project, eq(project.id, share_link.project_id))
    .innerJoin(organization, eq(organization.id, project.team_id))
    .where(and(eq(share_link.id, share_id), eq(share_link.project_id, project_id)));
  if (row === undefined) return null;
  return { share: infoOf(row.share), team: row.team, passphrase_hash: row.share.passphrase_hash };
}

export async function countOpening(database: Database, share_id: string, now: Date): Promise<void> {
  await database
    .update(share_link)
    .set({ last_opened_at: now, opened_count: sql`${share_link.opened_count} + 1` })
    .where(eq(share_link.id, share_id));
}

function infoOf(row: Row): ShareInfo {
  return {
    id: row.id,
    name: row.name,
    views: SHARE_VIEWS.filter((view) => row.views.includes(view)),
    redactions: REDACTIONS.filter((redaction) => row.redactions.includes(redaction)),
    passphrase: row.passphrase_hash !== null,
    expires_at: row.expires_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    revoked_at: row.revoked_at?.toISOString() ?? null,
    last_opened_at: row.last_opened_at?.toISOString() ?? null,
    opened_count: row.opened_count,
  };
}

async function sweepPending(store: ShareStore, project_id: string, now: Date): Promise<void> {
  const stuck = await store.database
    .select({ id: share_link.id })
    .from(share_link)
    .where(
      and(
        eq(share_link.project_id, project_id),
        isNull(share_link.ready_at),
        lt(share_link.created_at, new Date(now.getTime() - MAX_PENDING_MS)),
      ),
    );
  for (const { id } of stuck) {
    await store.openRoom(project_id).revokeShare(id);
    await store.database.delete(share_link).where(eq(share_link.id, id));
  }
}
