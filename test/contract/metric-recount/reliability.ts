import { CLOSED_TASK } from "./cost.ts";
import { inWindow, type Recount } from "./metric-sql.ts";

/** What tells nothing of whether an agent is at work; and after what it is at rest. */
const NEUTRAL = "('agent_heartbeat', 'agent_crashed', 'agent_recovered', 'tokens_used')";
const REST = `('agent_initialized', 'agent_idle', 'agent_stopped', 'task_completed', 'task_failed', 'task_merged', 'task_blocked',
  'handoff', 'agent_submitted', 'review_requested', 'coder_resubmitted', 'reviewer_approved', 'reviewer_changes_requested',
  'reviewer_rejected', 'feature_completed', 'feature_merged', 'feature_abandoned')`;

/** The time between two events of an agent one after the other, with what its last word before it was. */
export const GAP = `
CREATE TABLE gap AS
SELECT agent, role, feature, seq, type, data, t, since, t - since AS ms, was, t - beat AS beat_ms,
  CASE WHEN worked IS NULL OR rested >= worked THEN 'rest' WHEN beat IS NULL OR since - beat > 86400000 THEN 'unheard' WHEN was = 'agent_crashed' THEN 'crashed' ELSE 'active' END AS state
FROM (
  SELECT p.*, lag(t) OVER own AS since, lag(type) OVER own AS was,
    (SELECT max(o.t) FROM placed o WHERE o.agent = p.agent AND o.type IN ${REST} AND (o.t, o.seq) < (p.t, p.seq)) AS rested,
    (SELECT max(o.t) FROM placed o WHERE o.agent = p.agent AND o.type NOT IN ${NEUTRAL} AND o.type NOT IN ${REST}
      AND (o.t, o.seq) < (p.t, p.seq)) AS worked,
    (SELECT max(o.t) FROM placed o WHERE o.agent = p.agent AND o.type = 'agent_heartbeat' AND (o.t, o.seq) < (p.t, p.seq)) AS beat
  FROM (SELECT agent, feature, seq, type, data, t, coalesce(role, (SELECT coalesce(k.role, k.data ->> 'role') FROM placed k WHERE k.seq = e.role_seq)) AS role FROM placed e) p
  WINDOW own AS (PARTITION BY agent ORDER BY t, seq)
) WHERE since IS NOT NULL;
CREATE INDEX gap_agent ON gap (agent, t, seq);
`;

/** Whether heartbeats of agents at work come near enough to tell who is away. */
export const HEARD = `
CREATE TABLE heard AS SELECT coalesce(sum(beat_ms <= 300000) >= max(6, sum(beat_ms > 300000)), 0) AS heard
FROM gap WHERE type = 'agent_heartbeat' AND state <> 'rest' AND ms > 0 AND beat_ms <= 86400000;
`;

/** Whether the log tells how work goes; a tracker's tells only that tasks open and close. */
export const TOLD = `
CREATE TABLE told AS SELECT
  EXISTS (SELECT 1 FROM placed WHERE type IN ('tokens_used', 'reviewer_approved', 'reviewer_changes_requested', 'reviewer_rejected',
    'test_passed', 'test_failed', 'lint_passed', 'lint_error_found', 'coverage_measured', 'coverage_increased', 'integration_passed',
    'integration_failed', 'retry_budget_exhausted', 'agent_crashed', 'agent_recovered',
    'agent_submitted', 'review_requested', 'coder_resubmitted')
    OR (type = 'escalated_to_user' AND task IS NULL))
  OR EXISTS (SELECT 1 FROM gap WHERE state IN ('active', 'crashed') AND ms > 0 AND ms <= 86400000)
  OR EXISTS (SELECT 1 FROM task WHERE escalations > 0 AND closed_at IS NOT NULL) AS told;
`;

/** Whether approvals are told at all: of refusals alone no share follows. */
export const APPROVED = `
CREATE TABLE approvals AS SELECT EXISTS (SELECT 1 FROM placed WHERE type = 'reviewer_approved') AS known;
`;

export const RELIABILITY: Record<string, Recount> = {
  agent_uptime: {
    by: "role",
    sql: `
SELECT grp, CASE WHEN heard AND sum(up + down) >= 1800000 THEN 1.0 * sum(up) / sum(up + down) END AS value,
  iif(heard, round(sum(up + down) / 360000.0) / 10, 0) AS n, sum(absent) + iif(heard, 0, sum(piece)) AS excluded FROM (
  -- Up to five minutes between two events are up, and told by the later one.
  SELECT {by} AS grp, ms AS up, 0 AS down, 0 AS absent, 1 AS piece FROM gap
  WHERE state = 'active' AND ms > 0 AND ms <= 300000 AND ${inWindow("t")}
  UNION ALL
  -- A longer silence, or the time after a crash, is down while it lasts; beyond a day nobody knows.
  SELECT {by}, 0, max(0, min(t, :to) - max(since, :from)), 0, since >= :from FROM gap
  WHERE ms > 0 AND ms <= 86400000 AND (state = 'crashed' OR (state = 'active' AND ms > 300000)) AND since < :to AND t > :from
  UNION ALL
  SELECT {by}, 0, 0, 1, 0 FROM gap WHERE ((state IN ('active', 'crashed') AND ms > 86400000) OR (state = 'unheard' AND ms > 300000)) AND ${inWindow("t")})
CROSS JOIN heard GROUP BY grp`,
  },
  escalation_rate: {
    by: "agent",
    sql: `
WITH closed AS (SELECT grp, avg(escalations > 0) AS rate, count(*) AS n FROM (${CLOSED_TASK}) GROUP BY grp),
loose AS (SELECT {by} AS grp, count(*) AS n FROM placed WHERE type = 'escalated_to_user' AND task IS NULL AND ${inWindow("t")} GROUP BY 1)
SELECT coalesce(c.grp, l.grp) AS grp, iif(told, c.rate, NULL) AS value, iif(told, coalesce(c.n, 0), 0) AS n,
  iif(told, coalesce(l.n, 0), coalesce(c.n, 0)) AS excluded
FROM (closed c FULL JOIN loose l ON l.grp IS c.grp) CROSS JOIN told`,
  },
  retry_budget_exhaustion: {
    by: "agent",
    sql: `
WITH closed AS (SELECT grp, count(*) AS n FROM (${CLOSED_TASK}) GROUP BY grp),
spent AS (SELECT {by} AS grp, count(*) AS n FROM (SELECT t, worker AS agent FROM before WHERE type = 'retry_budget_exhausted')
  WHERE ${inWindow("t")} GROUP BY 1)
SELECT coalesce(c.grp, s.grp) AS grp, iif(told, coalesce(s.n, 0), NULL) AS value,
  iif(told, max(coalesce(c.n, 0), coalesce(s.n, 0)), 0) AS n, iif(told, 0, coalesce(c.n, 0)) AS excluded
FROM (closed c FULL JOIN spent s ON s.grp IS c.grp) CROSS JOIN told`,
  },
  state_recovery: {
    by: "agent",
    sql: `
SELECT grp, 1.0 * sum(clean) / nullif(sum(crashed), 0) AS value, sum(crashed) AS n, sum(stray) AS excluded FROM (
  -- A recovery counts with its crash: the agent's very next event, and nothing lost.
  SELECT {by} AS grp, 1 AS crashed, coalesce((SELECT g.type = 'agent_recovered' AND coalesce(g.data ->> 'state_restored', 1) <> 0
    FROM gap g WHERE g.agent = p.agent AND (g.t, g.seq) > (p.t, p.seq) ORDER BY g.t, g.seq LIMIT 1), 0) AS clean, 0 AS stray
  FROM placed p WHERE type = 'agent_crashed' AND ${inWindow("t")}
  UNION ALL
  SELECT {by}, 0, 0, 1 FROM placed p WHERE type = 'agent_recovered' AND ${inWindow("t")}
    AND NOT EXISTS (SELECT 1 FROM gap g WHERE g.seq = p.seq AND g.was = 'agent_crashed'))
GROUP BY grp`,
  },
};
