/**
 * API keys: made, listed, revoked. Two stores hold a key, and they cannot be
 * written in one transaction; the order makes each half-done state harmless:
 *
 *   create   D1 row (ready_at null) ─▶ room.putKey ─▶ D1 ready_at ─▶ shown once
 *            A crash before `ready_at` leaves a key that nobody was ever shown:
 *            not listed, and revoked and swept by the next look at the list.
 *   revoke   room.revokeKey ─▶ D1 revoked_at
 *            A crash between leaves a dead key that still looks alive; revoking
 *            again ends it. The other order could show a live key as dead.
 */
import { and, eq, inArray, isNotNull, isNull, lt } from "drizzle-orm";
import { SCOPES, type KeyInfo, type Scope } from "../../schema/wire/http.ts";
import { api_key } from "../../schema/table/tables.ts";
import type { Database } from "./database.ts";
import { newKeyId, newKeySecret } from "./identifier.ts";
import { isHook } from "./hooks.ts";
import { writeKey } from "./key-text.ts";

/** What keys need of a project's room. */
export interface KeyRoom {
  putKey(key: { key_id: string; secret_sha256: string; scopes: Scope[] }): Promise<void>;
  revokeKey(key_id: string): Promise<void>;
}

export interface KeyStore {
  database: Database;
  openRoom: (project_id: string) => KeyRoom;
  /** KEY_SECRET. */
  signing_secret: string;
}

/** A creation takes milliseconds; what is pending after a minute will never be finished. */
const MAX_PENDING_MS = 60_000;

/** Makes keys that become good together; each `secret` is the whole key, to be shown once. */
export async function createKeys(
  store: KeyStore,
  project_id: string,
  wanted: { name: string; scopes: Scope[] }[],
  created_by: string,
  now: Date,
): Promise<{ key: KeyInfo; secret: string }[]> {
  const made = wanted.map(({ name, scopes }) => {
    const key_id = newKeyId();
    const { text, secret_sha256 } = writeKey(store.signing_secret, {
      project_id,
      key_id,
      secret: newKeySecret(),
    });
    return { key_id, name, scopes, text, secret_sha256 };
  });
  await store.database.insert(api_key).values(
    made.map(({ key_id, name, scopes }) => ({
      id: key_id,
      project_id,
      name,
      scopes,
      created_at: now,
      created_by,
    })),
  );
  const room = store.openRoom(project_id);
  for (const { key_id, secret_sha256, scopes } of made) {
    await room.putKey({ key_id, secret_sha256, scopes });
  }
  await store.database
    .update(api_key)
    .set({ ready_at: now })
    .where(
      inArray(
        api_key.id,
        made.map((key) => key.key_id),
      ),
    );
  return made.map(({ key_id, name, scopes, text }) => ({
    key: { id: key_id, name, scopes, created_at: now.toISOString(), revoked_at: null },
    secret: text,
  }));
}

export async function listKeys(store: KeyStore, project_id: string, now: Date): Promise<KeyInfo[]> {
  await sweepPending(store, project_id, now);
  const rows = await store.database
    .select()
    .from(api_key)
    .where(and(eq(api_key.project_id, project_id), isNotNull(api_key.ready_at)))
    .orderBy(api_key.created_at, api_key.id);
  const keys = rows.filter(({ scopes }) => !isHook(scopes));
  return keys.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
    created_at: row.created_at.toISOString(),
    revoked_at: row.revoked_at?.toISOString() ?? null,
  }));
}

/** Whether the project ever had a key that somebody was shown. */
export async function hasReadyKey(database: Database, project_id: string): Promise<boolean> {
  const [row] = await database
    .select({ id: api_key.id })
    .from(api_key)
    .where(and(eq(api_key.project_id, project_id), isNotNull(api_key.ready_at)))
    .limit(1);
  return row !== undefined;
}

/** Ends the key and closes its sockets. A second time does no harm and keeps the first time of revocation. */
export async function revokeKey(
  store: KeyStore,
  project_id: string,
  key_id: string,
  now: Date,
): Promise<void> {
  await store.openRoom(project_id).revokeKey(key_id);
  await store.database
    .update(api_key)
    .set({ revoked_at: now })
    .where(and(eq(api_key.id, key_id), isNull(api_key.revoked_at)));
}

async function sweepPending(store: KeyStore, project_id: string, now: Date): Promise<void> {
  const stuck = await store.database
    .select({ id: api_key.id })
    .from(api_key)
    .where(
      and(
        eq(api_key.project_id, project_id),
        isNull(api_key.ready_at),
        lt(api_key.created_at, new Date(now.getTime() - MAX_PENDING_MS)),
      ),
    );
  for (const { id } of stuck) {
    await store.openRoom(project_id).revokeKey(id);
    await store.database.delete(api_key).where(eq(api_key.id, id));
  }
}
