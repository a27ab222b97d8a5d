import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FILTER_OPS, type Heatmap, type QueryResponse } from "../../../schema/wire/query.ts";
import { createFormat } from "../format/format.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { differenceFilters, differenceText } from "./difference.ts";
import { EXPLORE_TABLE } from "./headline.ts";
import { linesOf, stepsOf } from "./lines.ts";
import { COUNT, eachEvent, queryOf, readQuestion, stepFor, withQuestion, type Question } from "./question.ts";
import { rangeWords } from "./range.ts";
import { regionOf, selectOf, type Region } from "./region.ts";
import { summaryOf } from "./summary.ts";
import { filterText, resultText } from "./words.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const format = createFormat({ locale: "en-GB", time_zone: "UTC", now_ms: NOW_MS });
const read = (text: string): Question => {
  const found = readQuestion(new URLSearchParams(text), NOW_MS);
  if (!found.ok) throw new Error(found.message);
  return found.question;
};

describe("the question in the address", () => {
  it("asks for the kinds of events where nothing is asked", () => {
    expect(read("at=7")).toMatchObject({ group_by: ["event_type"], calculations: [COUNT], from: null });
  });

  it("reads back as the same whatever was filtered, and keeps what is not its own", () => {
    const filter = fc.record({
      field: fc.oneof(
        fc.constantFrom("event_type", "metadata.a=b", "metrics.x y"),
        fc.string({ minLength: 1, maxLength: 20 }),
      ),
      op: fc.constantFrom(
        ...FILTER_OPS.filter((op) => !["lt", "le", "gt", "ge", "exists", "missing"].includes(op)),
      ),
      values: fc.tuple(fc.string({ maxLength: 20 })),
    });
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 4 }), fc.array(filter, { maxLength: 2 }), (where, select) => {
        const asked = { ...read("from=24h"), where, select };
        const address = withQuestion(new URLSearchParams("at=5"), asked, { select });
        const again = read(address);
        expect(again).toMatchObject({ where, select, from_text: "24h", from: NOW_MS - 86_400_000 });
        expect(new URLSearchParams(address).get("at")).toBe("5");
      }),
    );
  });

  it("orders anew when the calculation that it was ordered by goes", () => {
    const asked = read(
      "group_by=agent_id&calc=count&calc=p95:metrics.duration_ms&order=-p95:metrics.duration_ms",
    );
    expect(read(withQuestion(new URLSearchParams(), asked, { calculations: [COUNT] })).order).toEqual({
      by: 0,
      descending: true,
    });
  });

  it("ends a selection when the question changes, and turns it into filters for its events", () => {
    const asked = read("calc=count&heatmap=metrics.duration_ms&select=time>=5&where=agent_id=a");
    expect(read(withQuestion(new URLSearchParams(), asked, { group_by: ["source"] })).select).toEqual([]);
    const each = read(eachEvent(new URLSearchParams(), asked));
    expect(each.where.map(({ field }) => field)).toEqual(["agent_id", "time"]);
    expect(each).toMatchObject({ group_by: ["seq", "event_type", "agent_id"], heatmap: null });
    expect(each.order).toEqual({ by: "key", descending: true });
  });

  it("says what it cannot read", () => {
    expect(readQuestion(new URLSearchParams("calc=median:x"), NOW_MS)).toMatchObject({ ok: false });
    expect(readQuestion(new URLSearchParams("select=x<y"), NOW_MS)).toMatchObject({ ok: false });
  });

  it("knows nothing after the moment of the past that is on screen", () => {
    const at_ms = NOW_MS - 3_600_000;
    const bounds = { first_ms: at_ms - 60_000, now_ms: at_ms, at_ms };
    expect(queryOf(read(""), bounds)).toMatchObject({ to: at_ms, step_ms: 1_000 });
    // A step of a second over a year would be more steps than any screen has.
    const year = { ...bounds, first_ms: at_ms - 365 * 86_400_000 };
    expect(queryOf(read("calc=count&step=1s"), year).step_ms).toBe(7 * 86_400_000);
    expect(queryOf(read("calc=count&step=5s"), bounds).step_ms).toBe(5_000);
    expect(queryOf(read("calc=count&to=2030-01-01T00:00:00Z"), bounds).to).toBe(at_ms);
  });
});

it("steps are round, at least a second, and some sixty", () => {
  expect([0, 60_000, 3_600_000, 86_400_000, 400 * 86_400_000].map(stepFor)).toEqual([
    1_000,
    1_000,
    60_000,
    1_800_000,
    7 * 86_400_000,
  ]);
});

it("says which time is looked at", () => {
  expect(rangeWords(read("from=24h&calc=count"), format)).toBe("in the last 24 hours");
  expect(rangeWords(read(""), format)).toBe("in the whole log");
  expect(rangeWords(read("calc=count&from=2026-11-22T10:00:00Z&to=2026-11-22T11:00:00Z"), format)).toBe(
    "from 22 Nov, 10:00 to 22 Nov, 11:00",
  );
});

describe("lines", () => {
  const groups = [
    {
      key: ["a"],
      values: [3],
      series: [
        [0, 1],
        [3_000, 2],
      ],
    },
    { key: ["b"], values: [1], series: [[1_000, 9]] },
  ];
  const steps = stepsOf({ groups }, 1_000);
  it("count none where no event was, but know no average of nothing", () => {
    expect(steps).toEqual([0, 1_000, 2_000, 3_000]);
    expect(linesOf({ groups }, steps, COUNT, 0, 9)[0]?.points.map(({ y }) => y)).toEqual([1, 0, 0, 2]);
    const average = { op: "avg", field: "metrics.x" } as const;
    expect(linesOf({ groups }, steps, average, 0, 1)).toHaveLength(1);
    expect(linesOf({ groups }, steps, average, 0, 9)[1]?.points.map(({ y }) => y)).toEqual([
      null,
      9,
      null,
      null,
    ]);
  });
  it("are none of an answer without steps", () => {
    expect(stepsOf({ groups: [{ key: [], values: [1] }] }, 1_000)).toEqual([]);
  });
});

describe("a region", () => {
  const grid: Heatmap = {
    field: "metrics.duration_ms",
    scale: "log",
    x_edges: [0, 10, 20, 30],
    y_edges: [1, 10, 100],
    cells: [],
    left_out: 0,
  };
  it("is filters that hold exactly its cells, and is found again by them", () => {
    const inner: Region = { x: [0, 1], y: [0, 0] };
    expect(
      selectOf(grid, inner)
        .map((each) => filterText(each, format))
        .slice(2),
    ).toEqual(["metrics.duration_ms ≥ 1", "metrics.duration_ms < 10"]);
    expect(selectOf(grid, { x: [2, 2], y: [1, 1] }).map(({ op }) => op)).toEqual(["ge", "le", "ge", "le"]);
    for (const region of [inner, { x: [2, 2], y: [0, 1] }] as Region[])
      expect(regionOf(grid, selectOf(grid, region))).toEqual(region);
  });
  it("is none where nothing of it is on screen", () => {
    expect(regionOf(grid, [])).toBeNull();
    expect(
      regionOf({ ...grid, x_edges: [500, 600, 700, 800] }, selectOf(grid, { x: [0, 0], y: [0, 0] })),
    ).toBeNull();
  });
});

it("a difference is words and the filters of the same events", () => {
  const shares = { selected: 1, rest: 1, selected_share: 1, rest_share: 0, at_least: 0.5 };
  const missing = { ...shares, field: "task_id", value: null, range: null };
  expect(differenceText(missing, format)).toBe("none");
  expect(differenceFilters(missing)).toEqual([{ field: "task_id", op: "missing", values: [] }]);
  const span = { ...shares, field: "metrics.duration_ms", value: null, range: { from: 1_000, to: 2_000 } };
  expect(differenceText(span, format)).toBe("1 s to 2 s");
  expect(differenceFilters(span).map(({ op }) => op)).toEqual(["ge", "lt"]);
  const below = { ...shares, field: "metrics.x", value: null, range: { from: -4, to: -2 } };
  expect(differenceFilters(below).map(({ op }) => op)).toEqual(["gt", "le"]);
});

it("units stand in names", () => {
  expect(resultText({ op: "p95", field: "metrics.duration_ms" }, 61_000, format)).toBe("1 min 1 s");
  expect(resultText({ op: "sum", field: "metrics.cost_usd" }, 1.5, format)).toBe("$1.50");
  expect(resultText({ op: "count", field: null }, 12_345, format)).toBe("12,345");
  expect(resultText({ op: "avg", field: "metrics.x" }, null, format)).toBe("unknown");
});

describe("the sentence", () => {
  const answer: QueryResponse = {
    seq: 100,
    from: null,
    to: null,
    scanned: 100,
    matched: 80,
    truncated: false,
    truncated_by: [],
    elapsed_ms: 1,
    group_by: ["agent_id"],
    calculations: ["count"],
    groups: [
      { key: ["ana"], values: [60] },
      { key: [null], values: [20] },
    ],
    group_count: 2,
    heatmap: null,
  };
  const say = (text: string, change: Partial<QueryResponse> = {}) =>
    textOf(
      headlineOf(
        EXPLORE_TABLE,
        summaryOf(
          { question: read(text), answer: { ...answer, ...change } },
          { format, over: "in the whole log", empty: false, name: "ana", href: () => "?x" },
        ),
      ),
    );
  it("names the group at the top, by what was asked", () => {
    expect(say("group_by=agent_id")).toBe("ana has the most: 60 of 80 events (75%) in the whole log.");
    expect(say("group_by=agent_id&calc=p95:metrics.duration_ms")).toBe(
      "P95 of duration_ms is highest for ana: 60 ms, of 80 events in the whole log.",
    );
    expect(say("group_by=agent_id&calc=count&order=count")).toContain("has the fewest");
  });
  it("says what was found in all", () => {
    expect(say("calc=count", { groups: [{ key: [], values: [80] }] })).toBe(
      "80 events of 100 in the whole log fit.",
    );
    expect(say("calc=sum:metrics.cost_usd", { groups: [{ key: [], values: [2] }] })).toBe(
      "Sum of cost_usd is $2, of 80 events in the whole log.",
    );
    expect(say("calc=sum:metrics.cost_usd", { groups: [{ key: [], values: [null] }] })).toBe(
      "Sum of cost_usd is unknown: none of 80 events in the whole log has such a number.",
    );
  });
  it("is never more certain than what was read", () => {
    expect(say("group_by=agent_id", { matched: 4 })).toContain("so far");
    expect(say("group_by=agent_id", { truncated: true, truncated_by: ["events"] })).toContain(
      "Only the newest 100 were read",
    );
    expect(say("group_by=agent_id", { truncated: true, truncated_by: ["groups"] })).toContain("more groups");
    expect(say("group_by=agent_id", { matched: 0, groups: [] })).toBe(
      "None of 100 events in the whole log fits.",
    );
    expect(say("from=1h&calc=count", { scanned: 0, matched: 0, groups: [] })).toContain("No event happened");
  });
});
