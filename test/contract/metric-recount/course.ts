/** How each task and feature went, move by move, by the tables of work, review and ending in schema/state. */

const CLOSED = "('done', 'failed', 'merged')";
const SUBMISSION = "('agent_submitted', 'review_requested', 'coder_resubmitted')";
const REFUSAL = "('reviewer_changes_requested', 'reviewer_rejected')";
const RESTING =
  "CASE WHEN c.started_at IS NOT NULL THEN 'in_progress' WHEN c.claimed_at IS NOT NULL THEN 'claimed' ELSE 'pending' END";
/** The status that the move leads to. */
const NEXT = `CASE
  WHEN m.type = 'task_claimed' AND (c.status IN ('pending', 'failed')
    OR (c.is_named AND c.assignee <> m.who AND c.status IN ('in_progress', 'review'))) THEN 'claimed'
  WHEN m.type = 'task_started' OR m.type IN ${REFUSAL} THEN 'in_progress'
  WHEN m.type = 'task_progress' AND c.status IN ('pending', 'claimed') THEN 'in_progress'
  WHEN m.type = 'task_blocked' THEN 'blocked'
  WHEN m.type = 'task_unblocked' AND c.status = 'blocked' THEN ${RESTING}
  WHEN m.type = 'task_reopened' AND c.status IN ${CLOSED} THEN ${RESTING}
  WHEN m.type IN ${SUBMISSION} THEN 'review'
  WHEN m.type = 'task_completed' AND c.status <> 'merged' THEN 'done'
  WHEN m.type = 'task_failed' THEN 'failed'
  WHEN m.type = 'task_merged' THEN 'merged'
  ELSE c.status END`;

export const COURSE = `
CREATE TABLE move AS
SELECT task, seq, t, type, agent, row_number() OVER (PARTITION BY task ORDER BY t, seq) AS n,
  CASE type
    WHEN 'task_claimed' THEN coalesce(data ->> 'assignee', agent)
    WHEN 'handoff' THEN data ->> 'to_agent'
    ELSE data ->> 'assignee' END AS who
FROM placed
WHERE task IS NOT NULL AND type IN ('task_created', 'task_claimed', 'task_started', 'task_progress', 'task_blocked',
  'task_unblocked', 'task_reopened', 'task_completed', 'task_failed', 'task_merged', 'handoff', 'agent_submitted',
  'review_requested', 'coder_resubmitted', 'reviewer_approved', 'reviewer_changes_requested', 'reviewer_rejected');
UPDATE move SET who = NULL WHERE type NOT IN ('task_created', 'task_claimed', 'task_started', 'handoff');
CREATE INDEX move_task ON move (task, n);

CREATE TABLE course AS
WITH RECURSIVE step (task, n, seq, t, type, was, status, status_at, approved, attempts, claimed_at, started_at,
  submitted_at, closed_at, merged_at, is_named, worker, assignee) AS (
  -- Pending since anything named it: an approval moves no status, and so is none the first moment of one.
  SELECT task, 0, 0, 0, '', 'pending', 'pending', min(t), 0, 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL FROM placed
    WHERE task IN (SELECT task FROM move) GROUP BY task
  UNION ALL
  SELECT m.task, m.n, m.seq, m.t, m.type, c.status, ${NEXT},
    CASE WHEN ${NEXT} <> c.status THEN m.t ELSE coalesce(c.status_at, m.t) END,
    CASE WHEN m.type = 'reviewer_approved' THEN 1 WHEN m.type IN ${REFUSAL} THEN 0
      WHEN c.status IN ${CLOSED} AND ${NEXT} NOT IN ${CLOSED} THEN 0 ELSE c.approved END,
    -- Work begins: from waiting or closed, or for the first time.
    c.attempts + (${NEXT} <> c.status AND ${NEXT} IN ('claimed', 'in_progress', 'review')
      AND (c.status = 'pending' OR c.status IN ${CLOSED} OR c.attempts = 0)),
    coalesce(c.claimed_at, CASE WHEN m.type = 'task_claimed' THEN m.t END),
    coalesce(c.started_at, CASE WHEN ${NEXT} = 'in_progress' AND c.status <> 'in_progress' THEN m.t END),
    coalesce(c.submitted_at, CASE WHEN m.type IN ${SUBMISSION} THEN m.t END),
    CASE
      -- Merged before anybody said that it is done: it was done when they say.
      WHEN m.type = 'task_completed' AND c.status = 'merged' AND c.closed_at = c.merged_at THEN m.t
      WHEN ${NEXT} = c.status OR (c.status = 'done' AND ${NEXT} = 'merged') THEN c.closed_at
      WHEN ${NEXT} IN ${CLOSED} THEN m.t END,
    CASE WHEN ${NEXT} = c.status THEN c.merged_at WHEN ${NEXT} = 'merged' THEN m.t END,
    c.is_named OR m.who IS NOT NULL,
    c.assignee,
    -- Who starts it is guessed to do it, until somebody is named.
    coalesce(m.who, c.assignee, CASE WHEN m.type = 'task_started' THEN m.agent END)
  FROM step c JOIN move m ON m.task = c.task AND m.n = c.n + 1
)
SELECT * FROM step WHERE n > 0;
CREATE INDEX course_task ON course (task, seq);

CREATE TABLE last_step AS SELECT *, max(n) FROM course GROUP BY task;
CREATE INDEX last_step_task ON last_step (task);

-- Each task that any event names, as it stands in the end.
CREATE TABLE task AS
SELECT id, c.status, c.status_at, c.approved, coalesce(c.attempts, 0) AS attempts, c.claimed_at, c.submitted_at,
  c.closed_at, c.merged_at, c.assignee AS agent,
  (SELECT p.named_feature FROM placed p WHERE p.task = id AND p.named_feature IS NOT NULL
    ORDER BY p.type = 'task_created' DESC, CASE WHEN p.type = 'task_created' THEN -p.seq ELSE p.seq END LIMIT 1) AS feature,
  (SELECT p.data ->> 'kind' FROM placed p WHERE p.task = id AND p.type = 'task_created' AND p.data ->> 'kind' IS NOT NULL
    ORDER BY p.t DESC, p.seq DESC LIMIT 1) AS kind,
  (SELECT min(t) FROM placed p WHERE p.task = id AND p.type = 'task_created') AS created_at,
  (SELECT count(*) FROM placed p WHERE p.task = id AND p.type IN ${REFUSAL}) AS refusals,
  (SELECT count(*) FROM placed p WHERE p.task = id AND p.type = 'escalated_to_user') AS escalations
FROM (SELECT DISTINCT task AS id FROM placed WHERE task IS NOT NULL)
LEFT JOIN last_step c ON c.task = id;
CREATE INDEX task_id ON task (id);

-- The status and the assignee of the task just before an event about it.
CREATE VIEW before AS
SELECT p.*,
  (SELECT c.status FROM course c WHERE c.task = p.task AND c.seq < p.seq ORDER BY c.seq DESC LIMIT 1) AS task_status,
  coalesce((SELECT c.assignee FROM course c WHERE c.task = p.task AND c.seq < p.seq ORDER BY c.seq DESC LIMIT 1), p.agent) AS worker
FROM placed p;
`;

export const FEATURES = `
CREATE TABLE feature_move AS
SELECT feature AS id, seq, t, type, row_number() OVER (PARTITION BY feature ORDER BY t, seq) AS n FROM placed
WHERE feature IS NOT NULL AND type IN ('feature_completed', 'feature_merged', 'feature_abandoned', 'feature_reopened');
CREATE INDEX feature_move_id ON feature_move (id, n);

CREATE TABLE feature_course AS
WITH RECURSIVE step (id, n, seq, t, status, status_at, closed_at) AS (
  SELECT DISTINCT id, 0, 0, 0, 'open', 0, NULL FROM feature_move
  UNION ALL
  SELECT m.id, m.n, m.seq, m.t, next.status,
    CASE WHEN next.status = c.status THEN c.status_at ELSE m.t END,
    CASE
      WHEN next.status = 'open' THEN NULL
      WHEN m.type = 'feature_completed' AND c.status = 'merged' AND c.closed_at = c.status_at THEN m.t
      WHEN next.status = c.status OR (c.status = 'done' AND next.status = 'merged') THEN c.closed_at
      ELSE m.t END
  FROM step c JOIN feature_move m ON m.id = c.id AND m.n = c.n + 1
  JOIN (SELECT 'feature_completed' AS type, 'done' AS status UNION ALL SELECT 'feature_merged', 'merged'
    UNION ALL SELECT 'feature_abandoned', 'abandoned' UNION ALL SELECT 'feature_reopened', 'open'
    UNION ALL SELECT 'kept', 'merged') next
    ON next.type = CASE WHEN m.type = 'feature_completed' AND c.status = 'merged' THEN 'kept' ELSE m.type END
)
SELECT * FROM step WHERE n > 0;

CREATE TABLE feature AS
SELECT id, status, status_at, closed_at,
  (SELECT p.data ->> 'kind' FROM placed p WHERE p.feature = id AND p.type IN ('feature_requested', 'feature_planned')
    AND p.data ->> 'kind' IS NOT NULL ORDER BY p.t DESC, p.seq DESC LIMIT 1) AS kind
FROM (SELECT *, max(n) FROM feature_course GROUP BY id);
`;
