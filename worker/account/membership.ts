/** Who may see and change what (T1). Unknown and not yours are the same answer: null. */
import { and, eq } from "drizzle-orm";
import { readRole, type Role } from "../../schema/wire/permission.ts";
import { api_key, member, organization, project, session } from "../../schema/table/tables.ts";
import type { Database } from "./database.ts";

export interface ProjectMembership {
  project: { id: string; name: string; slug: string; team_id: string };
  role: Role;
}

export async function findProjectMembership(
  database: Database,
  user_id: string,
  project_id: string,
): Promise<ProjectMembership | null> {
  const [row] = await database
    .select({
      project: { id: project.id, name: project.name, slug: project.slug, team_id: project.team_id },
      role: member.role,
    })
    .from(project)
    .innerJoin(member, and(eq(member.organizationId, project.team_id), eq(member.userId, user_id)))
    .where(eq(project.id, project_id));
  const role = readRole(row?.role ?? "");
  return row === undefined || role === null ? null : { project: row.project, role };
}

/** Every project that a person can see. */
export async function listProjectIdsOf(database: Database, user_id: string): Promise<string[]> {
  const rows = await database
    .select({ id: project.id })
    .from(project)
    .innerJoin(member, and(eq(member.organizationId, project.team_id), eq(member.userId, user_id)));
  return rows.map(({ id }) => id);
}

/** Whether a session was not ended; one whose time is over is refused by the next request. */
export async function isSignedIn(database: Database, session_id: string): Promise<boolean> {
  const found = await database.select({ id: session.id }).from(session).where(eq(session.id, session_id));
  return found.length > 0;
}

/** The project of a key, if the person is a member there. */
export async function findKeyMembership(
  database: Database,
  user_id: string,
  key_id: string,
): Promise<ProjectMembership | null> {
  const [row] = await database
    .select({ project_id: api_key.project_id })
    .from(api_key)
    .where(eq(api_key.id, key_id));
  return row ? findProjectMembership(database, user_id, row.project_id) : null;
}

export async function findTeamRole(
  database: Database,
  user_id: string,
  team_id: string,
): Promise<Role | null> {
  const [row] = await database
    .select({ role: member.role })
    .from(member)
    .where(and(eq(member.organizationId, team_id), eq(member.userId, user_id)));
  return readRole(row?.role ?? "");
}

export interface TeamOfPerson {
  id: string;
  name: string;
  slug: string;
  role: Role;
}

export async function listTeams(database: Database, user_id: string): Promise<TeamOfPerson[]> {
  const rows = await database
    .select({
      id: organization.id,
      name: organization.name,
      slug: organization.slug,
      role: member.role,
    })
    .from(member)
    .innerJoin(organization, eq(organization.id, member.organizationId))
    .where(eq(member.userId, user_id))
    .orderBy(organization.createdAt, organization.id);
  return rows.flatMap((row) => {
    const role = readRole(row.role);
    return role === null ? [] : [{ ...row, role }];
  });
}
