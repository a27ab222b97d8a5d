/** The metrics as the room knows them: from the live state and the tally beside it. */
import { measure, type Ask, type Measures } from "../../schema/metric/measure.ts";
import { knownOf } from "../../schema/metric/source.ts";
import type { MetricsReply, Principal, Refusal } from "./contract.ts";
import type { Live } from "./memory.ts";

export function readMetrics(live: Pick<Live, "get">, principal: Principal, ask: Ask): MetricsReply | Refusal {
  // Groups are names, features and models; no view of a link names the metrics.
  if (principal.kind === "share") return { ok: false, reason: "not_shared" };
  const { state, tally, seq } = live.get();
  const measures: Measures = measure(knownOf(state, tally), ask);
  return { ok: true, seq, ...measures };
}
