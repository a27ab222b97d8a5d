/** Who may ask what. The room holds the keys itself, so that a revocation holds from the next request on (T4). */
import { timingSafeEqual } from "node:crypto";
import type { Scope } from "../../schema/wire/http.ts";
import { bytesOf } from "./chain.ts";
import type { Principal, Refusal, RoomKey } from "./contract.ts";

/** Null when allowed; links are in shares.ts. `admin` includes the other scopes; an unknown key and a wrong secret look alike. */
export function authorize(
  sql: SqlStorage,
  principal: Exclude<Principal, { kind: "share" }>,
  needed: Scope,
): Refusal | null {
  if (principal.kind === "clusterfork") return null;
  // People read by session; what they do is appended by the Worker in Clusterfork's name.
  if (principal.kind === "session")
    return needed === "ingest" ? { ok: false, reason: "insufficient_scope", needed } : null;
  const key = sql
    .exec<{ secret_hash: ArrayBuffer | null; scopes: string; revoked_ms: number | null }>(
      "SELECT secret_hash, scopes, revoked_ms FROM keys WHERE key_id = ?",
      principal.key_id,
    )
    .toArray()[0];
  if (key === undefined || key.secret_hash === null || !sameHash(key.secret_hash, principal.secret_sha256)) {
    return { ok: false, reason: "unknown_key" };
  }
  if (key.revoked_ms !== null) return { ok: false, reason: "revoked_key" };
  const scopes = key.scopes.split(" ");
  if (scopes.includes(needed) || scopes.includes("admin")) return null;
  return { ok: false, reason: "insufficient_scope", needed, held: scopes };
}

/** Repeating it changes nothing, and it never takes a revocation back. */
export function putKey(sql: SqlStorage, key: RoomKey): void {
  sql.exec(
    `INSERT INTO keys (key_id, secret_hash, scopes, revoked_ms) VALUES (?, ?, ?, NULL)
     ON CONFLICT (key_id) DO UPDATE SET secret_hash = excluded.secret_hash, scopes = excluded.scopes`,
    key.key_id,
    bytesOf(key.secret_sha256),
    key.scopes.join(" "),
  );
}

/** A key that the room has not heard of yet is remembered too: `putKey` may arrive late. */
export function revokeKey(sql: SqlStorage, key_id: string, now_ms: number): void {
  sql.exec(
    `INSERT INTO keys (key_id, secret_hash, scopes, revoked_ms) VALUES (?1, NULL, '', ?2)
     ON CONFLICT (key_id) DO UPDATE SET revoked_ms = coalesce(revoked_ms, ?2)`,
    key_id,
    now_ms,
  );
}

export function sameHash(stored: ArrayBuffer, offered_hex: string): boolean {
  // The length is public: it is that of a SHA-256.
  if (!/^[0-9a-f]{64}$/.test(offered_hex) || stored.byteLength !== 32) return false;
  return timingSafeEqual(new Uint8Array(stored), bytesOf(offered_hex));
}
