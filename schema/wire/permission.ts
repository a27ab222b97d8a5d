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

export function may(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission]);
}
