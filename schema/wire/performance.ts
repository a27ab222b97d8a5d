/** `GET /v1/agents/performance` on the wire. */
import type { Performance } from "../metric/performance.ts";

export interface PerformanceResponse {
  seq: number;
  by: "agent" | "role";
  /** As in `GET /v1/metrics`. */
  window: { from: number | null; to: number | null; previous: number | null };
  performances: Performance[];
  omitted_groups: number;
}
