import { describe, expect, it } from "vitest";
import { DID_NOTHING, type Did } from "./did.ts";
import type { Row } from "./measure.ts";
import { quartilesOf, verdictOf } from "./verdict.ts";

const known = (metric: string, value: number | null, n = 10, more: Partial<Row> = {}): Row => ({
  metric,
  group: null,
  value,
  n,
  excluded: 0,
  target: null,
  status: "unknown",
  previous: null,
  change: null,
  ...more,
});

describe("a verdict", () => {
  const peers = [2, 2.5, 3].map((value) => known("throughput", value));
  it.each([
    ["no task closed yet", [known("throughput", 0, 0)]],
    ["14 reviews; no task closed", [known("throughput", 0, 0)], { reviews: 14, model_calls: 80 }],
    ["scout, 1 model call; no task closed", [], { model_calls: 1 }, "scout"],
    ["new, ramping up", [known("throughput", 0, 0)], { tasks: 1, reviews: 3 }],
    ["new, ramping up", [known("throughput", 9, 4), known("reviewer_pass_rate", 0)]],
    ["high quality, slightly slower", [known("throughput", 2), known("reviewer_pass_rate", 0.9)]],
    ["low quality, faster", [known("throughput", 5), known("reviewer_pass_rate", 0.4)]],
    ["as usual", [known("throughput", 2.5), known("reviewer_pass_rate", null)]],
  ] as [string, Row[], Partial<Did>?, string?][])("%s", (words, rows, did = {}, role) => {
    expect(verdictOf({ rows, peers, did: { ...DID_NOTHING, ...did }, role }).words).toBe(words);
  });
  it("says by which rule, and what each word rests on", () => {
    const rows = [known("throughput", 2), known("reviewer_pass_rate", 0.9)];
    expect(verdictOf({ rows, peers })).toEqual({
      words: "high quality, slightly slower",
      rule: "compared",
      reasons: ["90 % of 10 verdicts approved its work", "throughput 20 % below the median of its peers"],
    });
  });
  it("compares with quartiles of who has a value, and nobody with himself alone", () => {
    const values = [1, 2, null, 3, 4].map((value) => known("throughput", value));
    expect(quartilesOf(values, "throughput")).toEqual({ q1: 1.75, median: 2.5, q3: 3.25, n: 4 });
    expect(quartilesOf(values.slice(0, 1), "throughput")).toBe(null);
  });
});
