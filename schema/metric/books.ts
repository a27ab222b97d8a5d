/** What is added up of one group: for the window, and for the times before it. */
import type { Attributed } from "./attribution.ts";
import type { Ledger } from "./ledger.ts";
import type { StepLedgers } from "./series.ts";

/** Of the window alone. */
export interface Within {
  now: Ledger;
  /** The window again, step by step; null where nobody asked for it. */
  steps: StepLedgers | null;
  /** Whose the cost of the window is; null where nobody asked for it, or nobody knows. */
  attributed: Attributed | null;
}

export interface Books extends Within {
  previous: Ledger;
  /** Before the previous window. */
  older: Ledger;
}
