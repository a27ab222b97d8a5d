/** Do nine of ten truths lie within the intervals that were given when the work began? */
import { Forecaster, type Forecast } from "../../worker/insight/forecast/forecaster.ts";
import type { Measure } from "../../worker/insight/work/record.ts";
import { live } from "./history.ts";
import { share, type Row } from "./row.ts";
import type { Log } from "./source.ts";

export const ASKED = { low: 88, high: 92, words: "88–92 %" };
/** Fewer forecasts say nothing; the issue asks for at least as many. */
const LEAST = 200;

interface Count {
  n: number;
  hits: number;
  /** Of the medians and the forecasts as given: |ln(actual / predicted)|. */
  error: number;
  neighbours: number;
}

function play({ events }: Log, is: "task" | "feature", measure: Measure): Count {
  const forecaster = new Forecaster(measure);
  const awaited = new Map<string, Forecast>();
  const count: Count = { n: 0, hits: 0, error: 0, neighbours: 0 };
  const begins = measure === "lead" ? "created" : "started";
  live(events, {
    moment({ what, record, time_ms }) {
      if (record.is !== is) return;
      if (what === begins) {
        const said = forecaster.begin(record, time_ms);
        if (said !== null) awaited.set(record.id, said);
      }
      if (what !== "closed") return;
      const said = awaited.get(record.id);
      awaited.delete(record.id);
      const actual = forecaster.close(record, time_ms);
      if (actual === null || said === undefined || said.interval === null) return;
      count.n += 1;
      count.hits += actual >= said.interval.low && actual <= said.interval.high ? 1 : 0;
      count.error += Math.abs(Math.log(actual / said.value));
      count.neighbours += said.way === "neighbours" ? 1 : 0;
    },
  });
  return count;
}

const MEASURES: readonly [Measure, string][] = [
  ["lead", "created → closed"],
  ["work", "claimed → closed"],
  ["tokens", "tokens"],
  ["cost", "cost"],
];

/** `asked`: whether the figure is held against the tasks of this log. */
export function intervalRows(log: Log, asked: boolean): Row[] {
  const rows: Row[] = [];
  for (const is of ["task", "feature"] as const)
    for (const [measure, words] of MEASURES) {
      const { n, hits, neighbours } = play(log, is, measure);
      if (n === 0) continue;
      rows.push({
        data: log.name,
        what: `${is}s within their 90 % interval, ${words}`,
        value: share(hits, n),
        unit: "%",
        n,
        ...(asked && is === "task" && n >= LEAST ? { target: ASKED } : {}),
        ...(neighbours === 0 ? {} : { note: `${neighbours} by neighbours` }),
      });
    }
  return rows;
}
