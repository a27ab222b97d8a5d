/**
 * The texts of a share link:
 *
 *   cfs_<project>_<share id>_<secret>_<tag>           the link itself
 *   cfp_<project>_<share id>_<secret>_<until>_<tag>   a pass: the passphrase was given, good until then (ms)
 *       p + 15     12         32       13     24 hex, as a key's
 *
 * As with keys the tag keeps forgeries from every room (T3), and whether the
 * link is still good only the room knows.
 */
import { isTagOf, sha256, tagOf } from "./tag.ts";

export interface ShareText {
  project_id: string;
  share_id: string;
  /** Hex SHA-256 of the secret part. */
  secret_sha256: string;
  /** Of a pass, ms since the epoch; null for the link itself. */
  unlocked_until_ms: number | null;
}

const SHAPE = /^(cf[sp]_(p[a-z0-9]{15})_([a-z0-9]{12})_([A-Za-z0-9]{32})(?:_(\d{13}))?)_([0-9a-f]{24})$/;

/** Whether a bearer says of itself that it comes from a share link, genuine or not. */
export const isShareText = (text: string): boolean => /^cf[sp]_/.test(text);

export function writeShare(
  signing_secret: string,
  parts: { project_id: string; share_id: string; secret: string },
): { text: string; secret_sha256: string } {
  const body = `cfs_${parts.project_id}_${parts.share_id}_${parts.secret}`;
  return { text: `${body}_${tagOf(signing_secret, body)}`, secret_sha256: sha256(parts.secret) };
}

/** Of a link whose tag was checked. */
export function writePass(signing_secret: string, link: string, until_ms: number): string {
  const [, project_id, share_id, secret] = link.split("_");
  const body = `cfp_${project_id}_${share_id}_${secret}_${until_ms}`;
  return `${body}_${tagOf(signing_secret, body)}`;
}

/** The parts if the tag is ours, else null. */
export function verifyShareTag(signing_secret: string, text: string): ShareText | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const [, body = "", project_id = "", share_id = "", secret = "", until, tag = ""] = match;
  if (body.startsWith("cfp_") !== (until !== undefined)) return null;
  if (!isTagOf(signing_secret, body, tag)) return null;
  return {
    project_id,
    share_id,
    secret_sha256: sha256(secret),
    unlocked_until_ms: until === undefined ? null : Number(until),
  };
}
