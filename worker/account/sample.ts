/** The sample project of a team: one, apart from its own (and from their limit), labelled wherever it is shown. */
import { hash } from "node:crypto";
import { eq } from "drizzle-orm";
import { project } from "../../schema/table/tables.ts";
import type { Database } from "./database.ts";
import type { ProjectEntry } from "./projects.ts";
import { freeSlug, MAX_SLUG_ROUNDS, slugify } from "./slug.ts";

/** Made of the team's id, so that two requests at once cannot make two samples. No secret: keys are what let in. */
function sampleId(team_id: string): string {
  const digest = BigInt(`0x${hash("sha256", `sample of ${team_id}`, "hex")}`);
  return `p${digest.toString(36).padStart(15, "0").slice(-15)}`;
}

export async function ensureSample(
  database: Database,
  team_id: string,
  name: string,
  now: Date,
): Promise<{ project: ProjectEntry; made: boolean }> {
  const id = sampleId(team_id);
  for (let round = 0; round < MAX_SLUG_ROUNDS; round++) {
    const [found] = await database.select().from(project).where(eq(project.id, id));
    if (found) return { project: entryOf(found), made: false };
    const taken = await database
      .select({ slug: project.slug })
      .from(project)
      .where(eq(project.team_id, team_id));
    const slug = freeSlug(slugify(name, "sample"), new Set(taken.map((row) => row.slug)));
    const [row] = await database
      .insert(project)
      .values({ id, team_id, name, slug, sample: true, created_at: now })
      .onConflictDoNothing()
      .returning();
    if (row) return { project: entryOf(row), made: true };
  }
  throw new Error(`no free slug for the sample of team ${team_id} after ${MAX_SLUG_ROUNDS} rounds`);
}

function entryOf(row: typeof project.$inferSelect): ProjectEntry {
  const { id, name, slug, sample, created_at } = row;
  return { id, name, slug, sample, created_at: created_at.toISOString() };
}
