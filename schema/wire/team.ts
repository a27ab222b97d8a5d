/** Teams, their members and invitations, as the dashboard's own routes send them. */
import type { ProjectRef, TeamRef } from "./http.ts";
import type { Role } from "./permission.ts";

/** `POST /api/teams` → 201: a team with its first project; whoever makes it owns it. */
export interface TeamCreatedResponse {
  team: TeamRef & { role: Role };
  project: ProjectRef;
}

export interface Member {
  /** The person's id. */
  id: string;
  name: string;
  email: string;
  role: Role;
  joined_at: string;
}
/** `GET /api/teams/:team/members`: the greatest roles first, then by name. */
export interface MembersResponse {
  members: Member[];
}
/** `PATCH /api/teams/:team/members/:user`. */
export interface MemberResponse {
  member: Member;
}

export const INVITATION_STATUSES = ["open", "accepted", "expired", "revoked"] as const;
export type InvitationStatus = (typeof INVITATION_STATUSES)[number];

/** Days until an invitation expires where nothing is said: a week has a weekend and a reminder in it. */
export const DEFAULT_INVITATION_DAYS = 7;
/** The longest: a link that was forgotten somewhere must not let somebody in next year. */
export const MAX_INVITATION_DAYS = 30;

export interface InvitationInfo {
  id: string;
  role: Role;
  /** What the inviter calls it; may be empty. */
  note: string;
  status: InvitationStatus;
  created_at: string;
  /** Name of the inviter; null when the account is gone. */
  created_by: string | null;
  expires_at: string;
  accepted_at: string | null;
  accepted_by: string | null;
  revoked_at: string | null;
}
/** `GET /api/teams/:team/invitations`: the newest first. */
export interface InvitationsResponse {
  invitations: InvitationInfo[];
}
/** `POST /api/teams/:team/invitations` → 201. `token`, and the link made of it, are shown this once. */
export interface InvitationCreatedResponse {
  invitation: InvitationInfo;
  token: string;
  /** `<origin>/join/<token>`. */
  link: string;
}

/** `POST /api/invitations/look`: what whoever holds a good link may know. */
export interface InvitationOffer {
  team: { name: string };
  role: Role;
  expires_at: string;
}
/** `POST /api/invitations/accept` and `/api/invitations/signup`. */
export interface JoinedResponse {
  team: TeamRef;
  role: Role;
  /** False: the person was in the team already; nothing changed, and the link is still good. */
  joined: boolean;
}
