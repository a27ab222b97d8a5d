import { findMetric } from "../../../../schema/metric/definition.ts";
import { DAYS_ON_END } from "../../../../schema/metric/days.ts";
import type { Row } from "../../../../schema/metric/measure.ts";
import { originWords } from "../../../../schema/metric/reference.ts";
import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";
import { labelOf, missedAll } from "../days.ts";

/** Closed tasks of the newest day that are named: a person reads some. */
const MAX_EVIDENCE = 5;

/** The project as a whole misses a target, day after day. */
export const targetMissed: Rule = {
  id: "target_missed",
  hold_ms: 0,
  clear_ms: MINUTE_MS,
  believable:
    "Three whole days (UTC) on end, each by more than a tenth of the target and with five things behind it. One alert per metric until a day meets it: where the target itself is wrong for a project, it is told once and stands. What only wavers about its target is told less than once in eight runs of three days.",
  *conditions({ state, days }: Scene): Generator<Condition> {
    const newest = days.at(-1);
    if (newest === undefined) return;
    for (const { metric, value, target, n } of missedAll(days)) {
      yield {
        ...BARE,
        severity: "warning",
        title: `Target missed ${String(DAYS_ON_END)} days in a row: ${labelOf(metric)}`,
        message:
          `${findMetric(metric)?.words ?? ""}${held(target)} See the metrics by agent and by role: who or what moved it?`.trim(),
        metric,
        value,
        target: target?.value ?? null,
        samples: n,
        since_ms: newest.to_ms,
        evidence: closedBetween(state, newest.from_ms, newest.to_ms),
        apart: metric,
      };
    }
  },
};

/** By what: its amount stands in the alert's figures, which a link may hide. */
function held(target: Row["target"]): string {
  const origin = target === null ? null : originWords(target);
  return origin === null ? "" : ` Its target: ${origin}.`;
}

function closedBetween(state: Scene["state"], from_ms: number, to_ms: number): number[] {
  return [...state.closed_tasks.values()]
    .filter(({ closed_at }) => closed_at !== null && closed_at >= from_ms && closed_at < to_ms)
    .slice(-MAX_EVIDENCE)
    .map(({ last_seq }) => last_seq);
}
