/** `GET /v1/metrics` on the wire. The table of metrics is schema/metric/definition.ts. */
import type { Measures } from "../metric/measure.ts";

export interface MetricsResponse extends Measures {
  /** The last event that is counted. */
  seq: number;
  /** Where it was added up: in the room's live state and its tally, or in the archive. */
  source: "live" | "history";
}
