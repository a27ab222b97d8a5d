/**
 * The three ways into a project, to one Principal:
 *
 *   Authorization: Bearer cfk_…  ─tag (HMAC)─▶ { kind: "key" }      room checks secret, scope, revocation
 *   Authorization: Bearer cfs_…  ─tag (HMAC)─▶ { kind: "share" }    room checks secret, views, expiry, revocation
 *   Authorization: Bearer cfp_…  ─tag (HMAC)─▶ the same, of a link whose passphrase was given
 *   session cookie  ─▶ person ─▶ membership ─▶ { kind: "session" }
 *
 * No room is reached before the tag or the membership is checked (T1, T3).
 */
import type { ShareView } from "../../schema/state/share-view.ts";
import type { Failure } from "../../schema/wire/error.ts";
import { may, PERMISSIONS, whoMay, type Permission, type Role } from "../../schema/wire/permission.ts";
import { policyField, rateLimits } from "../../schema/wire/rate.ts";
import { findPerson, type Auth, type Person } from "../account/auth.ts";
import { openDatabase } from "../account/database.ts";
import { verifyKeyTag } from "../account/key-text.ts";
import type { KeyStore } from "../account/keys.ts";
import { isShareText, verifyShareTag } from "../account/share-text.ts";
import { findProjectMembership, findTeamRole } from "../account/membership.ts";
import type { Principal } from "../room/contract.ts";
import { createLens } from "../share/lens.ts";
import { bearerOf } from "./bearer.ts";
import type { HttpContext, ProjectAccess, TeamAccess } from "./context.ts";
import { LINK_ENDED, refusalFailure } from "./error.ts";
import { refuseKey, refuseLink } from "./rate.ts";
import { ownOrigins } from "./security.ts";

const PROJECT_NOT_FOUND: Failure = {
  code: "not_found",
  message: "There is no such project in your teams. GET /api/teams lists those you can open.",
};
const TEAM_NOT_FOUND: Failure = {
  code: "not_found",
  message: "You are in no such team. GET /api/teams lists yours.",
};
const NO_KEY: Failure = {
  code: "unauthenticated",
  message: "Send a key as `Authorization: Bearer cfk_…`. Keys are made in the project's settings.",
};
const NOT_OUR_KEY: Failure = {
  code: "unauthenticated",
  message:
    "This is no key of this server. Copy the whole key, and check that the address is the one it was made at.",
};
const NOT_SIGNED_IN: Failure = {
  code: "unauthenticated",
  message: "Sign in first: POST /api/auth/sign-in/email with e-mail and password.",
};

/** Null when the role has the permission. The table of permissions is schema/wire/permission.ts. */
export function refuseRole(role: Role, permission: Permission): Failure | null {
  if (may(role, permission)) return null;
  return {
    code: "insufficient_scope",
    message: `${whoMay(permission)} Ask one of them.`,
    details: { needed: PERMISSIONS[permission] },
  };
}

export function openRoom(c: HttpContext, project_id: string): ProjectAccess["room"] {
  return c.env.ROOM.get(c.env.ROOM.idFromName(project_id));
}

export function openKeyStore(c: HttpContext): KeyStore {
  return {
    database: openDatabase(c.env.DB),
    openRoom: (project_id) => openRoom(c, project_id),
    signing_secret: c.env.KEY_SECRET,
  };
}

export function openRequestAuth(c: HttpContext): Promise<Auth> {
  const { origin, origins } = ownOrigins(c);
  const { DB, AUTH_SECRET } = c.env;
  return c.get("auths").open(DB, { secret: AUTH_SECRET, origin, trusted_origins: origins });
}

/** `views`: the views of a share link that open this route; none for a route that no link may use. */
export async function accessByKey(
  c: HttpContext,
  views: readonly ShareView[],
): Promise<ProjectAccess | Failure> {
  const text = bearerOf(c.req.raw.headers);
  if (text === null) return NO_KEY;
  if (isShareText(text)) return accessByShare(c, text, views);
  const key = verifyKeyTag(c.env.KEY_SECRET, text);
  if (key === null) return NOT_OUR_KEY;
  const { project_id, key_id, secret_sha256 } = key;
  c.set("rate_policy", policyField(rateLimits(c.env)));
  const refused = await refuseKey(c, key_id);
  if (refused !== null) return refused;
  return { project_id, principal: { kind: "key", key_id, secret_sha256 }, room: openRoom(c, project_id) };
}

async function accessByShare(
  c: HttpContext,
  text: string,
  views: readonly ShareView[],
): Promise<ProjectAccess | Failure> {
  const share = verifyShareTag(c.env.KEY_SECRET, text);
  if (share === null) return LINK_ENDED;
  const { project_id, ...link } = share;
  const refused = await refuseLink(c, link.share_id);
  if (refused !== null) return refused;
  const principal: Principal = { kind: "share", ...link, through: views };
  const room = openRoom(c, project_id);
  const admitted = await room.admit(principal, "read");
  if (!admitted.ok) return refusalFailure(admitted);
  if (admitted.scope === null) throw new Error("a room lets no link in without its scope");
  return { project_id, principal, room, lens: createLens(c.env.KEY_SECRET, link.share_id, admitted.scope) };
}

/** Who is signed in. Cookies that extend the session are put on the reply. */
export async function accessBySession(c: HttpContext): Promise<Person | Failure> {
  const found = await findPerson(() => openRequestAuth(c), c.req.raw.headers);
  if (found === null) return NOT_SIGNED_IN;
  c.get("cookies").push(...found.cookies);
  c.set("session_id", found.session_id);
  return found.person;
}

export async function accessByMembership(
  c: HttpContext,
  person: Person,
  project_id: string,
  permission: Permission,
): Promise<ProjectAccess | Failure> {
  const membership = await findProjectMembership(openDatabase(c.env.DB), person.id, project_id);
  if (membership === null) return PROJECT_NOT_FOUND;
  const refused = refuseRole(membership.role, permission);
  if (refused !== null) return refused;
  const session_id = c.get("session_id");
  const principal: Principal = {
    ...{ kind: "session", user_id: person.id },
    ...(session_id === null ? {} : { session_id }),
  };
  return { project_id, principal, room: openRoom(c, project_id) };
}

export async function accessToTeam(
  c: HttpContext,
  person: Person,
  team_id: string,
  permission: Permission,
): Promise<TeamAccess | Failure> {
  const role = await findTeamRole(openDatabase(c.env.DB), person.id, team_id);
  if (role === null) return TEAM_NOT_FOUND;
  return refuseRole(role, permission) ?? { team_id, role, person };
}

export function isFailure(value: object): value is Failure {
  return "code" in value && "message" in value;
}
