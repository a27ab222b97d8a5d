/**
 * Hooks that GitHub sends by. A hook is a sending key with another text: it
 * stands among the keys of the project (D1) and of its room, is made and revoked
 * in the same order (keys.ts), and is told apart by its scope.
 */
import { and, eq, isNotNull } from "drizzle-orm";
import { api_key } from "../../schema/table/tables.ts";
import { hookSecret, hookSecretHash, writeHook } from "./hook-text.ts";
import { newKeyId } from "./identifier.ts";
import type { KeyStore } from "./keys.ts";

/** In D1's `scopes` of a hook, and of nothing else. The room gives it the scope `ingest`. */
export const HOOK_SCOPE = "github";

export interface Hook {
  id: string;
  name: string;
  /** The last part of its address. */
  text: string;
  created_at: Date;
  revoked_at: Date | null;
}

/** `secret` is what GitHub signs with, to be shown once. */
export async function createHook(
  store: KeyStore,
  project_id: string,
  name: string,
  created_by: string,
  now: Date,
): Promise<{ hook: Hook; secret: string }> {
  const hook_id = newKeyId();
  const parts = { project_id, hook_id };
  const scopes = [HOOK_SCOPE];
  await store.database
    .insert(api_key)
    .values({ id: hook_id, project_id, name, scopes, created_at: now, created_by });
  await store.openRoom(project_id).putKey({
    key_id: hook_id,
    secret_sha256: hookSecretHash(store.signing_secret, parts),
    scopes: ["ingest"],
  });
  await store.database.update(api_key).set({ ready_at: now }).where(eq(api_key.id, hook_id));
  const text = writeHook(store.signing_secret, parts);
  return {
    hook: { id: hook_id, name, text, created_at: now, revoked_at: null },
    secret: hookSecret(store.signing_secret, parts),
  };
}

export async function listHooks(store: KeyStore, project_id: string): Promise<Hook[]> {
  const rows = await store.database
    .select()
    .from(api_key)
    .where(and(eq(api_key.project_id, project_id), isNotNull(api_key.ready_at)))
    .orderBy(api_key.created_at, api_key.id);
  return rows
    .filter(({ scopes }) => isHook(scopes))
    .map(({ id, name, created_at, revoked_at }) => ({
      id,
      name,
      text: writeHook(store.signing_secret, { project_id, hook_id: id }),
      created_at,
      revoked_at,
    }));
}

export function isHook(scopes: readonly string[]): boolean {
  return scopes.includes(HOOK_SCOPE);
}
