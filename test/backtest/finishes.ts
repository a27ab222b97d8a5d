/** Are four of five features done by the 80th percentile that was said when their first task came into being? */
import { binomialRange } from "../../schema/metric/statistic/binomial.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { FeatureFinishes, type FeatureFinish } from "../../worker/insight/forecast/feature-finish.ts";
import type { Live } from "../../worker/insight/forecast/finish.ts";
import { Pool } from "../../worker/insight/target/pool.ts";
import { recordOfTask } from "../../worker/insight/work/record.ts";
import { live } from "./history.ts";
import { share, type Row } from "./row.ts";
import type { Log } from "./source.ts";

/** An agent that was heard within it is at work. */
const ACTIVE_MS = 60 * 60_000;

export function finishRows(logs: readonly Log[]): Row[] {
  const each = logs.map((log) => ({ log, ...play(log) }));
  const rows = each.flatMap(({ log, n, by_50, by_80 }) => [
    rowOf(log.name, 0.8, by_80, n, false),
    rowOf(log.name, 0.5, by_50, n, false),
  ]);
  const sum = (of: (one: (typeof each)[number]) => number): number =>
    each.reduce((total, one) => total + of(one), 0);
  const is_recorded = logs.every((log) => log.is_recorded);
  const all = rowOf(
    logs.length > 1 ? "both" : (logs[0]?.name ?? ""),
    0.8,
    sum((one) => one.by_80),
    sum((one) => one.n),
    is_recorded,
  );
  return logs.length > 1 ? [...rows, all] : rows;
}

function rowOf(data: string, level: number, hits: number, n: number, asked: boolean): Row {
  const { low, high } = binomialRange(n, level);
  const range = { low: share(low, n), high: share(high, n) };
  return {
    data,
    what: `features done by their P${level * 100}`,
    value: share(hits, n),
    unit: "%",
    n,
    ...(asked
      ? { target: { ...range, words: `${range.low.toFixed(1)}–${range.high.toFixed(1)} % (binomial, 95 %)` } }
      : {}),
  };
}

function play({ events }: Log): { n: number; by_50: number; by_80: number } {
  const [work, lead] = [new Pool("work"), new Pool("lead")];
  const finishes = new FeatureFinishes();
  const awaited = new Map<string, FeatureFinish>();
  const count = { n: 0, by_50: 0, by_80: 0 };
  live(events, {
    moment({ what, record, time_ms, seq }, state) {
      if (record.is === "task" && what === "closed") for (const pool of [work, lead]) pool.close(record);
      if (record.is === "task" && what === "created" && record.feature_id !== null) {
        if (awaited.has(record.feature_id) || state.closed_features.has(record.feature_id)) return;
        const said = finishes.begin(record.feature_id, liveOf(state, time_ms, seq, work, lead));
        if (said !== null) awaited.set(record.feature_id, said);
      }
      if (record.is !== "feature" || what !== "closed") return;
      const said = awaited.get(record.id);
      awaited.delete(record.id);
      finishes.close(record.id, time_ms);
      if (said === undefined || record.outcome !== "finished" || time_ms <= said.made_ms) return;
      count.n += 1;
      count.by_50 += time_ms - said.made_ms <= said.p50_ms ? 1 : 0;
      count.by_80 += time_ms - said.made_ms <= said.p80_ms ? 1 : 0;
    },
  });
  return count;
}

function liveOf(state: ProjectState, now_ms: number, seq: number, work: Pool, lead: Pool): Live {
  const agents = [...state.agents.values()].filter(
    ({ status, last_seen }) => status === "active" && now_ms - last_seen < ACTIVE_MS,
  );
  const tasks = [...state.open_tasks.values()].map((task) => recordOfTask(task));
  return { seq, now_ms, tasks, agents: agents.length, work, lead };
}
