/** The pure parts of the metrics page: its address, cards, changes, reasons and sentence. */
import { describe, expect, it } from "vitest";
import { findMetric, METRICS } from "../../../schema/metric/definition.ts";
import type { Metric } from "../../../schema/metric/metric.ts";
import { createFormat } from "../format/format.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { readPlace, WINDOW_LENGTHS, windowQuery, withPlace } from "./address.ts";
import { cardOf, type DrawnRow } from "./card.ts";
import { changeOf } from "./change.ts";
import { groupsOf } from "./group.ts";
import { METRICS_TABLE, type MetricNumbers } from "./headline.ts";
import { SHELVES } from "./layout.ts";
import { summaryOf } from "./summary.ts";
import { whyUnknown } from "./why.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const format = createFormat({ locale: "en-GB", time_zone: "UTC", now_ms: NOW });
const metric = (id: string): Metric => findMetric(id) ?? expect.unreachable(id);
const context = { format, over: "last 24 hours", seen: null, now_ms: NOW, began_ms: null };
const CALM = [2, 2.2, 2, 2.2, 2, 2.2, 2, 2.2, 2, 2.2];

function row(id: string, part: Partial<DrawnRow> = {}): DrawnRow {
  return {
    ...{ metric: id, group: null, value: 2.2, n: 40, excluded: 0, status: "met", previous: 2, change: 0.2 },
    target: { bound: "<", value: 3 },
    ...part,
  };
}
/** Ends now, in steps of an hour. */
const series = (...values: (number | null)[]) => ({
  from: NOW - values.length * HOUR_MS,
  step_ms: HOUR_MS,
  values,
  n: values.map(() => 3),
});

describe("the address", () => {
  it("holds all that is shown, and nothing else is an error", () => {
    const query = new URLSearchParams("window=7d&metric=cost_per_hour&by=model&agent=coder-a&at=12");
    expect(readPlace(query)).toEqual({
      window: "7d",
      metric: "cost_per_hour",
      by: "model",
      filter: { agent: "coder-a" },
    });
    expect(readPlace(new URLSearchParams("window=<b>&metric=__proto__&by=&role="))).toEqual({
      window: "24h",
      metric: null,
      by: "agent",
      filter: {},
    });
  });
  it("changes in parts, keeps the moment, and does not say what goes without saying", () => {
    const query = new URLSearchParams("at=12&metric=cost");
    expect(withPlace(query, { window: "7d" })).toBe("?at=12&metric=cost&window=7d");
    expect(withPlace(query, { metric: null, window: "24h", by: "agent" })).toBe("?at=12");
    expect(withPlace(new URLSearchParams(), { agent: "a&b=c" })).toBe("?agent=a%26b%3Dc");
  });
  it("tells features apart by their kind at first, and by agents where that was chosen", () => {
    const query = new URLSearchParams("metric=features_per_hour");
    expect(readPlace(query).by).toBe("kind");
    expect(withPlace(query, { by: "agent" })).toBe("?metric=features_per_hour&by=agent");
    expect(withPlace(new URLSearchParams("by=agent"), { metric: "cost", by: "agent" })).toBe("?metric=cost");
  });
  it("opens a silent log with what reaches its last event, and then says its usual window", () => {
    const { window } = readPlace(new URLSearchParams(), "all");
    expect(window).toBe("all");
    expect(withPlace(new URLSearchParams(), { window: "24h" }, "all")).toBe("?window=24h");
    expect(withPlace(new URLSearchParams("window=24h"), { window: "all" }, "all")).toBe("?");
    expect(WINDOW_LENGTHS.map(([name]) => name)).toEqual(["1h", "24h", "7d", "30d", "all"]);
  });
  it("asks for the window that ended at the moment on screen", () => {
    expect(windowQuery("24h", null)).toEqual({ window: "24h" });
    expect(windowQuery("24h", NOW)).toEqual({
      from: "2026-11-22T12:00:00.000Z",
      to: "2026-11-23T12:00:00.000Z",
    });
    expect(windowQuery("all", NOW)).toEqual({ to: "2026-11-23T12:00:00.000Z" });
  });
});

it("every metric of the taxonomy stands on a shelf, once", () => {
  const shown = SHELVES.flatMap(({ metrics, aside }) => [...metrics, ...aside]).map(({ id }) => id);
  expect(shown.toSorted()).toEqual(METRICS.map(({ id }) => id).toSorted());
  expect(SHELVES.slice(0, 4).map(({ metrics }) => metrics.length)).toEqual([4, 4, 3, 4]);
});

describe("a change", () => {
  const of = (
    unit: Metric["unit"],
    direction: "up" | "down",
    value: number | null,
    previous: number | null,
  ) => changeOf({ unit, direction, value, previous, plain: false }, format);
  it("has an arrow for its way and a hue for its worth", () => {
    expect(of("usd_per_hour", "down", 2.28, 2)).toEqual({
      text: "+14%",
      arrow: "up",
      tone: "bad",
      words: "worse",
    });
    expect(of("ms", "down", 90, 100)).toMatchObject({ text: "−10%", arrow: "down", tone: "good" });
    expect(of("ratio", "up", 0.78, 0.82)).toMatchObject({ text: "−4 pt", arrow: "down", tone: "bad" });
    expect(of("count", "down", 0.47, 0.42)).toMatchObject({ text: "+0.05", tone: "bad" });
  });
  it("that is noise has neither", () => {
    expect(of("per_hour", "up", 101, 100)).toEqual({
      text: "+1%",
      arrow: null,
      tone: "flat",
      words: "no change",
    });
    expect(of("ratio", "up", 0.5, 0.5)?.text).toBe("±0");
  });
  it("from nothing has no percentage, and of the unknown there is none", () => {
    expect(of("usd", "down", 3, 0)?.text).toBe("+$3");
    expect([of("usd", "down", null, 1), of("usd", "down", 1, null)]).toEqual([null, null]);
  });
});

describe("what is unknown says why", () => {
  const coverage = metric("test_coverage");
  it("by the events that never came", () => {
    expect(whyUnknown(coverage, undefined, new Map())).toBe(
      "No coverage_measured or coverage_increased event has come yet.",
    );
    expect(whyUnknown(metric("time_to_review"), undefined, new Map([["task_claimed", 3]]))).toBe(
      "No agent_submitted, review_requested or coder_resubmitted event has come yet.",
    );
  });
  it("by those of which any would have done, only where none came", () => {
    // A tracker merges no task, and what it does tell is enough.
    const tracker = new Map([["feature_completed", 9]]);
    expect(whyUnknown(metric("features_per_hour"), { excluded: 0 }, tracker)).toBe(
      "Nothing to measure it by in this time.",
    );
    expect(
      whyUnknown(metric("reviewer_pass_rate"), { excluded: 0 }, new Map([["reviewer_rejected", 1]])),
    ).toBe("Not enough is told: reviewers' refusals are, and no approval.");
    expect(
      whyUnknown(metric("integration_failures"), { excluded: 3 }, new Map([["integration_failed", 3]])),
    ).toBe("3 left out: runs before the merge.");
    expect(whyUnknown(metric("error_to_fix_ratio"), undefined, new Map())).toBe(
      "No test_failed or lint_error_found, and no test_passed or lint_passed event has come yet.",
    );
  });
  it("by what an imported tracker has no words for", () => {
    const tracker = new Map([
      ["task_created", 9],
      ["task_completed", 9],
    ]);
    expect(whyUnknown(metric("escalation_rate"), { excluded: 9 }, tracker)).toBe(
      "Nothing is told but that tasks open and close, as of an imported tracker: no trouble in it says nothing of whether there was any.",
    );
    // Nothing closed is the nearer reason.
    expect(whyUnknown(metric("escalation_rate"), { excluded: 0 }, new Map([["task_created", 9]]))).toBe(
      "No task_completed, task_merged or task_failed event has come yet.",
    );
  });
  it("by what was left out, or by the time", () => {
    const seen = new Map([["feature_merged", 9]]);
    expect(whyUnknown(metric("bug_escape_rate"), { excluded: 64 }, seen)).toBe(
      "64 left out: features merged less than 7 days ago.",
    );
    expect(whyUnknown(metric("bug_escape_rate"), { excluded: 0 }, seen)).toBe(
      "Nothing to measure it by in this time.",
    );
  });
});

describe("a card", () => {
  it("of a row that is missing is unknown, and never 0", () => {
    const card = cardOf(metric("cost_per_hour"), undefined, context);
    expect(card).toMatchObject({
      value: "unknown",
      known: false,
      target: null,
      untargeted: "no cap set",
      set_at: "An owner or admin sets one in the project's settings, under Measures.",
      points: [],
    });
    expect(card.label).toBe("Cost per hour, last 24 hours, unknown");
    const capped = cardOf(metric("cost_per_hour"), row("cost_per_hour", {}), context);
    expect([capped.untargeted, capped.set_at]).toEqual([null, null]);
    // Nothing sets a cap on all that is spent.
    expect(cardOf(metric("cost"), undefined, context)).toMatchObject({
      untargeted: "no cap set",
      set_at: null,
    });
  });
  it("keeps gaps, finds what is outside, and says both", () => {
    const card = cardOf(
      metric("cost_per_hour"),
      row("cost_per_hour", { series: series(...CALM, null, 9, ...CALM) }),
      context,
    );
    expect(card.points.filter(({ y }) => y === null)).toHaveLength(1);
    expect(card.outside).toEqual([11]);
    expect(card.label).toMatch(
      /^Cost per hour, last 24 hours, now \$2.20\/h, target < \$3\/h met, from \$2\/h to \$9\/h, control limits .*, 1 point outside, unknown in 1 of 22 steps$/,
    );
    expect(card.reading.columns.map(({ name, cells }) => [name, cells[10]])).toEqual([
      ["From", "23 Nov, 00:00"],
      ["Cost per hour", "unknown"],
      ["n", "3"],
    ]);
  });
  it("begins its chart with the log, yet never of less than a dozen steps", () => {
    const values = series(...Array.from({ length: 14 }, () => null), ...CALM, ...CALM);
    const drawn = (began_ms: number | null) =>
      cardOf(metric("cost_per_hour"), row("cost_per_hour", { series: values }), { ...context, began_ms });
    const begun = drawn(NOW - 20 * HOUR_MS + 1);
    expect(begun.points).toHaveLength(20);
    expect(begun.x_domain[0]).toBe(NOW - 20 * HOUR_MS);
    expect(begun.reading.columns[0]?.cells).toHaveLength(20);
    expect(begun.label).not.toContain("unknown in");
    expect(drawn(NOW - HOUR_MS).points).toHaveLength(12);
    expect(drawn(NOW - 900 * HOUR_MS).points).toHaveLength(34);
    expect(drawn(null).x_domain[0]).toBe(NOW - 34 * HOUR_MS);
  });
  it("does not judge a step that is not over", () => {
    const values = series(...CALM, 0);
    const over = cardOf(metric("features_per_hour"), row("features_per_hour", { series: values }), context);
    expect(over.outside).toEqual([10]);
    const early = cardOf(metric("features_per_hour"), row("features_per_hour", { series: values }), {
      ...context,
      now_ms: NOW - 1,
    });
    expect(early.outside).toEqual([]);
    expect(early.limits?.n).toBe(10);
    expect(early.points).toHaveLength(11);
  });
  it("gives a quotient as it is, and a share in percent", () => {
    expect(
      cardOf(metric("error_to_fix_ratio"), row("error_to_fix_ratio", { value: 1.25 }), context).value,
    ).toBe("1.25");
    expect(cardOf(metric("lint_pass_rate"), row("lint_pass_rate", { value: 1 }), context).value).toBe("100%");
  });
});

it("groups come worst first, the unknown behind, nobody's last", () => {
  const rows = [
    row("cost", { group: null, value: 9 }),
    row("cost", { group: "a", value: 1 }),
    row("cost", { group: "b", value: null }),
    row("cost", { group: "c", value: 5 }),
    row("tokens_per_task", { group: "c" }),
  ];
  expect(groupsOf(metric("cost"), rows, context).map(({ group }) => group)).toEqual(["c", "a", "b", null]);
});

describe("the cost by feature", () => {
  const calls = (known_calls: number, reported_usd: number, priced_usd = 0, unpriced = 0) => ({
    ...{ calls: known_calls + unpriced, known_calls, reported_usd, priced_usd, tokens: 10 },
  });
  const none = calls(0, 0);
  const split = (group: string | null, value: number, attributed: DrawnRow["attributed"]) =>
    row("cost", { group, value, attributed });
  const rows = [
    split("search", 0.3, { own: calls(1, 0.3), shared: calls(0, 0, 0, 1 / 3) }),
    split("add-auth", 0.2, { own: calls(1, 0.2), shared: calls(4 / 3, 0.1, 0.05, 2 / 3) }),
    split(null, 0.45, { own: none, shared: none, unassigned: calls(1, 0.04) }),
    split("blind", 0, { own: none, shared: calls(0, 0, 0, 0.5) }),
  ];
  it("[M1] stands in its parts, the dearest whole first, and nobody's is what is left", () => {
    const groups = groupsOf(metric("cost"), rows, context);
    expect(groups.map(({ group }) => group)).toEqual(["add-auth", "search", "blind", null]);
    expect(groups.map(({ split: parts }) => [parts?.whole, parts?.own, parts?.shared])).toEqual([
      ["$0.35", "$0.20", "$0.15"],
      ["$0.30", "$0.30", "unknown"],
      ["unknown", "–", "unknown"],
      ["$0.04", "–", "–"],
    ]);
  });
  it("[M2] says where it is known from, and how many calls have no price", () => {
    const groups = groupsOf(metric("cost"), rows, context);
    expect(groups.map(({ split: parts }) => parts?.basis)).toEqual([
      "$0.30 reported, $0.05 priced, 0.667 calls without a price",
      "$0.30 reported, 0.333 calls without a price",
      "0.5 calls without a price",
      "$0.04 reported",
    ]);
    expect(groups.map(({ split: parts }) => [parts?.n, parts?.excluded])).toEqual([
      ["2.33", "0.667"],
      ["1", "0.333"],
      ["0", "0.5"],
      ["1", "0"],
    ]);
    expect(groupsOf(metric("cost"), [row("cost", { attributed: null })], context)[0]?.split).toBe(null);
    expect(groups.map(({ split: parts }) => parts?.is_unassigned)).toEqual([false, false, false, true]);
    // Of one feature by role: whose role is not known, its feature is.
    const by_role = [split(null, 0.2, { own: calls(1, 0.2), shared: calls(1, 0.1) })];
    expect(groupsOf(metric("cost"), by_role, context)[0]?.split).toMatchObject({
      ...{ is_unassigned: false, whole: "$0.30", own: "$0.20", shared: "$0.10" },
    });
  });
});

describe("the sentence", () => {
  const numbers: MetricNumbers = {
    ...{
      events: 900,
      over: "last 24 hours",
      met: 11,
      missed: [],
      unknown: 0,
      total: 11,
      fewest: 40,
      broken: [],
    },
  };
  const say = (part: Partial<MetricNumbers>) => textOf(headlineOf(METRICS_TABLE, { ...numbers, ...part }));
  const missed = [{ label: "Cost per hour", href: "?metric=cost_per_hour" }];
  const broken = (label: string) => ({
    label,
    side: "upper" as const,
    at: "on 18 Feb",
    href: `?metric=${label}`,
  });

  it("says that nothing is known, where nothing is", () => {
    expect(say({ events: 0, met: 0, unknown: 11 })).toBe("Nothing is measured yet: no event has come.");
    expect(say({ events: 0, met: 8, unknown: 3 })).not.toContain("no event has come");
    expect(say({ met: 0, unknown: 11 })).toBe("No metric is known for the last 24 hours.");
    expect(say({ met: 0, total: 20, unknown: 3 })).toBe(
      "No metric has a target that it could be held against. Three are unknown.",
    );
  });
  it("counts what meets its target, and is not surer than its samples", () => {
    expect(say({})).toBe("All 11 metrics that can be judged meet their targets.");
    expect(say({ met: 1, total: 1 })).toBe("The one metric that can be judged meets its target.");
    expect(say({ met: 10, missed, fewest: 3 })).toBe(
      "Ten of 11 metrics meet target so far. Missed: Cost per hour.",
    );
  });
  it("says none where none does", () => {
    expect(say({ met: 0, missed })).toBe("Cost per hour misses its target; no other metric can be judged.");
  });
  it("names what broke its limits before what missed its target, two of each at most, each with its link", () => {
    const three = [broken("Cost per hour"), broken("Retries"), broken("Cost")];
    expect(say({ met: 10, missed, broken: three })).toBe(
      "Ten of 11 metrics meet target. Cost per hour broke its upper control limit on 18 Feb, retries broke its upper control limit on 18 Feb and 1 more. Missed: Cost per hour.",
    );
    const { parts } = headlineOf(METRICS_TABLE, { ...numbers, broken: three });
    expect(parts.filter(({ href }) => href !== undefined)).toHaveLength(2);
  });
  it("is made of the cards: outliers for the worse alone, the newest first", () => {
    const worse = row("cost_per_hour", { status: "missed", series: series(...CALM, 9, ...CALM) });
    const better = row("features_per_hour", { series: series(...CALM, 9, ...CALM) });
    const cards = [
      cardOf(metric("cost_per_hour"), worse, context),
      cardOf(metric("features_per_hour"), better, context),
      cardOf(metric("test_coverage"), undefined, context),
    ];
    const summary = summaryOf(cards, {
      format,
      events: 9,
      over: "last 24 hours",
      hrefOf: (id) => `?metric=${id}`,
    });
    expect(summary).toMatchObject({ met: 1, unknown: 1, total: 3, fewest: 40 });
    expect(summary.missed).toEqual(missed);
    expect(summary.broken).toEqual([
      { label: "Cost per hour", side: "upper", at: "at 01:00", href: "?metric=cost_per_hour" },
    ]);
  });
});
