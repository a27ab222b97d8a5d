/**
 * The project's share links. As with keys the room holds them itself and decides by them, so that an
 * end, by revocation or by the clock, holds from the next request on (T4).
 */
import type { ShareScope } from "../../schema/state/share.ts";
import type { ShareView } from "../../schema/state/share-view.ts";
import type { Scope } from "../../schema/wire/http.ts";
import { policyOf } from "../../schema/wire/share.ts";
import { sameHash } from "./access.ts";
import { bytesOf } from "./chain.ts";
import type { Principal, Refusal, RoomShare } from "./contract.ts";
import type { Viewer } from "./viewer.ts";

type SharePrincipal = Extract<Principal, { kind: "share" }>;

interface Row {
  secret_hash: ArrayBuffer | null;
  views: string;
  redactions: string;
  needs_passphrase: number;
  expires_ms: number | null;
  revoked_ms: number | null;
}

function rowOf(sql: SqlStorage, share_id: string): Row | undefined {
  return sql
    .exec<Pick<Row, keyof Row>>(
      "SELECT secret_hash, views, redactions, needs_passphrase, expires_ms, revoked_ms FROM shares WHERE share_id = ?",
      share_id,
    )
    .toArray()[0];
}

/** Null when allowed. A link reads, and what none of its views shows it may not even ask for. */
export function authorizeShare(
  sql: SqlStorage,
  principal: SharePrincipal,
  needed: Scope,
  now_ms: number,
): Refusal | null {
  const row = rowOf(sql, principal.share_id);
  if (
    row === undefined ||
    row.secret_hash === null ||
    !sameHash(row.secret_hash, principal.secret_sha256) ||
    row.revoked_ms !== null ||
    (row.expires_ms !== null && row.expires_ms <= now_ms)
  ) {
    return { ok: false, reason: "unknown_share" };
  }
  if (row.needs_passphrase === 1 && (principal.unlocked_until_ms ?? 0) <= now_ms)
    return { ok: false, reason: "passphrase_needed" };
  const views = viewsIn(row);
  const shows = needed === "read" && principal.through.some((view) => views.includes(view));
  return shows ? null : { ok: false, reason: "not_shared" };
}

/** What a link shows; null when it has ended. */
export function scopeOf(sql: SqlStorage, share_id: string): ShareScope | null {
  const row = rowOf(sql, share_id);
  if (row === undefined || row.secret_hash === null || row.revoked_ms !== null) return null;
  return { views: viewsIn(row), policy: policyOf(row.redactions.split(" ")) };
}

/** What a socket remembers of its link; undefined for who came by none. */
export function linkOf(sql: SqlStorage, principal: Principal): Viewer["link"] {
  return principal.kind === "share"
    ? { share_id: principal.share_id, until_ms: endOf(sql, principal) }
    : undefined;
}

/** When access by this link and pass ends by itself, ms; null: never. */
function endOf(sql: SqlStorage, principal: SharePrincipal): number | null {
  const row = rowOf(sql, principal.share_id);
  const ends = [row?.expires_ms ?? null, row?.needs_passphrase === 1 ? principal.unlocked_until_ms : null];
  return ends.reduce(
    (first, end) => (end === null ? first : first === null ? end : Math.min(first, end)),
    null,
  );
}

function viewsIn(row: Row): ShareView[] {
  return row.views.split(" ") as ShareView[];
}

/** Repeating it changes nothing, and it never takes a revocation back. */
export function putShare(sql: SqlStorage, share: RoomShare): void {
  sql.exec(
    `INSERT INTO shares (share_id, secret_hash, views, redactions, needs_passphrase, expires_ms, revoked_ms)
     VALUES (?, ?, ?, ?, ?, ?, NULL)
     ON CONFLICT (share_id) DO UPDATE SET secret_hash = excluded.secret_hash, views = excluded.views,
       redactions = excluded.redactions, needs_passphrase = excluded.needs_passphrase, expires_ms = excluded.expires_ms`,
    share.share_id,
    bytesOf(share.secret_sha256),
    share.views.join(" "),
    share.redactions.join(" "),
    share.needs_passphrase ? 1 : 0,
    share.expires_ms,
  );
}

/** A link that the room has not heard of yet is remembered too: `putShare` may arrive late. */
export function revokeShare(sql: SqlStorage, share_id: string, now_ms: number): void {
  sql.exec(
    `INSERT INTO shares (share_id, secret_hash, views, redactions, needs_passphrase, expires_ms, revoked_ms)
     VALUES (?1, NULL, '', '', 0, NULL, ?2)
     ON CONFLICT (share_id) DO UPDATE SET revoked_ms = coalesce(revoked_ms, ?2)`,
    share_id,
    now_ms,
  );
}
