/** Heads of a project's chain that the archive noted: what the room's own log is compared with. */
import type { Head } from "../../schema/wire/http.ts";
import { MAX_ANCHORS } from "./limits.ts";

/**
 * The newest head, which alone commits to everything before it, and others
 * evenly spaced before it, which say how early a rewritten history departs.
 * A segment that ends inside a commit has none. Ascending by seq.
 */
export async function readAnchors(db: D1Database, project_id: string): Promise<Head[]> {
  const found = await db
    .prepare(
      `SELECT last_seq AS seq, head AS hash FROM (
         SELECT last_seq, head, row_number() OVER (ORDER BY first_seq DESC) - 1 AS back, count(*) OVER () AS segments
         FROM archive_segment WHERE project_id = ?1 AND head <> '')
       WHERE back % ((segments + ?2 - 1) / ?2) = 0 ORDER BY seq`,
    )
    .bind(project_id, MAX_ANCHORS)
    .all<Head>();
  return found.results;
}
