/** Metrics of arbitrary logs: always a finite number or unknown, and the same whenever the tally was stored. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { METRICS } from "../../schema/metric/definition.ts";
import { GROUPINGS, measure, type Row } from "../../schema/metric/measure.ts";
import { knownOf } from "../../schema/metric/source.ts";
import { Tally } from "../../schema/metric/tally.ts";
import { WINDOWS } from "../../schema/metric/window.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { decodeState, stateText } from "../../schema/state/encode.ts";
import type { WireState } from "../../schema/state/state.ts";
import { hostileLog } from "./hostile-events.ts";

const RUNS = { numRuns: 300 };
const RATIOS = [
  "test_coverage",
  "lint_pass_rate",
  "bug_escape_rate",
  "agent_uptime",
  "escalation_rate",
  "state_recovery",
  "reviewer_pass_rate",
];

function counted(events: readonly StoredEvent[], stored_every = Infinity) {
  let state = createState();
  let tally = new Tally();
  state.observer = tally;
  events.forEach((event, i) => {
    apply(state, event);
    if ((i + 1) % stored_every !== 0) return;
    const slots = JSON.parse(JSON.stringify(tally.encode())) as ReturnType<Tally["encode"]>;
    tally = Tally.decode(tally.now_ms, slots);
    state = decodeState(JSON.parse(stateText(state)) as WireState);
    state.observer = tally;
  });
  return { state, tally };
}

function check(row: Row): void {
  for (const number of [row.value, row.previous, row.change, row.target?.value ?? null])
    expect(number === null || Number.isFinite(number), JSON.stringify(row)).toBe(true);
  for (const amount of [row.n, row.excluded])
    expect(amount >= 0 && Number.isFinite(amount), JSON.stringify(row)).toBe(true);
  if (RATIOS.includes(row.metric) && row.value !== null)
    expect(row.value >= 0 && row.value <= 1 + 1e-9, JSON.stringify(row)).toBe(true);
  if (
    row.n === 0 &&
    row.metric !== "features_per_hour" &&
    row.metric !== "features_per_wall_hour" &&
    row.metric !== "throughput" &&
    row.metric !== "retry_budget_exhaustion"
  )
    expect(row.value, JSON.stringify(row)).toBe(null);
  expect(row.status === "unknown", JSON.stringify(row)).toBe(row.value === null || row.target === null);
}

describe("metrics of arbitrary logs", { timeout: 60_000 }, () => {
  it("are finite or unknown, in every window and by every group", () => {
    fc.assert(
      fc.property(
        hostileLog,
        fc.constantFrom(...WINDOWS),
        fc.constantFrom(undefined, ...GROUPINGS),
        (events, window, by) => {
          const { state, tally } = counted(events);
          const { rows } = measure(knownOf(state, tally), { now_ms: state.time, window, by });
          if (by === undefined) expect(rows).toHaveLength(METRICS.length);
          rows.forEach(check);
        },
      ),
      RUNS,
    );
  });

  it("[S1] are the same when state and tally are stored and revived after every k-th event", () => {
    fc.assert(
      fc.property(hostileLog, fc.integer({ min: 1, max: 7 }), (events, k) => {
        const whole = counted(events);
        const revived = counted(events, k);
        expect(JSON.stringify(revived.tally.encode())).toBe(JSON.stringify(whole.tally.encode()));
      }),
      RUNS,
    );
  });
});
