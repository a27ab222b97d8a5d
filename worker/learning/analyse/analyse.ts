/**
 * The built-in analyst: rules and statistics, no model. Pure, so that a reflection that runs twice says the same (B2).
 *
 *   FeatureCase ─▶ one function per group of patterns ─▶ Pattern[], the costliest first
 */
import { eventTime } from "../../../schema/event/event.ts";
import { Loops } from "../../insight/anomaly/loop.ts";
import { attempts, fullWindows } from "./attempt.ts";
import type { FeatureCase } from "./case.ts";
import { causes } from "./cause.ts";
import { withoutResent } from "./closing.ts";
import { defects } from "./defect.ts";
import { flakyTests } from "./flaky.ts";
import { outliers } from "./outlier.ts";
import { evidenceOf, type Pattern } from "./pattern.ts";
import { recurrences } from "./recurrence.ts";
import { redone } from "./redone.ts";
import { reopenings } from "./reopened.ts";
import { reviews } from "./review.ts";
import { vouching } from "./vouch.ts";
import { contentions, handoffs, questions } from "./wait.ts";

/** By figures, and by what an agent did itself; causes look by themselves at who says them. */
const ALONE: readonly ((one: FeatureCase) => Pattern[])[] = [outliers, attempts, causes, fullWindows, loops];

/** By endings and words, which any key may tell of any work. */
const VOUCHED: readonly ((one: FeatureCase) => Pattern[])[] = [
  reviews,
  reopenings,
  redone,
  recurrences,
  flakyTests,
  contentions,
  questions,
  defects,
  handoffs,
];

export function analyse({ events, ...rest }: FeatureCase): Pattern[] {
  const one = { ...rest, events: withoutResent(events) };
  return [...ALONE.flatMap((look) => look(one)), ...VOUCHED.flatMap((look) => vouching(one, look))].sort(
    (a, b) => (b.time_ms ?? 0) - (a.time_ms ?? 0) || b.effect.value - a.effect.value,
  );
}

function loops({ events }: FeatureCase): Pattern[] {
  const watch = new Loops();
  const worst = new Map<string, Pattern>();
  for (const event of events) {
    const loop = watch.note(event, eventTime(event));
    if (loop === null) continue;
    const key = JSON.stringify([loop.agent_id, loop.task_id, loop.tool]);
    const known = worst.get(key);
    const time_ms = eventTime(event) - loop.since;
    if (known !== undefined && (known.time_ms ?? 0) >= time_ms) continue;
    worst.set(key, {
      kind: "loop",
      is_good: false,
      tasks: loop.task_id === null ? [] : [loop.task_id],
      evidence: evidenceOf(loop.evidence),
      effect: { value: loop.calls, usual: null, unit: "times", samples: loop.of },
      facts: { tool: loop.tool, agent: loop.agent_id },
      time_ms,
    });
  }
  return [...worst.values()];
}
