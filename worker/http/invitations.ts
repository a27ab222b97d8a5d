/**
 * Invitations: made, listed and revoked at `/api/teams/:team/invitations`; looked
 * at and used at `/api/invitations/*`. The token travels in bodies only, so that
 * it stands in no log of requests; it is in the reply to its making and nowhere else.
 */
import { z } from "zod";
import {
  DEFAULT_INVITATION_DAYS,
  MAX_INVITATION_DAYS,
  type InvitationCreatedResponse,
  type InvitationOffer,
  type InvitationsResponse,
  type JoinedResponse,
} from "../../schema/wire/team.ts";
import { isAtLeast } from "../../schema/wire/permission.ts";
import { MAX_INVITATIONS_PER_WINDOW, MAX_JOINS_PER_WINDOW } from "../account/attempts.ts";
import type { Person } from "../account/auth.ts";
import { openDatabase } from "../account/database.ts";
import {
  acceptInvitation,
  createInvitation,
  listInvitations,
  lookAtInvitation,
  revokeInvitation,
} from "../account/invitations.ts";
import { signUpInvited } from "../account/signup.ts";
import { readJson } from "./body.ts";
import type { HttpContext, Reply, TeamAccess } from "./context.ts";
import { emailField, nameField, newPasswordField } from "./field.ts";
import { roleField } from "./members.ts";
import { refuseAttempt } from "./rate.ts";
import { ownOrigins } from "./security.ts";
import { createSignUp } from "./signup.ts";

export async function getInvitations(c: HttpContext, { team_id }: TeamAccess): Promise<Reply> {
  const invitations = await listInvitations(openDatabase(c.env.DB), team_id, new Date());
  return Response.json({ invitations } satisfies InvitationsResponse);
}

const NEW_INVITATION = z.strictObject({
  role: roleField,
  note: z.union([z.literal(""), nameField("The note")]).default(""),
  expires_in_days: z
    .int({ error: "expires_in_days is a whole number of days." })
    .min(1, "An invitation lasts one day at least.")
    .max(MAX_INVITATION_DAYS, `An invitation lasts ${MAX_INVITATION_DAYS} days at most.`)
    .default(DEFAULT_INVITATION_DAYS),
});

export async function postInvitation(c: HttpContext, access: TeamAccess): Promise<Reply> {
  const { team_id, role: own_role, person } = access;
  const refused = await refuseAttempt(c, "invitation", MAX_INVITATIONS_PER_WINDOW, person.id);
  if (refused !== null) return refused;
  const input = await readJson(c, NEW_INVITATION);
  if (!input.ok) return input.failure;
  const { role, note, expires_in_days: days } = input.value;
  if (!isAtLeast(own_role, role)) {
    return {
      code: "insufficient_scope",
      message: `Your role is ${own_role}: you may not invite anybody above it. Choose ${own_role} or less, or ask an owner.`,
    };
  }
  const made = await createInvitation(
    openDatabase(c.env.DB),
    { team_id, role, note, days, created_by: person.id },
    new Date(),
  );
  if (!made.ok) return made.failure;
  const { token } = made.value;
  const link = `${ownOrigins(c).origin}/join/${token}`;
  return Response.json({ ...made.value, link } satisfies InvitationCreatedResponse, { status: 201 });
}

export async function deleteInvitation(c: HttpContext, { team_id }: TeamAccess): Promise<Reply> {
  const id = c.req.param("invitation") ?? "";
  if (await revokeInvitation(openDatabase(c.env.DB), team_id, id, new Date()))
    return new Response(null, { status: 204 });
  return {
    code: "not_found",
    message: "The team has no such invitation. GET /api/teams/<team>/invitations lists them.",
  };
}

const TOKEN = { token: z.string({ error: "The token is needed: what stands behind /join/ in the link." }) };

export async function postLook(c: HttpContext): Promise<Reply> {
  const refused = await refuseAttempt(c, "join", MAX_JOINS_PER_WINDOW);
  if (refused !== null) return refused;
  const input = await readJson(c, z.strictObject(TOKEN));
  if (!input.ok) return input.failure;
  const offer = await lookAtInvitation(openDatabase(c.env.DB), input.value.token, new Date());
  if (!offer.ok) return offer.failure;
  const { team, role, expires_at } = offer.value;
  return Response.json({
    team: { name: team.name },
    role,
    expires_at: expires_at.toISOString(),
  } satisfies InvitationOffer);
}

export async function postAccept(c: HttpContext, person: Person): Promise<Reply> {
  const refused = await refuseAttempt(c, "join", MAX_JOINS_PER_WINDOW);
  if (refused !== null) return refused;
  const input = await readJson(c, z.strictObject(TOKEN));
  if (!input.ok) return input.failure;
  const joined = await acceptInvitation(openDatabase(c.env.DB), input.value.token, person.id, new Date());
  return joined.ok ? Response.json(joined.value satisfies JoinedResponse) : joined.failure;
}

const JOIN_SIGN_UP = z.strictObject({
  ...TOKEN,
  email: emailField,
  password: newPasswordField,
  name: nameField("Your name").optional(),
});

export const postJoinSignup = createSignUp<z.infer<typeof JOIN_SIGN_UP>, JoinedResponse>(
  JOIN_SIGN_UP,
  signUpInvited,
);
