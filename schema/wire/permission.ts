/**
 * Who may do what in a team: the one table that the routes, the pages and the tests share.
 * Whoever lacks a permission on a project he can see gets 403; on one he cannot see, 404 (T1).
 */

/** From the least to the most. */
export const ROLES = ["viewer", "member", "admin", "owner"] as const;
export type Role = (typeof ROLES)[number];

/** Each permission with the least role that has it. */
export const PERMISSIONS = {
  /** See a project: its state, events, history, stream. */
  "project.read": "viewer",
  /** Act in a project in one's own name: acknowledge, rate, comment. */
  "project.act": "member",
  "project.create": "admin",
  "project.rename": "admin",
  /** Read and change a project's settings. */
  "project.configure": "admin",
  /** See which keys exist, never their secrets. */
  "key.list": "member",
  "key.manage": "admin",
  "share.list": "member",
  "share.manage": "admin",
  /** See who is in the team. */
  "team.read": "viewer",
  "team.rename": "admin",
  /** Invite, remove and change the role of people, up to one's own role. */
  "member.manage": "admin",
  /** Make somebody else the owner. */
  "team.transfer": "owner",
} as const satisfies Record<string, Role>;
export type Permission = keyof typeof PERMISSIONS;

/** What each permission lets somebody do, as it ends the sentence "Only admins and owners may …". */
const DEEDS: Record<Permission, string> = {
  "project.read": "see the team's projects",
  "project.act": "acknowledge, rate and comment",
  "project.create": "create projects",
  "project.rename": "rename a project",
  "project.configure": "see and change a project's settings",
  "key.list": "see a project's keys",
  "key.manage": "create and revoke keys",
  "share.list": "see a project's share links",
  "share.manage": "create and revoke share links",
  "team.read": "see who is in the team",
  "team.rename": "rename the team",
  "member.manage": "invite people, change their roles and remove them",
  "team.transfer": "make somebody else the owner",
};

/** What a role is for, in a line that stands alone: an invitation shows only one of them. */
export const ROLE_MEANINGS: Record<Role, string> = {
  viewer: "sees the team's projects and changes nothing",
  member: "sees the team's projects, acts in them, and sees which keys and links there are",
  admin: "as a member, and manages projects, keys, links and people",
  owner: "as an admin, and makes other people owners; a team has at least one",
};

export function may(role: Role, permission: Permission): boolean {
  return isAtLeast(role, PERMISSIONS[permission]);
}

export function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** "Only admins and owners may create and revoke keys.": the same words in a refusal and on a page. */
export function whoMay(permission: Permission): string {
  const roles = ROLES.filter((role) => may(role, permission)).map((role) => `${role}s`);
  const last = roles.pop();
  return `Only ${roles.length === 0 ? last : `${roles.join(", ")} and ${last}`} may ${DEEDS[permission]}.`;
}

/** The greatest role in a stored text: better-auth joins several by commas. Null when none is known: such a row lets nobody in. */
export function readRole(text: string): Role | null {
  const names = text.split(",").map((name) => name.trim());
  return ROLES.findLast((role) => names.includes(role)) ?? null;
}
