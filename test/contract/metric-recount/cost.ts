import { inWindow, perHour, type Recount } from "./metric-sql.ts";
import { COVERAGE_BY_GROUP } from "./quality.ts";

/** Model calls, with all tokens that they took; reasoning is part of the output. */
export const CALL = `
CREATE TABLE call AS
SELECT t, seq, task, feature, agent, data ->> 'model' AS model,
  coalesce(figures ->> 'input_tokens', 0) + coalesce(figures ->> 'cache_read_tokens', 0)
    + coalesce(figures ->> 'cache_write_tokens', 0) + coalesce(figures ->> 'output_tokens', 0) AS tokens,
  figures ->> 'cost_usd' AS usd, coalesce(data ->> 'cost_source', '') = 'priced' AS is_priced
FROM placed WHERE type = 'tokens_used';
CREATE INDEX call_task ON call (task);
CREATE INDEX call_feature ON call (feature);
`;

const CALLS = `SELECT {by} AS grp, usd, is_priced FROM call WHERE ${inWindow("t")}`;
const spent = (usd: string) => `
SELECT grp, CASE WHEN count(usd) > 0 THEN ${usd} END AS value, count(usd) AS n, count(*) - count(usd) AS excluded
FROM (${CALLS}) GROUP BY grp`;

/** Mean of the parts of quality of which something is known. */
const PARTS = `
SELECT grp, iif(known, 1.0 * approved / verdicts, NULL) AS part FROM (SELECT {by} AS grp, count(CASE WHEN type = 'reviewer_approved' THEN 1 END) AS approved,
  count(*) AS verdicts FROM (SELECT t, type, worker AS agent FROM before
    WHERE type IN ('reviewer_approved', 'reviewer_changes_requested', 'reviewer_rejected')) WHERE ${inWindow("t")} GROUP BY 1) CROSS JOIN approvals
UNION ALL
SELECT grp, passed / nullif(passed + failed, 0) FROM (SELECT {by} AS grp,
    sum(1.0 * coalesce(figures ->> 'passed', type = 'test_passed')) AS passed,
    sum(1.0 * coalesce(figures ->> 'failed', type = 'test_failed')) AS failed
  FROM (SELECT t, type, figures, worker AS agent FROM before WHERE type IN ('test_passed', 'test_failed')) WHERE ${inWindow("t")} GROUP BY 1)
UNION ALL
SELECT {by}, avg(passed) FROM lint_of_submission WHERE passed IS NOT NULL AND ${inWindow("told_at")} GROUP BY 1
UNION ALL
SELECT grp, coverage FROM (${COVERAGE_BY_GROUP})
UNION ALL
SELECT {by}, 1 - avg(escaped) FROM (
  SELECT NULL AS agent, EXISTS (SELECT 1 FROM bug b JOIN feature_move m ON m.id = f.id AND m.type = 'feature_merged'
    WHERE b.feature = f.id AND b.t BETWEEN m.t AND m.t + 7 * 86400000 AND m.t <= f.status_at) AS escaped
  FROM feature f WHERE status = 'merged' AND ${inWindow("status_at")} AND (status_at / 3600000 + 1) * 3600000 <= :now - 7 * 86400000)
GROUP BY 1`;

/** Closed tasks with the tokens of all their calls; null where there was none. */
export const CLOSED_TASK = `
SELECT {by} AS grp, k.* FROM (
  SELECT t.agent, t.feature, t.attempts, t.status, t.escalations,
    (SELECT nullif(sum(tokens), 0) FROM call c WHERE c.task = t.id) AS tokens
  FROM task t WHERE closed_at IS NOT NULL AND ${inWindow("closed_at")}) k`;

export const COST: Record<string, Recount> = {
  tokens_per_feature: {
    by: "complexity",
    sql: `
SELECT {by} AS grp, avg(tokens) AS value, count(tokens) AS n, count(*) - count(tokens) AS excluded FROM (
  SELECT (SELECT nullif(sum(tokens), 0) FROM call c WHERE c.feature = f.id) AS tokens,
    CASE WHEN s.files < 5 THEN 'simple' WHEN s.files <= 20 THEN 'medium' WHEN s.files > 20 THEN 'complex' END AS complexity
  FROM feature f LEFT JOIN files_of_feature s ON s.id = f.id AND s.files > 0
  WHERE status IN ('done', 'merged') AND ${inWindow("closed_at")})
GROUP BY 1`,
  },
  cost: { by: "model", sql: spent("sum(usd)") },
  priced_cost: { by: "feature", sql: spent("sum(CASE WHEN is_priced THEN usd ELSE 0 END)") },
  cost_per_hour: {
    by: "agent",
    sql: `SELECT grp, CASE WHEN n > 0 THEN value END AS value, n, excluded FROM (${perHour(
      "sum(usd)",
      CALLS,
      "count(usd)",
      "sum(usd)",
      "count(*) - count(usd)",
    )})`,
  },
  efficiency_ratio: {
    by: "agent",
    sql: `
WITH took AS (SELECT grp, avg(tokens) AS tokens, count(tokens) AS n, count(*) - count(tokens) AS excluded FROM (${CLOSED_TASK}) GROUP BY grp),
quality AS (SELECT grp, avg(part) AS score FROM (${PARTS}) WHERE part IS NOT NULL GROUP BY grp)
SELECT t.grp, 1000 * q.score / nullif(t.tokens, 0) AS value, n, excluded FROM took t LEFT JOIN quality q ON q.grp IS t.grp`,
  },
};
