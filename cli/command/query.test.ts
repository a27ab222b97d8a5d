import { describe, expect, it } from "vitest";
import type { CompareResponse, QueryResponse } from "../../schema/wire/query.ts";
import { readComparison, readQuery } from "../../schema/wire/query-text.ts";
import { compareTable, queryTable, sparkline } from "../print/query-table.ts";
import { addressOf } from "./query.ts";

const reading = {
  seq: 9,
  from: null,
  to: null,
  scanned: 1_000,
  matched: 900,
  truncated: false,
  truncated_by: [],
  elapsed_ms: 12,
};
const answer: QueryResponse = {
  ...reading,
  group_by: ["metadata.model"],
  calculations: ["count", "p95:metrics.duration_ms"],
  groups: [
    { key: ["sonnet"], values: [600, 1234.56789] },
    { key: [null], values: [300, null] },
  ],
  group_count: 2,
  heatmap: null,
};

describe("clusterfork query", () => {
  it("asks what was typed, in the words that the server reads", () => {
    const path = addressOf(false, {
      from: "24h",
      where: ["event_type=tokens_used", "metrics.duration_ms>100"],
      "group-by": ["metadata.model"],
      calc: ["p95:metrics.duration_ms"],
      order: undefined,
    });
    const url = new URL(path, "http://x");
    expect(url.pathname).toBe("/v1/query");
    expect(readQuery(url.searchParams, 1e12)).toMatchObject({
      ok: true,
      value: {
        from: 1e12 - 86_400_000,
        where: [
          { field: "event_type", op: "eq", values: ["tokens_used"] },
          { field: "metrics.duration_ms", op: "gt", values: ["100"] },
        ],
        group_by: ["metadata.model"],
      },
    });
    const selection = new URL(addressOf(false, { select: ["task_id"] }), "http://x");
    expect(selection.pathname).toBe("/v1/query/compare");
    expect(readComparison(selection.searchParams, 0).ok).toBe(true);
    expect(addressOf(true, {})).toBe("/v1/query/fields");
  });

  it("prints groups as a table, what is unknown as unknown, and what it cost", () => {
    expect(queryTable(answer)).toBe(
      [
        "metadata.model  count  p95:metrics.duration_ms",
        "──────────────  ─────  ───────────────────────",
        "sonnet            600                  1234.57",
        "(none)            300                        –",
        "",
        "900 of 1000 events, 12 ms",
      ].join("\n"),
    );
  });

  it("says that an answer is incomplete, and why", () => {
    const text = queryTable({ ...answer, group_count: 7, truncated: true, truncated_by: ["events"] });
    expect(text).toContain("… and 5 more groups");
    expect(text).toContain("Incomplete: the bound on events was reached");
  });

  it("[P2] prints no control character of a name", () => {
    const hostile = { ...answer, groups: [{ key: ["\u001b[2Jred\u202e"], values: [1, 2] }] };
    for (const unsafe of ["\u001b", "\u202e"]) expect(queryTable(hostile)).not.toContain(unsafe);
  });

  it("draws series and heatmaps with blocks", () => {
    expect(sparkline([0, 5, null, 10])).toBe("▁▅ █");
    const series = queryTable({
      ...answer,
      groups: [
        {
          key: ["a"],
          values: [3, 1],
          series: [
            [0, 1, 1],
            [2_000, 2, 1],
          ],
        },
        { key: ["b"], values: [2, 1], series: [[1_000, 2, 1]] },
      ],
    }).split("\n");
    expect(series[2]).toMatch(/^a .*▅ █$/);
    expect(series[3]).toMatch(/^b .* █$/);
    const heatmap = {
      field: "metrics.x",
      scale: "log" as const,
      x_edges: [0, 500, 1_000],
      y_edges: [1, 10, 100],
      cells: [
        [0, 0, 8],
        [1, 1, 2],
      ] as [number, number, number][],
      left_out: 3,
    };
    const lines = queryTable({ ...answer, heatmap }).split("\n");
    expect(lines).toContain(" 10 │ ░");
    expect(lines).toContain("  1 │█ ");
  });

  it("prints what a selection has in common, and says when that is nothing", () => {
    const found: CompareResponse = {
      ...reading,
      selected: 100,
      rest: 800,
      fields: 12,
      fields_left_out: ["task_id"],
      differences: [
        {
          field: "metadata.model",
          value: "opus",
          range: null,
          selected: 99,
          rest: 8,
          selected_share: 0.99,
          rest_share: 0.01,
          at_least: 0.9,
        },
        {
          field: "metrics.cost_usd",
          value: null,
          range: { from: 0.1, to: 0.2 },
          selected: 10,
          rest: 400,
          selected_share: 0.1,
          rest_share: 0.5,
          at_least: 0.2,
        },
      ],
    };
    const text = compareTable(found);
    expect(text).toContain("metadata.model    opus        99.0 % (99)     1.0 % (8)   +90.0 %");
    expect(text).toContain("0.1 to 0.2  10.0 % (10)  50.0 % (400)   −20.0 %");
    expect(compareTable({ ...found, differences: [] })).toContain("Nothing differs by more than chance.");
  });
});
