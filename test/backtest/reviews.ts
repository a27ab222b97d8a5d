/** Is the probability that a reviewer asks for changes better than always saying the rate? */
import { brier, type Foretold } from "../../schema/metric/statistic/brier.ts";
import { Reviews } from "../../worker/insight/forecast/review.ts";
import { live } from "./history.ts";
import type { Row } from "./row.ts";
import type { Log } from "./source.ts";

export function reviewRows({ name, events }: Log): Row[] {
  const reviews = new Reviews();
  const scored: (Foretold & { base: number })[] = [];
  live(events, {
    event(event, state) {
      const found = reviews.note(event, state).scored;
      if (found !== undefined) scored.push(found);
    },
  });
  const base = brier(scored.map((one) => ({ probability: one.base, came: one.came })));
  const said = brier(scored);
  if (base === null || said === null) return [];
  const what = "change requests foretold, Brier score (lower is better)";
  return [
    {
      data: name,
      what,
      value: said,
      unit: "score",
      n: scored.length,
      target: { low: 0, high: base, words: `≤ ${base.toFixed(3)}, of the rate alone` },
    },
  ];
}
