/**
 * Which lessons go when there are too many. A project pays for what it holds beyond its share, so that no key of one
 * destroys what another learned (T1).
 *
 *   a project holds more than its share ─▶ its own go
 *   the team holds too many             ─▶ those of the project that holds most: that is over its share of what there is
 *                                          └ not the one that just spoke? what a person decided about, and what the
 *                                            team shares, is safe
 *
 * What was quarantined or retired leaves its verdict behind (judged.ts).
 */
import { EVICTED_AT_ONCE, MAX_LESSONS, MAX_LESSONS_OF_PROJECT } from "./limits.ts";

/** @param project whose event was just taken. Answers the lessons' keys. */
export function surplus(sql: SqlStorage, project: string): number[] {
  const held = sql
    .exec<{ project: string; n: number }>(
      "SELECT project, count(*) AS n FROM lesson GROUP BY project ORDER BY n DESC, project = ? DESC",
      project,
    )
    .toArray();
  const own = held.find((one) => one.project === project)?.n ?? 0;
  if (own > MAX_LESSONS_OF_PROJECT) return leastOf(sql, project, true);
  const total = held.reduce((sum, { n }) => sum + n, 0);
  const [most] = held;
  if (total <= MAX_LESSONS || most === undefined) return [];
  const others = most.project === project ? [] : leastOf(sql, most.project, false);
  return others.length > 0 ? others : leastOf(sql, project, true);
}

/**
 * What was retired first, then what nobody decided about and matters least, and was of no use for longest. What a person
 * taught or approved, and what the team shares, comes last, and only `with_decided`.
 */
function leastOf(sql: SqlStorage, project: string, with_decided: boolean): number[] {
  return sql
    .exec<{ pk: number }>(
      `SELECT pk FROM (
         SELECT pk, status, importance, used_ms,
           scope = 'team' OR coalesce(json_extract(kept, '$.approved'), 0) = 1
             OR coalesce(json_extract(kept, '$.provenance.kind'), '') = 'person' AS is_decided
         FROM lesson WHERE project = ?1)
       WHERE is_decided = 0 OR ?2 = 1 ORDER BY
         CASE WHEN status = 'retired' THEN 0 WHEN is_decided THEN 4 WHEN status = 'quarantined' THEN 1
           WHEN status = 'proposed' THEN 2 ELSE 3 END,
         importance, used_ms LIMIT ?3`,
      ...[project, Number(with_decided), EVICTED_AT_ONCE],
    )
    .toArray()
    .map(({ pk }) => pk);
}
