/** Projects of a team: each is one room, one log, one address `/:team/:project`. */
import { and, count, eq } from "drizzle-orm";
import type { ProjectRef, TeamsResponse } from "../../schema/wire/http.ts";
import { member, project } from "../../schema/table/tables.ts";
import type { Person } from "./auth.ts";
import type { Database } from "./database.ts";
import { newProjectId } from "./identifier.ts";
import { listTeams } from "./membership.ts";
import { freeSlug, MAX_SLUG_ROUNDS, slugify } from "./slug.ts";

export const MAX_NAME_CHARACTERS = 80; // what fits the switcher and a page title

/** Removing a person asks the room of every project of the team: a Worker may make 1,000 calls per request. */
export const MAX_PROJECTS_PER_TEAM = 200;

export type ProjectEntry = ProjectRef & { created_at: string };

export async function createProject(
  database: Database,
  team_id: string,
  name: string,
  now: Date,
): Promise<ProjectEntry> {
  for (let round = 0; round < MAX_SLUG_ROUNDS; round++) {
    const taken = await database
      .select({ slug: project.slug })
      .from(project)
      .where(eq(project.team_id, team_id));
    const slug = freeSlug(slugify(name, "project"), new Set(taken.map((row) => row.slug)));
    const [row] = await database
      .insert(project)
      .values({ id: newProjectId(), team_id, name, slug, created_at: now })
      .onConflictDoNothing()
      .returning();
    if (row) {
      return { id: row.id, name, slug, sample: false, created_at: row.created_at.toISOString() };
    }
  }
  throw new Error(`no free slug for a project of team ${team_id} after ${MAX_SLUG_ROUNDS} rounds`);
}

/** The name alone changes: id, slug and so every link and key stay good. */
export async function renameProject(
  database: Database,
  project_id: string,
  name: string,
): Promise<ProjectEntry> {
  const [row] = await database.update(project).set({ name }).where(eq(project.id, project_id)).returning();
  if (!row) throw new Error(`project ${project_id} vanished while it was renamed`);
  return { id: row.id, name, slug: row.slug, sample: row.sample, created_at: row.created_at.toISOString() };
}

export async function hasRoomForProject(database: Database, team_id: string): Promise<boolean> {
  const [held] = await database.select({ n: count() }).from(project).where(eq(project.team_id, team_id));
  return (held?.n ?? 0) < MAX_PROJECTS_PER_TEAM;
}

/** Projects of the person's teams, the oldest first, by team. */
async function listProjects(database: Database, user_id: string): Promise<Map<string, ProjectEntry[]>> {
  const by_team = new Map<string, ProjectEntry[]>();
  const rows = await database
    .select({ project })
    .from(project)
    .innerJoin(member, and(eq(member.organizationId, project.team_id), eq(member.userId, user_id)))
    .orderBy(project.created_at, project.id);
  for (const { id, name, slug, sample, team_id, created_at } of rows.map((row) => row.project)) {
    const entries = by_team.get(team_id) ?? [];
    entries.push({ id, name, slug, sample, created_at: created_at.toISOString() });
    by_team.set(team_id, entries);
  }
  return by_team;
}

export async function describeTeams(database: Database, user: Person): Promise<TeamsResponse> {
  const teams = await listTeams(database, user.id);
  const projects = await listProjects(database, user.id);
  return { user, teams: teams.map((team) => ({ ...team, projects: projects.get(team.id) ?? [] })) };
}
