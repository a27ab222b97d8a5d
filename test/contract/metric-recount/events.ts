/**
 * The raw events as SQL sees them. Nothing but their JSON and the list of known types goes in; what follows is
 * written from the words of DESIGN and of the tables of schema/state, and shares no line with them.
 *
 *   log (JSON) ──▶ event ──▶ placed (with the feature it counts for) ──▶ course.ts ──▶ one query per metric
 */
export const EVENTS = `
CREATE TABLE event AS
SELECT
  body ->> 'seq' AS seq,
  -- event_time = min(timestamp, received_at), ms.
  CAST(round(1000 * min(unixepoch(body ->> 'timestamp', 'subsec'), unixepoch(body ->> 'received_at', 'subsec'))) AS INTEGER) AS t,
  body ->> 'event_type' AS type,
  body ->> 'agent_id' AS agent,
  body ->> 'agent_role' AS role,
  body ->> 'task_id' AS task,
  body ->> 'feature_id' AS named_feature,
  body -> 'metadata' AS data,
  body -> 'metrics' AS figures
FROM log WHERE body ->> 'event_type' IN (SELECT type FROM known);
CREATE INDEX event_seq ON event (seq);

-- Whose work it is: the feature that the event names, else the one that its task was last created for, else the one
-- that the task was first seen with.
CREATE TABLE placed AS
SELECT e.seq, e.t, e.type, e.agent, e.role, e.task, e.named_feature, e.data, e.figures, e.role_seq,
  coalesce(e.named_feature, CASE WHEN e.task IS NOT NULL
    THEN (SELECT f.named_feature FROM event f WHERE f.seq = coalesce(e.created_seq, e.first_seq)) END) AS feature
FROM (
  SELECT *,
    max(CASE WHEN type = 'task_created' AND named_feature IS NOT NULL THEN seq END) OVER of_task AS created_seq,
    min(CASE WHEN named_feature IS NOT NULL THEN seq END) OVER of_task AS first_seq,
    -- Where the sender last said what its role is.
    max(CASE WHEN role IS NOT NULL OR (type = 'agent_initialized' AND data ->> 'role' IS NOT NULL) THEN seq END)
      OVER (PARTITION BY agent ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS role_seq
  FROM event WINDOW of_task AS (PARTITION BY task ORDER BY seq)
) e;
CREATE INDEX placed_seq ON placed (seq);
CREATE INDEX placed_task ON placed (task, type, seq);
CREATE INDEX placed_agent ON placed (agent, t, seq);
CREATE INDEX placed_type ON placed (type);

-- Events that are work: not those by which an agent only says that it is there, or gone.
CREATE VIEW work AS SELECT t, t / 3600000 AS hour, feature, agent FROM placed
WHERE type NOT IN ('agent_heartbeat', 'agent_idle', 'agent_stopped', 'agent_crashed');
`;

/**
 * Files that events tell of. A task's: the most that one names or counts. A feature's: the distinct ones that are named
 * while their task is of it, of more than 64 only that they are more; or, if it is more, the most that one of its tasks
 * has told while it was of it, or what is told of the feature itself.
 */
export const FILES = `
CREATE TABLE told_of_task AS
SELECT seq, task, data, type IN ('task_created', 'task_claimed', 'task_started', 'task_progress', 'task_completed',
    'task_merged', 'agent_submitted', 'review_requested', 'coder_resubmitted') AS names,
  -- The task's own feature: an event may name another one.
  (SELECT f.named_feature FROM event f WHERE f.seq = coalesce(created_seq, first_seq)) AS feature,
  CASE WHEN type IN ('agent_submitted', 'task_completed', 'task_merged') THEN figures ->> 'files_changed' END AS changed
FROM (
  SELECT *, max(CASE WHEN type = 'task_created' AND named_feature IS NOT NULL THEN seq END) OVER of_task AS created_seq,
    min(CASE WHEN named_feature IS NOT NULL THEN seq END) OVER of_task AS first_seq
  FROM event WHERE task IS NOT NULL WINDOW of_task AS (PARTITION BY task ORDER BY seq));

CREATE TABLE files_of_task AS
SELECT seq, task, feature, max(max(
  coalesce(CASE WHEN names THEN (SELECT min(50, count(DISTINCT value)) FROM json_each(data, '$.files')) END, 0),
  coalesce(changed, 0))) OVER (PARTITION BY task ORDER BY seq) AS files
FROM told_of_task;

CREATE TABLE files_of_feature AS
SELECT id, max(files) AS files FROM (
  SELECT feature AS id, files FROM files_of_task
  UNION ALL
  SELECT t.feature, min(65, count(DISTINCT f.value)) FROM told_of_task t, json_each(t.data, '$.files') f
  WHERE t.names AND f.type = 'text' GROUP BY 1
  UNION ALL
  SELECT feature, coalesce(CASE WHEN type = 'feature_planned'
      THEN max(coalesce((SELECT min(50, count(DISTINCT value)) FROM json_each(data, '$.files')), 0), coalesce(figures ->> 'file_count', 0))
      ELSE figures ->> 'files_changed' END, 0)
  FROM placed WHERE type IN ('feature_planned', 'feature_completed', 'feature_merged')
) WHERE id IS NOT NULL GROUP BY id;
CREATE INDEX files_of_feature_id ON files_of_feature (id);
`;
