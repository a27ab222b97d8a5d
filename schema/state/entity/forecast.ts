/** What was foretold of a task or feature, and what came; figures in the unit of the metric. */
export interface Foretold {
  id: string;
  metric: string;
  method: string | null;
  task_id: string | null;
  feature_id: string | null;
  predicted: number | null;
  low: number | null;
  high: number | null;
  /** The share of truths that the interval is to hold. */
  coverage: number | null;
  samples: number | null;
  actual: number | null;
  made_at: number | null;
  scored_at: number | null;
  seq: number;
}
