import { CLOSED_TASK } from "./cost.ts";
import { inWindow, perHour, type Recount } from "./metric-sql.ts";
import { LOOSE } from "./quality.ts";

/** Checks that failed, and those that passed when the last run of the same check on the same task had failed. */
export const CHECK = `
CREATE TABLE checked AS
SELECT t, worker AS agent, type IN ('test_failed', 'lint_error_found') AS failed,
  task IS NOT NULL AND type IN ('test_passed', 'lint_passed') AND lag(type) OVER (
    PARTITION BY task, type IN ('test_passed', 'test_failed') ORDER BY t, seq) IN ('test_failed', 'lint_error_found') AS fixed
FROM before WHERE type IN ('test_passed', 'test_failed', 'lint_passed', 'lint_error_found');
`;

export const AGENT: Record<string, Recount> = {
  throughput: {
    by: "agent",
    sql: perHour("1.0 * count(*)", `SELECT grp FROM (${CLOSED_TASK}) WHERE status <> 'failed'`),
  },
  reviewer_pass_rate: {
    by: "agent",
    sql: `
SELECT {by} AS grp, iif(known, avg(type = 'reviewer_approved'), NULL) AS value, iif(known, count(*), 0) AS n, iif(known, 0, count(*)) AS excluded
FROM (SELECT t, type, worker AS agent FROM before WHERE type IN ('reviewer_approved', 'reviewer_changes_requested', 'reviewer_rejected'))
CROSS JOIN approvals WHERE ${inWindow("t")} GROUP BY 1`,
  },
  error_to_fix_ratio: {
    by: "agent",
    sql: `
SELECT {by} AS grp, 1.0 * sum(failed) / nullif(sum(fixed), 0) AS value, sum(fixed) AS n, 0 AS excluded
FROM checked WHERE ${inWindow("t")} GROUP BY 1`,
  },
  tokens_per_task: {
    by: "agent",
    sql: `SELECT grp, avg(tokens) AS value, count(tokens) AS n, count(*) - count(tokens) AS excluded FROM (${CLOSED_TASK}) GROUP BY grp`,
  },
  resubmissions: {
    by: "agent",
    sql: `
WITH told AS (SELECT {by} AS grp, 1.0 * sum(is_again) / nullif(sum(NOT is_again), 0) AS value, sum(NOT is_again) AS n
  FROM submission WHERE ${inWindow("t")} GROUP BY 1)
SELECT coalesce(s.grp, l.grp) AS grp, s.value, coalesce(s.n, 0) AS n, coalesce(l.n, 0) AS excluded
FROM told s FULL JOIN (${LOOSE}) l ON l.grp IS s.grp`,
  },
  retry_budget_used: {
    by: "agent",
    sql: `
SELECT grp, avg(CASE WHEN attempts > 0 THEN attempts - 1 END) AS value, count(CASE WHEN attempts > 0 THEN 1 END) AS n,
  count(CASE WHEN attempts = 0 THEN 1 END) AS excluded
FROM (${CLOSED_TASK}) GROUP BY grp`,
  },
};
