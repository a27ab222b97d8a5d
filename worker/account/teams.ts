/** Teams: made with their first project, renamed. A team's slug is the first part of its addresses, and stays. */
import { count, eq, like, or } from "drizzle-orm";
import type { TeamRef } from "../../schema/wire/http.ts";
import type { TeamCreatedResponse } from "../../schema/wire/team.ts";
import { member, organization, project } from "../../schema/table/tables.ts";
import type { Database } from "./database.ts";
import { newProjectId, newRowId } from "./identifier.ts";
import { done, failed, type Outcome } from "./outcome.ts";
import { freeSlug, MAX_SLUG_ROUNDS, slugify } from "./slug.ts";

/** Beyond what one person looks after; bounds what `/api/teams` reads and sends. */
export const MAX_TEAMS_PER_PERSON = 50;

export async function freeTeamSlug(database: Database, name: string): Promise<string> {
  const wanted = slugify(name, "team");
  const taken = await database
    .select({ slug: organization.slug })
    .from(organization)
    .where(or(eq(organization.slug, wanted), like(organization.slug, `${wanted}-%`)));
  return freeSlug(wanted, new Set(taken.map((row) => row.slug)));
}

/** Team, owner and project in one transaction: no moment shows a team that is nobody's. */
export async function createTeam(
  database: Database,
  owner_id: string,
  names: { team: string; project: string },
  now: Date,
): Promise<Outcome<TeamCreatedResponse>> {
  const [held] = await database.select({ n: count() }).from(member).where(eq(member.userId, owner_id));
  if ((held?.n ?? 0) >= MAX_TEAMS_PER_PERSON) {
    return failed("conflict", `One person is in at most ${MAX_TEAMS_PER_PERSON} teams. Leave one first.`);
  }
  for (let round = 0; round < MAX_SLUG_ROUNDS; round++) {
    const id = newRowId();
    const team: TeamRef = { id, name: names.team, slug: await freeTeamSlug(database, names.team) };
    const first = {
      id: newProjectId(),
      name: names.project,
      slug: freeSlug(slugify(names.project, "project"), new Set()),
      sample: false,
    };
    try {
      await database.batch([
        database.insert(organization).values({ ...team, createdAt: now }),
        database
          .insert(member)
          .values({ id: newRowId(), organizationId: id, userId: owner_id, role: "owner", createdAt: now }),
        database.insert(project).values({ ...first, team_id: id, created_at: now }),
      ]);
      return done({ team: { ...team, role: "owner" }, project: first });
    } catch (error) {
      // Somebody else took the slug since it was looked up; the batch left nothing behind.
      if (!isSlugTaken(error)) throw error;
    }
  }
  throw new Error(`no free slug for a team after ${MAX_SLUG_ROUNDS} rounds`);
}

function isSlugTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.message.includes("UNIQUE constraint failed: organization.slug") || isSlugTaken(error.cause);
}

/** The name alone changes: slug, and so every address, stays. */
export async function renameTeam(database: Database, team_id: string, name: string): Promise<TeamRef> {
  const [row] = await database
    .update(organization)
    .set({ name })
    .where(eq(organization.id, team_id))
    .returning({ id: organization.id, name: organization.name, slug: organization.slug });
  if (!row) throw new Error(`team ${team_id} vanished while it was renamed`);
  return row;
}
