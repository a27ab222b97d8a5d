/** The routes of teams, members and invitations, described (see routes.ts). */
import * as body from "../../../schema/wire/body.ts";
import * as team from "../../../schema/wire/team-body.ts";
import type { Description } from "./routes.ts";

export const TEAM_ROUTES: Record<string, Description> = {
  "POST /api/teams": {
    summary: "A new team with its first project. Whoever makes it owns it.",
    request: team.newTeamRequest,
    reply: { status: 201, body: team.teamCreatedResponse },
  },
  "PATCH /api/teams/:team": {
    summary: "Renames a team. Its addresses stay.",
    request: body.renamingRequest,
    reply: { status: 200, body: team.teamResponse },
  },
  "POST /api/teams/:team/leave": {
    summary: "Leaves the team and closes one's live views. The last owner cannot leave.",
    reply: { status: 204, body: null },
  },
  "POST /api/teams/:team/transfer": {
    summary: "Makes another member an owner, and oneself an admin.",
    request: team.transferRequest,
    reply: { status: 200, body: team.membersResponse },
  },
  "GET /api/teams/:team/members": {
    summary: "The people of the team, the greatest roles first.",
    reply: { status: 200, body: team.membersResponse },
  },
  "PATCH /api/teams/:team/members/:user": {
    summary: "Changes a role, up to one's own. Who keeps a role that may read keeps live views.",
    request: team.roleRequest,
    reply: { status: 200, body: team.memberResponse },
  },
  "DELETE /api/teams/:team/members/:user": {
    summary: "Removes a person: refused from the next request on, live views and open invitations closed.",
    reply: { status: 204, body: null },
  },
  "GET /api/teams/:team/invitations": {
    summary: "Invitations, without their tokens: the open ones, then the newest.",
    reply: { status: 200, body: team.invitationsResponse },
  },
  "POST /api/teams/:team/invitations": {
    summary: "A link that lets one person in. It is shown in this reply and never again.",
    request: team.newInvitationRequest,
    reply: { status: 201, body: team.invitationCreatedResponse },
  },
  "DELETE /api/teams/:team/invitations/:invitation": {
    summary: "Revokes an invitation that nobody used yet.",
    reply: { status: 204, body: null },
  },
  "POST /api/invitations/look": {
    summary: "What an invitation offers. 410 when it was used, has expired or was taken back.",
    request: team.tokenRequest,
    reply: { status: 200, body: team.invitationOffer },
  },
  "POST /api/invitations/accept": {
    summary: "Joins the team. Who is in it already stays as he is, and the link stays good.",
    request: team.tokenRequest,
    reply: { status: 200, body: team.joinedResponse },
  },
  "POST /api/invitations/signup": {
    summary: "A person and a session cookie, and joins the team. It completes when it is repeated.",
    request: team.joinSignupRequest,
    reply: { status: 201, body: team.joinedResponse },
  },
};
