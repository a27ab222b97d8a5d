/** What like work may take, as it was last recalibrated; null where a view does not show it. */
export interface LearnedTarget {
  /** `lead`, `work`: ms; `tokens`; `cost`: US dollars. */
  metric: string;
  /** The stratum: what it is, its kind, its complexity. */
  scope: string;
  method: string | null;
  target: number | null;
  previous: number | null;
  samples: number | null;
  /** Event time, ms. */
  at: number;
  seq: number;
}
