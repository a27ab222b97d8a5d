import { describe, expect, it } from "vitest";
import { METRICS } from "../../schema/metric/definition.ts";
import type { Spent } from "../../schema/metric/attribution.ts";
import type { Row } from "../../schema/metric/measure.ts";
import { metricsResponse } from "../../schema/wire/metrics-body.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { metricIds, timeOf } from "../command/measured.ts";
import { costLines } from "./cost-lines.ts";
import { metricTable } from "./metric-table.ts";

const HOSTILE = "coder\u001b]52;c;evil\u0007\n\u202eb";
const START_MS = Date.UTC(2026, 10, 22, 9);

function row(metric: string, more: Partial<Row> = {}): Row {
  const none = { value: null, n: 0, excluded: 0, target: null, previous: null, change: null } as const;
  return { metric, group: null, ...none, status: "unknown", ...more };
}
function answer(rows: Row[], more: Partial<MetricsResponse> = {}): MetricsResponse {
  const window = { from: START_MS, to: null, previous: START_MS - 86_400_000 };
  return metricsResponse.parse({
    seq: 9,
    source: "live",
    window,
    rows,
    omitted_groups: 0,
    truncated_until: null,
    ...more,
  });
}
const linesOf = (text: string) => text.split("\n");

describe("the table of metrics", () => {
  it("says how to ask for more where nothing in the time tells of anything, and only there", () => {
    const empty = answer([row("time_to_review"), row("throughput")]);
    expect(metricTable(empty, undefined)).toContain("--window all");
    const whole = { ...empty, window: { from: null, to: null, previous: null } };
    expect(metricTable(whole, undefined)).not.toContain("--window all");
    expect(metricTable(answer([row("throughput", { value: 1, n: 1 })]), undefined)).not.toContain("--window");
  });

  it("stands in columns, each figure with its unit, sample, target, status in words and change", () => {
    const text = metricTable(
      answer([
        row("time_to_review", {
          ...{ value: 554_000, n: 1_200, excluded: 3, target: { bound: "<", value: 300_000 } },
          ...{ status: "missed", previous: 254_000, change: 300_000 },
        }),
        row("lint_pass_rate", { value: 0.985, n: 200, target: { bound: ">", value: 0.98 }, status: "met" }),
        row("throughput", { value: 1.25, n: 5, previous: 1.5, change: -0.25 }),
        row("cost_per_hour", { value: 0.8, n: 12 }),
        row("tokens_per_feature", { value: 21_600, n: 2, previous: 21_600, change: 0 }),
      ]),
      undefined,
    );
    expect(linesOf(text)).toEqual([
      "metric                      value      n  target           status       change         excluded",
      "──────────────────  ─────────────  ─────  ───────────────  ───────────  ─────────────  ────────",
      "Time to review         9 min 14 s  1,200  < 5 min          ✗ missed     +5 min worse          3",
      "Lint pass rate             98.5 %    200  > 98 %           ✓ met        unknown               0",
      "Throughput                 1.25/h      5  –                – no target  −0.25/h worse         0",
      "Cost per hour             $0.80/h     12  no cap set       ? unknown    unknown               0",
      "Tokens per feature  21.6 k tokens      2  no baseline yet  ? unknown    none                  0",
      "",
      "Time to review: 3 left out (tasks without a claim, or submitted before it, and submissions that name no task)",
      "Cost per hour: an owner or admin sets a cap in the project's settings, under Measures",
      "From 2026-11-22 09:00 UTC to now; change: against the time from 2026-11-21 09:00 UTC on.",
    ]);
  });
  it("[M2] says unknown for every metric of which nothing is known, and never 0", () => {
    const text = metricTable(answer(METRICS.map(({ id }) => row(id))), undefined);
    for (const [i, { label }] of METRICS.entries())
      expect(linesOf(text)[i + 2]).toMatch(new RegExp(`^${label} +unknown +0 `));
    expect(text.match(/\? unknown/g)).toHaveLength(METRICS.length);
    expect(metricTable(answer([]), "agent")).toMatch(/^Nothing happened/);
  });
  it("[P2] cleans names, and names what has none", () => {
    const text = metricTable(
      answer([row("throughput", { group: HOSTILE, value: 1, n: 1 }), row("throughput")], {
        omitted_groups: 4,
      }),
      "agent",
    );
    // Nothing that steers a terminal is left but the ends of our own lines.
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toMatch(/^coder\]52;c;evil b +Throughput/m);
    expect(text).toMatch(/^\(no agent\) /m);
    expect(text).toContain("4 more groups");
  });
  it("draws the window with gaps for steps of which nothing is known", () => {
    const series = (values: (number | null)[]) => ({
      series: { from: START_MS, step_ms: 3_600_000, values, n: values.map(() => 1) },
    });
    const rows = [
      row("throughput", {
        value: 1,
        n: 1,
        ...series([0, null, 2, null, 4, null, 6, null, 8, null, 10, null]),
      }),
      row("cost", series([null, null])),
    ];
    const lines = linesOf(metricTable(answer(rows), undefined));
    expect(lines[0]).toMatch(/ trend$/);
    expect(lines[2]).toMatch(/▁ ▂ ▄ ▅ ▇ █$/);
    expect(lines[3]).toMatch(/unknown$/);
  });
});

describe("cost by role", () => {
  const part = (
    group: string | null,
    usd: number | null,
    n: number,
    excluded = 0,
    priced: number | null = 0,
  ) => [
    row("cost", { group, value: usd, n, excluded }),
    row("priced_cost", { group, value: usd === null ? null : priced, n, excluded }),
  ];
  it("is a line each, with a total that is their sum", () => {
    const rows = [...part("architect", 0.08, 2), ...part("coder", 0.22, 5), ...part("reviewer", 0.04, 1)];
    expect(costLines(answer(rows), "role")).toBe(
      "Total: $0.34\narchitect: $0.08\ncoder: $0.22\nreviewer: $0.04",
    );
  });
  it("[M2] says what was priced here, and what has no price", () => {
    const rows = [
      ...part(HOSTILE, 0.3, 5, 0, 0.1),
      ...part("priced", 0.1 + 0.2, 1, 2, 0.3),
      ...part("free", 0, 1),
      ...part(null, null, 0, 1),
      ...part("silent", null, 0),
    ];
    expect(linesOf(costLines(answer(rows, { omitted_groups: 2 }), "role"))).toEqual([
      "Total: $0.60 ($0.20 reported, $0.40 priced) + 3 calls without a price",
      "coder]52;c;evil b: $0.30 ($0.20 reported, $0.10 priced)",
      "priced: $0.30 (priced) + 2 calls without a price",
      "free: $0.00",
      "(no role): unknown: 1 call without a price",
      "Not in it: 2 groups with less work in them",
    ]);
    expect(costLines(answer([]), "role")).toBe("Total: unknown: no model call was reported");
  });

  const calls = (known_calls: number, reported_usd: number, priced_usd = 0, missing = 0): Spent => ({
    ...{ calls: known_calls + missing, known_calls, reported_usd, priced_usd, tokens: 10 },
  });
  const split = (group: string | null, attributed: Row["attributed"]): Row =>
    row("cost", { group, value: 9, n: 9, attributed });
  const attribution = { from: null, why: null };
  it("[M1] of a feature is its own and its share, and says how much is shared", () => {
    const rows = [
      split("architect", { own: calls(1, 0.08), shared: calls(0, 0) }),
      split("coder", { own: calls(4, 0.18), shared: calls(1.5, 0.04) }),
      split("reviewer", { own: calls(1, 0.03), shared: calls(0.5, 0.01) }),
      split("silent", { own: calls(0, 0), shared: calls(0, 0) }),
    ];
    expect(costLines(answer(rows, { attribution }), "role")).toBe(
      "Total: $0.34\narchitect: $0.08\ncoder: $0.22\nreviewer: $0.04\nof which shared $0.05 by task share",
    );
  });
  it("[M1] by feature counts what was shared once, with its price and without", () => {
    const none = calls(0, 0);
    const rows = [
      split("add-auth", { own: calls(2, 0.2), shared: calls(4 / 3, 0.06, 0.02, 2 / 3) }),
      split("search", { own: none, shared: calls(0, 0, 0, 1 / 3) }),
      split(null, { own: none, shared: none, unassigned: calls(1, 0.04) }),
    ];
    const why = "The tasks of then are gone.";
    const lines = linesOf(costLines(answer(rows, { attribution: { from: START_MS, why } }), "feature"));
    expect(lines).toEqual([
      "Total: $0.32 ($0.30 reported, $0.02 priced) + 1 call without a price",
      "add-auth: $0.28 ($0.26 reported, $0.02 priced) + 0.67 calls without a price, of which shared $0.08 ($0.06 reported, $0.02 priced) + 0.67 calls without a price by task share",
      "search: unknown: 0.33 calls without a price, of which shared unknown: 0.33 calls without a price by task share",
      "(no feature): $0.04",
      "of which shared $0.08 ($0.06 reported, $0.02 priced) + 1 call without a price by task share",
      `Not shared before 2026-11-22 09:00 UTC: ${why}`,
    ]);
  });
  it("of the archive is what the calls name, and says that nothing is shared", () => {
    const rows = part("coder", 0.2, 2).map((row) => ({ ...row, attributed: null }));
    const text = costLines(answer(rows, { attribution: { from: null, why: "Ask the live state." } }), "role");
    expect(linesOf(text)).toEqual(["Total: $0.20", "coder: $0.20", "Not shared: Ask the live state."]);
  });
});

describe("names of metrics", () => {
  it("are ids, or beginnings that one alone has", () => {
    expect(metricIds(["efficiency", "cost,throughput", "cost"])).toEqual([
      "efficiency_ratio",
      "cost",
      "throughput",
    ]);
    expect(() => metricIds(["time"])).toThrow(/more than one.*time_to_review, time_to_merge/);
    expect(() => metricIds(["nonsense"])).toThrow(/no metric "nonsense".*throughput/);
    expect(() => metricIds([""])).toThrow(/no metric/);
  });
  it("and durations are before now", () => {
    expect(timeOf("2h", START_MS)).toBe(String(START_MS - 7_200_000));
    expect(timeOf("2026-11-22T09:00:00Z", START_MS)).toBe("2026-11-22T09:00:00Z");
    expect(timeOf(undefined, START_MS)).toBeUndefined();
  });
});
