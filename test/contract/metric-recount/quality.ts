import { inWindow, type Recount } from "./metric-sql.ts";

/** Each suite's latest figure in the window, by group. */
export const LATEST_COVERAGE = `
SELECT grp, suite, percent, lines, max(place) FROM (
  SELECT {by} AS grp, coalesce(data ->> 'suite', data ->> 'name', '') AS suite, figures ->> 'coverage_percent' AS percent,
    figures ->> 'lines' AS lines, row_number() OVER (ORDER BY t, seq) AS place
  FROM (SELECT *, worker AS agent FROM (SELECT b.t, b.seq, b.type, b.data, b.figures, b.worker, b.feature FROM before b
    WHERE type IN ('coverage_measured', 'coverage_increased')))
  WHERE percent BETWEEN 0 AND 100 AND ${inWindow("t")})
GROUP BY grp, suite`;
export const COVERAGE_BY_GROUP = `
SELECT grp, CASE WHEN count(*) = count(CASE WHEN lines > 0 THEN 1 END) THEN 1.0 * sum(percent * lines) / sum(lines)
  ELSE avg(percent) END / 100.0 AS coverage
FROM (${LATEST_COVERAGE}) GROUP BY grp`;

/**
 * Submissions to review, and what lint says of them: the last result since the submission before and outside of a review,
 * else the first one while the reviewer looks. A result counts when it is told.
 */
export const LINT = `
CREATE TABLE lint AS SELECT seq, t, task, type = 'lint_passed' AS passed, worker AS agent, task_status = 'review' AS in_review
FROM before WHERE type IN ('lint_passed', 'lint_error_found') AND task IS NOT NULL;
CREATE INDEX lint_task ON lint (task, seq);
CREATE TABLE submission AS
SELECT seq, t, task, worker AS agent, row_number() OVER in_order > 1 AS is_again,
  coalesce(lag(seq) OVER in_order, 0) AS since, coalesce(lead(seq) OVER in_order, 9e15) AS until
FROM before WHERE type IN ('agent_submitted', 'review_requested', 'coder_resubmitted') AND task IS NOT NULL
  AND coalesce(task_status, 'pending') <> 'review'
WINDOW in_order AS (PARTITION BY task ORDER BY seq);
CREATE TABLE lint_of_submission AS
SELECT s.seq, s.agent AS submitter, s.t AS submitted_at, l.passed, CASE WHEN l.seq < s.seq THEN s.t ELSE l.t END AS told_at,
  CASE WHEN l.seq < s.seq THEN s.agent ELSE l.agent END AS agent
FROM submission s LEFT JOIN lint l ON l.seq = coalesce(
  (SELECT max(seq) FROM lint b WHERE b.task = s.task AND b.seq > s.since AND b.seq < s.seq AND NOT coalesce(b.in_review, 0)),
  (SELECT min(seq) FROM lint b WHERE b.task = s.task AND b.seq > s.seq AND b.seq < s.until AND b.in_review));
`;

/** Submissions that name no task. */
export const LOOSE = `SELECT {by} AS grp, count(*) AS n FROM placed
  WHERE type IN ('agent_submitted', 'review_requested', 'coder_resubmitted') AND task IS NULL AND ${inWindow("t")} GROUP BY 1`;

export const QUALITY: Record<string, Recount> = {
  test_coverage: {
    by: "agent",
    sql: `
SELECT r.grp, c.coverage AS value, r.n, r.excluded FROM (${COVERAGE_BY_GROUP}) c
RIGHT JOIN (SELECT {by} AS grp, count(CASE WHEN told THEN 1 END) AS n, count(CASE WHEN NOT told THEN 1 END) AS excluded
  FROM (SELECT t, coalesce(figures ->> 'coverage_percent' BETWEEN 0 AND 100, 0) AS told, worker AS agent FROM before
    WHERE type IN ('coverage_measured', 'coverage_increased'))
  WHERE ${inWindow("t")} GROUP BY 1) r ON r.grp IS c.grp`,
  },
  lint_pass_rate: {
    by: "agent",
    sql: `
WITH submitted AS (SELECT {by} AS grp, count(*) AS n FROM submission WHERE ${inWindow("t")} GROUP BY 1),
told AS (SELECT {by} AS grp, avg(passed) AS rate, count(*) AS n FROM lint_of_submission
  WHERE passed IS NOT NULL AND ${inWindow("told_at")} GROUP BY 1)
SELECT coalesce(t.grp, s.grp, l.grp) AS grp, t.rate AS value, coalesce(t.n, 0) AS n,
  max(0, coalesce(s.n, 0) - coalesce(t.n, 0)) + coalesce(l.n, 0) AS excluded
FROM submitted s FULL JOIN told t ON t.grp IS s.grp FULL JOIN (${LOOSE}) l ON l.grp IS coalesce(t.grp, s.grp)`,
  },
  integration_failures: {
    by: "feature",
    sql: `
SELECT {by} AS grp, CASE WHEN count(CASE WHEN NOT early THEN 1 END) > 0
    THEN count(CASE WHEN NOT early AND type = 'integration_failed' THEN 1 END) END AS value,
  count(CASE WHEN NOT early THEN 1 END) AS n, count(CASE WHEN early THEN 1 END) AS excluded
FROM (
  SELECT p.*,
    -- Known not to be merged by then: neither the task nor the feature was, and what the run is about is known from its beginning.
    NOT coalesce((SELECT merged_at FROM course c WHERE c.task = p.task AND c.seq < p.seq ORDER BY c.seq DESC LIMIT 1) <= p.t, 0)
    AND coalesce((SELECT c.status <> 'merged' FROM feature_course c WHERE c.id = p.feature AND c.seq < p.seq ORDER BY c.n DESC LIMIT 1), 1)
    AND CASE WHEN p.task IS NOT NULL
      THEN EXISTS (SELECT 1 FROM placed c WHERE c.task = p.task AND c.type = 'task_created' AND c.seq < p.seq)
      ELSE EXISTS (SELECT 1 FROM placed c WHERE c.feature = p.feature AND c.type IN ('feature_requested', 'feature_planned') AND c.seq < p.seq)
    END AS early
  FROM placed p WHERE type IN ('integration_passed', 'integration_failed') AND ${inWindow("t")})
GROUP BY 1`,
  },
  bug_escape_rate: {
    by: "kind",
    sql: `
SELECT {by} AS grp, avg(CASE WHEN is_old THEN escaped END) AS value, count(CASE WHEN is_old THEN 1 END) AS n,
  count(CASE WHEN NOT is_old THEN 1 END) AS excluded
FROM (
  SELECT f.*,
    -- Sums are kept by the hour: an hour that is not a week old as a whole may hold merges of which nobody knows yet.
    (f.status_at / 3600000 + 1) * 3600000 <= :now - 7 * 86400000 AS is_old,
    EXISTS (SELECT 1 FROM bug b JOIN feature_move m ON m.id = f.id AND m.type = 'feature_merged'
      WHERE b.feature = f.id AND b.t BETWEEN m.t AND m.t + 7 * 86400000 AND m.t <= f.status_at) AS escaped
  FROM feature f WHERE status = 'merged' AND ${inWindow("status_at")})
GROUP BY 1`,
  },
};

/** A bug is the feature's that it names as its cause, or whose task it names; else the one that it is reported about. */
export const BUG = `
CREATE TABLE bug AS
SELECT t, CASE WHEN cause IS NULL THEN feature
  WHEN EXISTS (SELECT 1 FROM placed f WHERE f.feature = cause AND f.seq <= b.seq) THEN cause
  ELSE (SELECT p.feature FROM placed p WHERE p.task = cause AND p.feature IS NOT NULL AND p.seq <= b.seq ORDER BY p.seq DESC LIMIT 1)
  END AS feature
FROM (SELECT t, seq, feature, data ->> 'caused_by' AS cause FROM placed WHERE type = 'bug_reported') b;
`;
