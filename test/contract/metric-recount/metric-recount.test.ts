/**
 * Every metric, held against a recount in SQL: of recorded projects where they lie (else of an authored tracker), of the
 * simulated team, and of drawn logs for what neither tells (heartbeats, suites, runs after a merge). The live state and
 * the sums by the hour must both give what SQL gives, in every window and the one before it, whole and by group.
 */
import { afterAll, describe, expect, it } from "vitest";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { HOUR_MS } from "../../../schema/metric/slot.ts";
import { METRICS } from "../../../schema/metric/definition.ts";
import { measure, type Row } from "../../../schema/metric/measure.ts";
import { NOTHING_PLANTED } from "../../../cli/simulate/plant.ts";
import { simulate } from "../../../cli/simulate/simulate.ts";
import { sessions, stored, trackers } from "../../backtest/source.ts";
import { answersOf, type Answers } from "./answers.ts";
import { Recounted, RECOUNTS, type Counted } from "./database.ts";
import { oddLog, steadyLog } from "./odd-log.ts";

const WINDOWS = ["all", "30d", "7d", "24h"] as const;
const NOTHING: Counted = { value: null, n: 0, excluded: 0 };
/** What rests on closed tasks as they stand: of tasks that come back after they were forgotten, the live state tells less. */
const OF_CLOSED_TASKS = new Set([
  "throughput",
  "escalation_rate",
  "retry_budget_exhaustion",
  "retry_budget_used",
  "tokens_per_task",
  "efficiency_ratio",
  "time_to_merge",
  "reviewer_cycles",
]);

const simulated = simulate({
  seed: 7,
  start_ms: Date.UTC(2026, 0, 5, 9),
  features: 100,
  coders: 2,
  nights: false,
  planted: NOTHING_PLANTED,
});
const recorded = await sessions();
const logs: { name: string; events: StoredEvent[] }[] = [
  ...(await trackers()),
  ...(recorded === null ? [] : [recorded]),
  { name: "the simulated team", events: stored([...simulated.events]) },
  ...[1, 2].map((seed) => ({ name: `drawn log ${seed}`, events: oddLog(seed) })),
  { name: "an agent in step", events: steadyLog() },
];

/** Metrics that some log gave a value. */
const known = new Set<string>();

function expectSame(row: Row, counted: Counted): void {
  const { metric, group, value, n, excluded } = row;
  const about = `${metric} of ${group ?? "all"}`;
  expect([n, excluded], about).toEqual([counted.n, counted.excluded]);
  expectClose(value, counted.value, about);
}

/** Sums of fractions depend on the order of adding, in the last digits. */
function expectClose(value: number | null, counted: number | null, about: string): void {
  if (value === null || counted === null) return expect(value, about).toBe(counted);
  expect(Math.abs(value - counted), `${about}: ${value}, in SQL ${counted}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(counted)),
  );
}

function check(
  answers: Answers,
  source: "live" | "history",
  recount: Recounted,
  metric: string,
  now_ms = answers.now_ms,
): void {
  for (const window of WINDOWS)
    for (const by of [undefined, RECOUNTS[metric]?.by]) {
      const told = measure(answers[source], { now_ms, window, by, metrics: [metric] });
      const from = told.window.from ?? -Infinity;
      const counted = recount.count(metric, by ?? null, { from, to: Infinity, now_ms });
      if (source === "live" && answers.returned > 0 && OF_CLOSED_TASKS.has(metric)) {
        if (by !== undefined) continue;
        const sum = counted.get(null) ?? NOTHING;
        const row = told.rows[0];
        const apart = (row?.n ?? 0) + (row?.excluded ?? 0) - sum.n - sum.excluded;
        expect(Math.abs(apart), metric).toBeLessThanOrEqual(answers.returned);
        continue;
      }
      const previous =
        told.window.previous === null
          ? null
          : recount.count(metric, by ?? null, { from: told.window.previous, to: from, now_ms });
      for (const row of told.rows) {
        expectSame(row, counted.get(row.group) ?? NOTHING);
        if (previous !== null)
          expectClose(row.previous, previous.get(row.group)?.value ?? null, `${metric} before`);
        if (row.value !== null) known.add(metric);
      }
      if (told.omitted_groups > 0) continue;
      const groups = new Set(told.rows.map(({ group }) => group));
      for (const [group, { n, excluded }] of counted)
        expect(n + excluded === 0 || groups.has(group), `${metric} has a group ${group ?? "null"}`).toBe(
          true,
        );
    }
}

describe.each(logs)("the metrics of $name", { timeout: 180_000 }, ({ name, events }) => {
  const answers = answersOf(events);
  const recount = new Recounted(events);
  afterAll(() => recount.close());

  it.each(METRICS.map(({ id }) => id))("%s is what SQL counts, live and by the hour", (metric) => {
    expect(RECOUNTS[metric], "every metric has a recount").toBeDefined();
    check(answers, "live", recount, metric);
    check(answers, "history", recount, metric);
  });

  // A window that begins inside of the work, between a task's first word and its approval.
  it.runIf(name.startsWith("drawn")).each(METRICS.map(({ id }) => id))(
    "%s is what SQL counts, asked half a day later",
    (metric) => {
      for (const source of ["live", "history"] as const)
        check(answers, source, recount, metric, answers.now_ms + 13 * HOUR_MS);
    },
  );
});

it("gives each of the 24 metrics a value in at least one of the logs", () => {
  expect(METRICS.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([]);
});
