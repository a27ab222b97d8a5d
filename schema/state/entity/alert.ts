export const SEVERITIES = ["info", "warning", "critical"] as const;

export type Severity = (typeof SEVERITIES)[number];

/** What was measured, beside what should be; in the unit of the alert's metric. */
export interface AlertFigures {
  value: number | null;
  target: number | null;
  /** How many observations the value rests on. */
  samples: number | null;
}

/** One episode of something that somebody should look at. */
export interface Alert extends AlertFigures {
  id: string;
  /** The rule that found it. */
  rule: string;
  metric: string | null;
  severity: Severity;
  title: string | null;
  /** What happened, since when, and what to do next. */
  message: string | null;
  /** Whom it is about. */
  agent_id: string | null;
  task_id: string | null;
  feature_id: string | null;
  /** The file that it is about; absent in what was stored before that was told. */
  path?: string | null;
  /** How often it was raised, the first time included. */
  times: number;
  /** Event time at which what it tells of began; null: nobody said. Of an import it lies long before it was raised. */
  since: number | null;
  raised_at: number;
  /** Of the words and figures: how things stood then. */
  said_at: number;
  updated_at: number;
  cleared_at: number | null;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  /** Nobody is told of it before; null: it is not silent. */
  snoozed_until: number | null;
  assignee: string | null;
  first_seq: number;
  last_seq: number;
}
