/** `/api/shares`: list by project, make, revoke, by session; and `/api/shares/open`, by which a visitor comes in. */
import { z } from "zod";
import { SHARE_VIEWS } from "../../schema/state/share-view.ts";
import type { Failure } from "../../schema/wire/error.ts";
import {
  REDACTIONS,
  type ShareCreatedResponse,
  type ShareOpenedResponse,
  type SharesResponse,
} from "../../schema/wire/share.ts";
import type { Person } from "../account/auth.ts";
import { openDatabase } from "../account/database.ts";
import { isPassphrase, MAX_PASSPHRASE_CHARACTERS, MIN_PASSPHRASE_CHARACTERS } from "../account/passphrase.ts";
import { verifyShareTag, writePass } from "../account/share-text.ts";
import {
  countOpening,
  createShare,
  findShare,
  findShareMembership,
  listShares,
  revokeShare,
  type ShareStore,
} from "../account/shares.ts";
import { accessByMembership, isFailure, openRoom, refuseRole } from "./access.ts";
import { readJson } from "./body.ts";
import type { HttpContext, Reply } from "./context.ts";
import { LINK_ENDED, refusalFailure } from "./error.ts";
import { nameField } from "./field.ts";
import { parseQuery, textParameter } from "./query.ts";
import { refuseGuess } from "./rate.ts";

/** How long a passphrase is good for before the page asks again: a working day. */
const PASS_MS = 12 * 3_600_000;
/** Longer than any token of ours. */
const MAX_TOKEN_CHARACTERS = 256;

function openShareStore(c: HttpContext): ShareStore {
  return {
    database: openDatabase(c.env.DB),
    openRoom: (project_id) => openRoom(c, project_id),
    signing_secret: c.env.KEY_SECRET,
  };
}

export async function getShares(c: HttpContext, person: Person): Promise<Reply> {
  const query = parseQuery(c, { project: textParameter });
  if (!query.ok) return query.failure;
  const access = await accessByMembership(c, person, query.value.project, "share.list");
  if (isFailure(access)) return access;
  const shares = await listShares(openShareStore(c), access.project_id, new Date());
  return Response.json({ shares } satisfies SharesResponse);
}

const NEW_SHARE = z.strictObject({
  project: z.string({ error: "The project's id is needed; GET /api/teams lists them." }),
  name: nameField("The link's name"),
  views: z
    .array(z.enum(SHARE_VIEWS, { error: `A view is one of ${SHARE_VIEWS.join(", ")}.` }), {
      error: `Views are needed: an array of ${SHARE_VIEWS.join(", ")}.`,
    })
    .refine((wanted) => wanted.includes("flow"), 'Every link shows the Task Flow: add "flow" to the views.')
    .transform((wanted) => SHARE_VIEWS.filter((view) => wanted.includes(view))),
  redactions: z
    .array(z.enum(REDACTIONS, { error: `A redaction is one of ${REDACTIONS.join(", ")}.` }), {
      error: `Redactions are needed: an array of ${REDACTIONS.join(", ")}; an empty one shows all.`,
    })
    .transform((wanted) => REDACTIONS.filter((redaction) => wanted.includes(redaction))),
  expires_at: z.iso
    .datetime({ offset: true, error: "An expiry is a time like 2026-11-22T18:00:00Z, or null for none." })
    .nullish()
    .transform((time) => (time === null || time === undefined ? null : new Date(time))),
  passphrase: z
    .string()
    .min(MIN_PASSPHRASE_CHARACTERS, `A passphrase needs at least ${MIN_PASSPHRASE_CHARACTERS} characters.`)
    .max(MAX_PASSPHRASE_CHARACTERS, `A passphrase has at most ${MAX_PASSPHRASE_CHARACTERS} characters.`)
    .nullish()
    .transform((passphrase) => passphrase ?? null),
});

export async function postShare(c: HttpContext, person: Person): Promise<Reply> {
  const input = await readJson(c, NEW_SHARE);
  if (!input.ok) return input.failure;
  const { project, ...wanted } = input.value;
  const access = await accessByMembership(c, person, project, "share.manage");
  if (isFailure(access)) return access;
  const now = new Date();
  if (wanted.expires_at !== null && wanted.expires_at <= now)
    return { code: "invalid", message: "The link would have ended already. Choose a time that is to come." };
  const made = await createShare(openShareStore(c), access.project_id, wanted, person.id, now);
  if (!made.ok) return made.failure;
  return Response.json(made.value satisfies ShareCreatedResponse, { status: 201 });
}

export async function deleteShare(c: HttpContext, person: Person): Promise<Reply> {
  const store = openShareStore(c);
  const share_id = c.req.param("share") ?? "";
  const membership = await findShareMembership(store.database, person.id, share_id);
  if (membership === null) {
    return {
      code: "not_found",
      message: "There is no such link in your projects. GET /api/shares lists them.",
    };
  }
  const refused = refuseRole(membership.role, "share.manage");
  if (refused !== null) return refused;
  await revokeShare(store, membership.project.id, share_id, new Date());
  return new Response(null, { status: 204 });
}

const OPENING = z.strictObject({
  token: z.string().max(MAX_TOKEN_CHARACTERS),
  passphrase: z.string().max(MAX_PASSPHRASE_CHARACTERS).optional(),
});
const WRONG_PASSPHRASE: Failure = {
  code: "unauthenticated",
  message: "This is not the passphrase. Ask whoever sent the link.",
  details: { needs: "passphrase" },
};

/** Once per visit: whoever comes by the link gets what to read with, and is counted. */
export async function postShareOpen(c: HttpContext): Promise<Reply> {
  const input = await readJson(c, OPENING);
  if (!input.ok) return input.failure;
  const { token, passphrase } = input.value;
  const share = verifyShareTag(c.env.KEY_SECRET, token);
  if (share === null || share.unlocked_until_ms !== null) return LINK_ENDED;
  const { project_id, share_id } = share;
  const now_ms = Date.now();
  const { project_id: _, ...link } = share;
  const admitted = await openRoom(c, project_id).admit({ kind: "share", ...link, through: ["flow"] }, "read");
  const locked = !admitted.ok && admitted.reason === "passphrase_needed";
  if (!admitted.ok && (!locked || passphrase === undefined)) return refusalFailure(admitted);
  if (locked) {
    const refused = await refuseGuess(c, share_id);
    if (refused !== null) return refused;
  }
  const database = openDatabase(c.env.DB);
  const found = await findShare(database, project_id, share_id);
  if (found === null) return LINK_ENDED;
  const { passphrase_hash } = found;
  if (locked && (passphrase_hash === null || !(await isPassphrase(passphrase ?? "", passphrase_hash))))
    return WRONG_PASSPHRASE;
  c.executionCtx.waitUntil(
    countOpening(database, share_id, new Date(now_ms)).catch((error: unknown) => {
      console.error("an opening of a share link was not counted", error);
    }),
  );
  const { name, views, redactions, expires_at } = found.share;
  const until_ms = now_ms + PASS_MS;
  return Response.json({
    bearer: locked ? writePass(c.env.KEY_SECRET, token, until_ms) : token,
    bearer_until: locked ? new Date(until_ms).toISOString() : null,
    name,
    team: found.team,
    views,
    redactions,
    expires_at,
  } satisfies ShareOpenedResponse);
}
