import { CLOSED_TASK } from "./cost.ts";
import { inWindow, type Recount } from "./metric-sql.ts";

/** The time between two events of an agent one after the other, with what its last word before it was. */
export const GAP = `
CREATE TABLE gap AS
SELECT agent, role, feature, seq, type, data, t, since, t - since AS ms,
  CASE
    -- A heartbeat of an idle agent leaves it idle; any other makes it active.
    WHEN was = 'agent_heartbeat' AND was_other = 'agent_idle' THEN 'idle'
    WHEN was = 'agent_idle' THEN 'idle' WHEN was = 'agent_stopped' THEN 'stopped' WHEN was = 'agent_crashed' THEN 'crashed'
    ELSE 'active' END AS state
FROM (
  SELECT p.*, lag(t) OVER own AS since, lag(type) OVER own AS was,
    (SELECT o.type FROM placed o WHERE o.agent = p.agent AND o.type <> 'agent_heartbeat' AND (o.t, o.seq) < (p.t, p.seq)
      ORDER BY o.t DESC, o.seq DESC LIMIT 1) AS was_other
  FROM (SELECT agent, feature, seq, type, data, t, coalesce(role, (SELECT coalesce(k.role, k.data ->> 'role') FROM placed k WHERE k.seq = e.role_seq)) AS role FROM placed e) p
  WINDOW own AS (PARTITION BY agent ORDER BY t, seq)
) WHERE since IS NOT NULL;
CREATE INDEX gap_agent ON gap (agent, t, seq);
`;

export const RELIABILITY: Record<string, Recount> = {
  agent_uptime: {
    by: "role",
    sql: `
SELECT grp, 1.0 * sum(up) / nullif(sum(up + down), 0) AS value, sum(gaps) AS n, sum(absent) AS excluded FROM (
  -- Up to five minutes between two events are up, and told by the later one.
  SELECT {by} AS grp, ms AS up, 0 AS down, 1 AS gaps, 0 AS absent FROM gap
  WHERE state = 'active' AND ms > 0 AND ms <= 300000 AND ${inWindow("t")}
  UNION ALL
  -- A longer silence, or the time after a crash, is down while it lasts; beyond a day nobody knows.
  SELECT {by}, 0, max(0, min(t, :to) - max(since, :from)), ${inWindow("since")}, 0 FROM gap
  WHERE ms > 0 AND ms <= 86400000 AND (state = 'crashed' OR (state = 'active' AND ms > 300000)) AND since < :to AND t > :from
  UNION ALL
  SELECT {by}, 0, 0, 0, 1 FROM gap WHERE state IN ('active', 'crashed') AND ms > 86400000 AND ${inWindow("t")})
GROUP BY grp`,
  },
  escalation_rate: {
    by: "agent",
    sql: `
WITH closed AS (SELECT grp, avg(escalations > 0) AS rate, count(*) AS n FROM (${CLOSED_TASK}) GROUP BY grp),
loose AS (SELECT {by} AS grp, count(*) AS n FROM placed WHERE type = 'escalated_to_user' AND task IS NULL AND ${inWindow("t")} GROUP BY 1)
SELECT coalesce(c.grp, l.grp) AS grp, c.rate AS value, coalesce(c.n, 0) AS n, coalesce(l.n, 0) AS excluded
FROM closed c FULL JOIN loose l ON l.grp IS c.grp`,
  },
  retry_budget_exhaustion: {
    by: "agent",
    sql: `
WITH closed AS (SELECT grp, count(*) AS n FROM (${CLOSED_TASK}) GROUP BY grp),
spent AS (SELECT {by} AS grp, count(*) AS n FROM (SELECT t, worker AS agent FROM before WHERE type = 'retry_budget_exhausted')
  WHERE ${inWindow("t")} GROUP BY 1)
SELECT coalesce(c.grp, s.grp) AS grp, coalesce(s.n, 0) AS value, max(coalesce(c.n, 0), coalesce(s.n, 0)) AS n, 0 AS excluded
FROM closed c FULL JOIN spent s ON s.grp IS c.grp`,
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
    AND NOT EXISTS (SELECT 1 FROM gap g WHERE g.seq = p.seq AND g.state = 'crashed'))
GROUP BY grp`,
  },
};
