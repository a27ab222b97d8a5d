import { inWindow, perHour, type Recount } from "./metric-sql.ts";
import { LOOSE } from "./quality.ts";

const FEATURES = `SELECT {by} AS grp FROM (SELECT id AS feature, closed_at FROM feature WHERE status IN ('done', 'merged'))
  WHERE ${inWindow("closed_at")}`;

/** None at all within two hours of the first event says nothing yet. */
const OLD_ENOUGH = "min(:to, :now) - :first >= 7200000";

export const VELOCITY: Record<string, Recount> = {
  features_per_hour: {
    by: "feature",
    sql: `SELECT grp, CASE WHEN n > 0 OR ${OLD_ENOUGH} THEN value END AS value, n, excluded FROM (${perHour("1.0 * count(*)", FEATURES)})`,
  },
  features_per_wall_hour: {
    by: "feature",
    sql: `
WITH counted AS (SELECT grp, count(*) AS n FROM (${FEATURES}) GROUP BY grp),
worked AS (SELECT DISTINCT {by} AS grp FROM work WHERE ${inWindow("t")})
SELECT coalesce(c.grp, w.grp) AS grp,
  CASE WHEN n > 0 OR ${OLD_ENOUGH} THEN coalesce(n, 0) * 3600000.0 / nullif(max(0, min(:to, :now) - max(:from, :first)), 0) END AS value,
  coalesce(n, 0) AS n, 0 AS excluded
FROM worked w FULL JOIN counted c ON c.grp IS w.grp`,
  },
  time_to_review: {
    by: "agent",
    sql: `
WITH told AS (SELECT {by} AS grp, avg(CASE WHEN claimed_at <= submitted_at THEN submitted_at - claimed_at END) AS value,
    count(CASE WHEN claimed_at <= submitted_at THEN 1 END) AS n,
    count(CASE WHEN claimed_at IS NULL OR claimed_at > submitted_at THEN 1 END) AS excluded
  FROM task WHERE ${inWindow("submitted_at")} GROUP BY 1)
SELECT coalesce(t.grp, l.grp) AS grp, t.value, coalesce(t.n, 0) AS n, coalesce(t.excluded, 0) + coalesce(l.n, 0) AS excluded
FROM told t FULL JOIN (${LOOSE}) l ON l.grp IS t.grp`,
  },
  time_to_merge: {
    by: "kind",
    sql: `
SELECT {by} AS grp, avg(CASE WHEN created_at <= merged_at THEN merged_at - created_at END) AS value,
  count(CASE WHEN created_at <= merged_at THEN 1 END) AS n,
  count(CASE WHEN created_at IS NULL OR created_at > merged_at THEN 1 END) AS excluded
FROM task WHERE ${inWindow("merged_at")} GROUP BY 1`,
  },
  reviewer_cycles: {
    by: "feature",
    sql: `
SELECT {by} AS grp, avg(CASE WHEN approved THEN refusals END) AS value, count(CASE WHEN approved THEN 1 END) AS n,
  count(CASE WHEN NOT approved THEN 1 END) AS excluded
FROM task WHERE ${inWindow("coalesce(closed_at, status_at)")} AND (approved OR (closed_at IS NOT NULL AND refusals > 0))
GROUP BY 1`,
  },
};
