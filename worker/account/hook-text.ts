/**
 * The two texts of a GitHub hook:
 *
 *   cfh_<project>_<hook id>_<tag>   in the address that GitHub calls; it is no secret
 *       p + 15      12      24 hex, as a key's
 *   <64 hex>                        what GitHub signs with
 *
 * GitHub sends no bearer: the tag keeps made-up addresses from every room (T3),
 * the signature proves who sends, and whether the hook is still good the room
 * knows. The secret is derived, so that it is stored nowhere.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { isTagOf, sha256, tagOf } from "./tag.ts";

export interface HookText {
  project_id: string;
  hook_id: string;
}

const SHAPE = /^(cfh_(p[a-z0-9]{15})_([a-z0-9]{12}))_([0-9a-f]{24})$/;

export function writeHook(signing_secret: string, { project_id, hook_id }: HookText): string {
  const body = bodyOf({ project_id, hook_id });
  return `${body}_${tagOf(signing_secret, body)}`;
}

/** The parts if the tag is ours, else null. */
export function verifyHookTag(signing_secret: string, text: string): HookText | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const [, body = "", project_id = "", hook_id = "", tag = ""] = match;
  return isTagOf(signing_secret, body, tag) ? { project_id, hook_id } : null;
}

/** Its words are no tag's, so that none of the tags that stand in addresses is a part of it. */
export function hookSecret(signing_secret: string, hook: HookText): string {
  return createHmac("sha256", signing_secret)
    .update(`webhook secret ${bodyOf(hook)}`)
    .digest("hex");
}

/** What the room keeps of the secret, as it keeps a key's. */
export function hookSecretHash(signing_secret: string, hook: HookText): string {
  return sha256(hookSecret(signing_secret, hook));
}

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** GitHub's `X-Hub-Signature-256` of exactly these bytes. Takes the same time wherever a forged one differs. */
export function isSignedBy(secret: string, body: Uint8Array, header: string): boolean {
  const offered = SIGNATURE.exec(header)?.[1];
  if (offered === undefined) return false;
  const expected = createHmac("sha256", secret).update(body).digest("hex");
  const ascii = new TextEncoder();
  return timingSafeEqual(ascii.encode(expected), ascii.encode(offered));
}

function bodyOf({ project_id, hook_id }: HookText): string {
  return `cfh_${project_id}_${hook_id}`;
}
