/** The bodies of team.ts as zod schemas, for the API's description and the tests (see body.ts). */
import * as z from "zod";
import { projectRef } from "./body.ts";
import { ROLES } from "./permission.ts";
import {
  DEFAULT_INVITATION_DAYS,
  INVITATION_STATUSES,
  MAX_INVITATION_DAYS,
  type InvitationCreatedResponse,
  type InvitationInfo,
  type InvitationOffer,
  type InvitationsResponse,
  type JoinedResponse,
  type Member,
  type MemberResponse,
  type MembersResponse,
  type TeamCreatedResponse,
} from "./team.ts";

const text = z.string();
const role = z.enum(ROLES);
const ref = z.object({ id: text, name: text, slug: text });

export const teamResponse = z.object({ team: ref });
export const teamCreatedResponse = z.object({
  team: ref.extend({ role }),
  project: projectRef,
}) satisfies z.ZodType<TeamCreatedResponse>;

const member = z.object({
  id: text,
  name: text,
  email: text,
  role,
  joined_at: text,
}) satisfies z.ZodType<Member>;
export const membersResponse = z.object({ members: z.array(member) }) satisfies z.ZodType<MembersResponse>;
export const memberResponse = z.object({ member }) satisfies z.ZodType<MemberResponse>;

const invitation = z.object({
  id: text,
  role,
  note: text,
  status: z.enum(INVITATION_STATUSES),
  created_at: text,
  created_by: text.nullable(),
  expires_at: text,
  accepted_at: text.nullable(),
  accepted_by: text.nullable(),
  revoked_at: text.nullable(),
}) satisfies z.ZodType<InvitationInfo>;
export const invitationsResponse = z.object({
  invitations: z.array(invitation),
}) satisfies z.ZodType<InvitationsResponse>;
export const invitationCreatedResponse = z.object({
  invitation,
  token: text.describe("Shown this once."),
  link: text.describe("Shown this once."),
}) satisfies z.ZodType<InvitationCreatedResponse>;
export const invitationOffer = z.object({
  team: z.object({ name: text }),
  role,
  expires_at: text,
}) satisfies z.ZodType<InvitationOffer>;
export const joinedResponse = z.object({
  team: ref,
  role,
  joined: z.boolean().describe("False: was in the team already; nothing changed."),
}) satisfies z.ZodType<JoinedResponse>;

export const newTeamRequest = z.object({ name: text, project: text.optional() });
export const roleRequest = z.object({ role });
export const transferRequest = z.object({ user: text });
export const newInvitationRequest = z.object({
  role,
  note: text.optional(),
  expires_in_days: z.int().min(1).max(MAX_INVITATION_DAYS).default(DEFAULT_INVITATION_DAYS).optional(),
});
export const tokenRequest = z.object({ token: text });
export const joinSignupRequest = z.object({
  token: text,
  email: text,
  password: text,
  name: text.optional(),
});
