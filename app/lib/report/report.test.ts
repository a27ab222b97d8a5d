import { describe, expect, it } from "vitest";
import type { FeatureReport } from "../../../schema/wire/report.ts";
import { reportOf } from "../../../worker/learning/report/report.ts";
import { call, knownOf, MINUTE_MS, START_MS, type Step } from "../../../test/sample/report-log.ts";
import { createFormat } from "../format/format.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { reportHref } from "./address.ts";
import { REPORT_TABLE } from "./headline.ts";
import { axisOf, barsOf, estimateOf } from "./lanes.ts";
import { fileName } from "./markdown.ts";

const format = createFormat({ locale: "en-GB", time_zone: "UTC", now_ms: START_MS });
const T = { task_id: "T-1" };
const DONE: Step[] = [
  [0, "task_created", T],
  [10, "task_claimed", T],
  [12, "tokens_used", call("T-1", 10, 1)],
  [30, "agent_submitted", T],
  [35, "reviewer_approved", T],
  [40, "task_merged", T],
  [40, "feature_merged"],
];
const made = (steps: readonly Step[]): FeatureReport => reportOf(knownOf(steps));
const say = (report: FeatureReport): string => textOf(headlineOf(REPORT_TABLE, { report, format }));

describe("the sentence", () => {
  const whole = made(DONE);
  const foretold = (actual_min: number, p80: number | null): FeatureReport => ({
    ...whole,
    overview: {
      ...whole.overview,
      duration: {
        ...whole.overview.duration,
        reference: {
          ...{ basis: "forecast", p50: 30 * MINUTE_MS, p80: p80 === null ? null : p80 * MINUTE_MS },
          ...{ actual: actual_min * MINUTE_MS, n: 1, words: "" },
        },
      },
    },
  });
  it("says how it ended, against what was expected, with its grade", () => {
    expect(say(whole)).toBe("Merged 5 Jan, 09:40 after 30 min. Graded A by what is known.");
    expect(say(foretold(36, 40))).toContain("after 30 min, 6 min longer than P50 and within P80.");
    expect(say(foretold(50, 40))).toContain(", 20 min longer than P50 and beyond P80.");
    expect(say(foretold(20, 40))).toContain(", 10 min shorter than P50.");
    expect(say(foretold(30, null))).toContain(", right at P50.");
  });
  it("is no more certain than its numbers", () => {
    expect(say(made(DONE.slice(0, 3)))).toBe("Still open: 0 of 1 task finished.");
    expect(say(made([[0, "feature_requested"]]))).toBe("Still open, and no task of it is known.");
    expect(say(made([...DONE.slice(0, 3), [20, "feature_abandoned"]]))).toContain(
      "Abandoned 5 Jan, 09:20 after 10 min.",
    );
    expect(say(made([[0, "feature_completed"]]))).toBe("Finished 5 Jan, 09:00.");
  });
  it("tells what weighed most, and links to it", () => {
    const failed = made([...DONE.slice(0, 3), [30, "task_failed", T], [40, "feature_merged"]]);
    const { parts } = headlineOf(REPORT_TABLE, { report: failed, format });
    expect(parts.at(-1)).toEqual({ text: "1 task failed and used 10 tokens: T-1.", href: "#insights" });
  });
});

it("begins with an id as it is written, and with any other word in capitals", () => {
  const report = made(DONE);
  const worse = (words: string): FeatureReport => ({
    ...report,
    insights: [{ rule: "slow", tone: "worse", words, tasks: [] }],
  });
  const slow = worse("gt-fuc.3 took 3 h.");
  const [task] = report.tasks;
  if (task === undefined) throw new Error("no task");
  const own = { ...slow, tasks: [{ ...task, id: "gt-fuc.3" }] };
  expect(say(own)).toMatch(/ gt-fuc\.3 took 3 h\.$/);
  expect(say(worse("it waited."))).toMatch(/ It waited\.$/);
});

describe("the lanes", () => {
  it("share an axis from the first phase to the report's moment", () => {
    const report = made(DONE);
    const axis = axisOf(report);
    expect(axis).toEqual({ from: START_MS, to: START_MS + 40 * MINUTE_MS });
    const [task] = report.tasks;
    if (axis === null || task === undefined) throw new Error("no axis");
    expect(barsOf(task, axis)).toEqual([
      { phase: "waiting", from: 0, width: 0.25 },
      { phase: "working", from: 0.25, width: 0.5 },
      { phase: "review", from: 0.75, width: 0.25 },
    ]);
  });
  it("are none where nothing is known, and end where the report does", () => {
    expect(axisOf({ tasks: [], at: 5 })).toBeNull();
    const bar = { phases: [{ phase: "working" as const, from: 5, to: null }] };
    expect(barsOf(bar, { from: 0, to: 10 })).toEqual([{ phase: "working", from: 0.5, width: 0.5 }]);
  });
  it("keep figure and range on their bar", () => {
    for (const places of [estimateOf(10, 5, 8), estimateOf(1, 5, null), estimateOf(0, 0, null)])
      for (const place of Object.values(places)) {
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(1);
      }
  });
});

it("has an address for members, and one for links that show how it goes", () => {
  const where = { team: { slug: "acme" }, project: { slug: "shop" } };
  expect(reportHref(where, "a/b c")).toBe("/acme/shop/features/a%2Fb%20c");
  const shared = { path: "/s/cfs_x", bearer: "", redactions: [] };
  expect(reportHref({ ...where, shared: { ...shared, views: ["flow", "metrics"] } }, "a&b")).toBe(
    "/s/cfs_x?page=report&feature=a%26b",
  );
  expect(reportHref({ ...where, shared: { ...shared, views: ["flow"] } }, "a")).toBeUndefined();
});

it("is kept under a name that every file system takes", () => {
  expect(fileName("add auth/../x")).toBe("report-add-auth-..-x.md");
  expect(fileName("日本")).toBe("report-feature.md");
  expect(fileName("../..")).toBe("report-feature.md");
  expect(fileName("x".repeat(10_000)).length).toBeLessThan(80);
});
