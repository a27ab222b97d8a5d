/** The team of a project, which never changes: asked once by each copy of the Worker. */
import { eq } from "drizzle-orm";
import { project } from "../../schema/table/tables.ts";
import { openDatabase } from "./database.ts";

/** Null: there is no such project. */
export type TeamOf = (d1: D1Database, project_id: string) => Promise<string | null>;

/** Projects remembered at once, some 50 bytes each. */
const MAX_REMEMBERED_PROJECTS = 10_000;

/** Make one and keep it. */
export function createTeamOf(): TeamOf {
  const remembered = new Map<string, string>();
  return async (d1, project_id) => {
    const known = remembered.get(project_id);
    if (known !== undefined) return known;
    const [row] = await openDatabase(d1)
      .select({ team_id: project.team_id })
      .from(project)
      .where(eq(project.id, project_id));
    if (row === undefined) return null;
    if (remembered.size >= MAX_REMEMBERED_PROJECTS) remembered.clear();
    remembered.set(project_id, row.team_id);
    return row.team_id;
  };
}
