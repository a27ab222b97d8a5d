/** Questions on columns against the same question asked of a plain list of events. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeColumn, encodeColumn, type Column } from "../../schema/column/column.ts";
import { ENVELOPE_FIELDS, fieldOf, type Value } from "../../schema/column/field.ts";
import { eventTime, type StoredEvent } from "../../schema/event/event.ts";
import { CALCULATIONS, FILTER_OPS, type Filter, type LogQuery } from "../../schema/wire/query.ts";
import { readComparison, readQuery } from "../../schema/wire/query-text.ts";
import { writeComparison, writeQuery } from "../../schema/wire/query-write.ts";
import { compare } from "../../worker/insight/query/compare.ts";
import { place } from "../../worker/insight/query/heatmap.ts";
import { answer, compareValues } from "../../worker/insight/query/query.ts";
import { hostileLog } from "./hostile-events.ts";
import { fieldsIn, sourceOf, valuesOf, type Cut } from "./log-source.ts";

const NOON_MS = Date.UTC(2026, 10, 22, 12);

/** As the log holds it: through JSON, with keys that a prototype has. */
const log = hostileLog.chain((events) =>
  fc
    .array(fc.constantFrom("__proto__", "constructor", "a.b", "", "toString", "plain"), { maxLength: 3 })
    .map((keys) =>
      events.map((event, i): StoredEvent => {
        const copy = JSON.parse(JSON.stringify({ ...event, id: `e${i}` })) as StoredEvent;
        for (const key of keys) {
          if (i % 3 === 0) continue;
          copy.metadata ??= {};
          Object.defineProperty(copy.metadata, key, {
            value: i % 5,
            enumerable: true,
            configurable: true,
            writable: true,
          });
        }
        // JSON has no NaN: what it wrote as null is no number.
        for (const [key, value] of Object.entries(copy.metrics ?? {}))
          if (value === null) delete copy.metrics?.[key];
        return copy;
      }),
    ),
);

const field = fc.constantFrom(
  ...ENVELOPE_FIELDS,
  "metadata.model",
  "metadata.title",
  "metadata.priority",
  "metadata.progress",
  "metadata.undeclared",
  "metadata.dependencies",
  "metadata.__proto__",
  "metadata.constructor",
  "metadata.a.b",
  "metadata.",
  "metadata.never sent",
  "metrics.input_tokens",
  "metrics.cost_usd",
  "metrics.passed",
);
const texts = fc.oneof(
  fc.constantFrom(
    "task_created",
    "tokens_used",
    "coder-a",
    "a title",
    "__proto__",
    "1",
    "0",
    "true",
    "TASK-1",
    "é\n",
    "",
  ),
  fc.nat(5).map(String),
);
const filter: fc.Arbitrary<Filter> = fc
  .record({
    field,
    op: fc.constantFrom(...FILTER_OPS),
    text: texts,
    number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  })
  .map(({ field, op, text, number }) => {
    if (op === "exists" || op === "missing") return { field, op, values: [] };
    if (op === "in" || op === "not_in") return { field, op, values: [text, String(number), "tokens_used"] };
    return { field, op, values: [["lt", "le", "gt", "ge"].includes(op) ? String(number) : text] };
  });
const time = fc.oneof(fc.constant(null), fc.integer({ min: NOON_MS - 90_000, max: NOON_MS + 90_000 }));
const query: fc.Arbitrary<LogQuery> = fc
  .record({
    from: time,
    to: time,
    where: fc.array(filter, { maxLength: 3 }),
    group_by: fc.array(field, { maxLength: 3 }),
    calculations: fc.uniqueArray(
      fc
        .record({ op: fc.constantFrom(...CALCULATIONS), field })
        .map(({ op, field }) => ({ op, field: op === "count" ? null : field })),
      { minLength: 1, maxLength: 4, selector: ({ op, field }) => `${op}:${field}` },
    ),
    by: fc.oneof(fc.constant("key" as const), fc.nat(3)),
    descending: fc.boolean(),
    limit: fc.integer({ min: 1, max: 1_000 }),
    step_ms: fc.constantFrom(null, 1_000, 60_000, 86_400_000),
    heatmap: fc.oneof(
      fc.constant(null),
      fc.record({
        field,
        scale: fc.constantFrom("linear" as const, "log" as const),
        x: fc.integer({ min: 1, max: 9 }),
        y: fc.integer({ min: 1, max: 9 }),
      }),
    ),
  })
  .map(({ by, descending, ...rest }) => ({
    ...rest,
    order: { by: by === "key" || by < rest.calculations.length ? by : 0, descending },
  }));
const cut: fc.Arbitrary<Cut> = fc.record({
  size: fc.integer({ min: 1, max: 30 }),
  page: fc.integer({ min: 1, max: 4 }),
  unkept: fc.uniqueArray(
    field.filter((name) => /^m/.test(name)),
    { maxLength: 2 },
  ),
  unnamed: fc.uniqueArray(
    field.filter((name) => /^m/.test(name)),
    { maxLength: 2 },
  ),
});

/** What a filter means, said once more and in other words. */
function fits(value: Value | null, { op, values }: Filter): boolean {
  const same = (text: string) =>
    value !== null &&
    (typeof value === "number" ? text.trim() !== "" && Number(text) === value : String(value) === text);
  const [first = ""] = values;
  const number = typeof value === "number" ? value : NaN;
  return {
    eq: same(first),
    ne: !same(first),
    in: values.some(same),
    not_in: !values.some(same),
    lt: number < Number(first),
    le: number <= Number(first),
    gt: number > Number(first),
    ge: number >= Number(first),
    contains: typeof value === "string" && value.includes(first),
    prefix: typeof value === "string" && value.startsWith(first),
    exists: value !== null,
    missing: value === null,
  }[op];
}

const chosen = (events: readonly StoredEvent[], asked: Pick<LogQuery, "from" | "to" | "where">) =>
  events
    .filter(
      (event) => eventTime(event) >= (asked.from ?? -Infinity) && eventTime(event) <= (asked.to ?? Infinity),
    )
    .filter((event) => asked.where.every((each) => fits(fieldOf(event, each.field), each)));

function calculated(events: readonly StoredEvent[], { calculations }: LogQuery): (number | null)[] {
  return calculations.map(({ op, field }) => {
    if (field === null) return events.length;
    const numbers = events.map((event) => fieldOf(event, field)).filter((value) => typeof value === "number");
    const sum = numbers.reduce((all, each) => all + each, 0);
    const sorted = numbers.toSorted((a, b) => a - b);
    const rank = (percent: number) =>
      sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)] ?? null;
    if (numbers.length === 0) return null;
    const found = {
      count: 0,
      sum,
      avg: sum / numbers.length,
      min: sorted[0] ?? null,
      max: sorted.at(-1) ?? null,
      p50: rank(50),
      p95: rank(95),
      p99: rank(99),
    }[op];
    return found !== null && Number.isFinite(found) ? found : null;
  });
}

/** Sums depend on their order in the last digits. */
function close(a: readonly (number | null)[], b: readonly (number | null)[], size: number): void {
  expect(a.length).toBe(b.length);
  for (const [i, left] of a.entries()) {
    const right = b[i] ?? null;
    if (left === null || right === null) expect(left).toBe(right);
    else expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(left), size));
  }
}

const grouped = <T>(items: readonly T[], keyOf: (item: T) => string) => Map.groupBy(items, keyOf);

describe("questions on columns", () => {
  it("say what a plain list of events says, however the log is cut", async () => {
    await fc.assert(
      fc.asyncProperty(log, query, cut, fc.option(fc.nat()), async (events, drawn, pieces, edge) => {
        // Bounds belong to the range, so some of them are an event's own time.
        const at = edge === null ? undefined : events[edge % Math.max(1, events.length)];
        const asked =
          at === undefined
            ? drawn
            : { ...drawn, [edge !== null && edge % 2 === 0 ? "from" : "to"]: eventTime(at) };
        const found = await answer(sourceOf(events, pieces), asked);
        if (!found.ok) throw new Error(found.reason);
        const { groups, heatmap, ...rest } = found.answer;
        const matching = chosen(events, asked);
        const size = Math.max(
          0,
          ...events
            .flatMap((event) => Object.values({ ...event.metrics, ...event.metadata }))
            .map((n) => (typeof n === "number" ? Math.abs(n) : 0)),
        );
        expect(rest.truncated_by).toEqual([]);
        expect([rest.scanned, rest.matched]).toEqual([
          chosen(events, { ...asked, where: [] }).length,
          matching.length,
        ]);
        const wanted = grouped(matching, (event) => JSON.stringify(valuesOf(event, asked.group_by)));
        expect(rest.group_count).toBe(asked.group_by.length === 0 ? 1 : wanted.size);
        expect(groups.length).toBe(Math.min(rest.group_count, asked.limit));
        for (const { key, values, series } of groups) {
          const members = wanted.get(JSON.stringify(key)) ?? [];
          close(values, calculated(members, asked), size);
          if (asked.step_ms === null) continue;
          const step_ms = asked.step_ms;
          const steps = grouped(members, (event) => String(Math.floor(eventTime(event) / step_ms) * step_ms));
          expect(series?.map(([at]) => String(at))).toEqual(
            [...steps.keys()].sort((a, b) => Number(a) - Number(b)),
          );
          for (const [at, ...row] of series ?? [])
            close(row, calculated(steps.get(String(at)) ?? [], asked), size);
        }
        for (const [i, { key, values }] of groups.entries()) {
          const next = groups[i + 1];
          if (next === undefined) break;
          const { by, descending } = asked.order;
          const sign = descending ? -1 : 1;
          if (by === "key") {
            const at = key.findIndex((value, place) => value !== next.key[place]);
            expect(compareValues(key[at] ?? null, next.key[at] ?? null) * sign).toBeLessThan(0);
          } else if (values[by] !== null && next.values[by] !== null)
            expect(((values[by] ?? 0) - (next.values[by] ?? 0)) * sign).toBeLessThanOrEqual(0);
          else expect(next.values[by]).toBe(null);
        }
        if (asked.heatmap !== null) {
          const { field, scale } = asked.heatmap;
          const points = matching.flatMap((event) => {
            const value = fieldOf(event, field);
            return typeof value === "number" && (scale === "linear" || value > 0)
              ? [[eventTime(event), value] as const]
              : [];
          });
          expect(heatmap?.left_out).toBe(matching.length - points.length);
          expect(heatmap?.cells.reduce((sum, [, , count]) => sum + count, 0)).toBe(points.length);
          const cells = grouped(
            points,
            ([at, value]) => `${place(heatmap?.x_edges ?? [], at)},${place(heatmap?.y_edges ?? [], value)}`,
          );
          expect(new Map(heatmap?.cells.map(([x, y, count]) => [`${x},${y}`, count]))).toEqual(
            new Map([...cells].map(([at, all]) => [at, all.length])),
          );
        }
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it("compare by counts that a plain list has too, and never by what was selected", async () => {
    await fc.assert(
      fc.asyncProperty(log, filter, filter, cut, async (events, where, select, pieces) => {
        const asked = { from: null, to: null, where: [where], select: [select], limit: 1_000 };
        const found = await compare(sourceOf(events, pieces), asked, fieldsIn(events));
        if (!found.ok) throw new Error(found.reason);
        const base = chosen(events, asked);
        const selected = base.filter((event) => fits(fieldOf(event, select.field), select));
        expect([found.answer.selected, found.answer.rest]).toEqual([
          selected.length,
          base.length - selected.length,
        ]);
        for (const one of found.answer.differences) {
          expect(one.field).not.toBe(select.field);
          const has = (event: StoredEvent) => {
            const value = fieldOf(event, one.field);
            if (one.range === null) return value === one.value;
            if (typeof value !== "number") return false;
            const { from, to } = one.range;
            if (value === 0 || (from === 0 && to === 0)) return value === 0 && from === 0 && to === 0;
            return value > 0
              ? value >= (from ?? -Infinity) && value < (to ?? Infinity)
              : value > (from ?? -Infinity) && value <= (to ?? Infinity);
          };
          expect(one.selected).toBe(selected.filter(has).length);
          expect(one.selected + one.rest).toBe(base.filter(has).length);
          expect(one.at_least).toBeLessThanOrEqual(Math.abs(one.selected_share - one.rest_share));
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it("finds what slow calls have in common, and nothing where there is nothing", async () => {
    const events = Array.from({ length: 2_000 }, (_, i): StoredEvent => ({
      id: `e${i}`,
      seq: i + 1,
      timestamp: new Date(NOON_MS + i).toISOString(),
      received_at: new Date(NOON_MS + 9e6).toISOString(),
      event_type: "tokens_used",
      agent_id: `coder-${i % 7}`,
      task_id: `TASK-${i}`,
      source: "api",
      key_id: "k",
      v: 1,
      metadata: {
        model: i % 10 === 0 ? "large" : "small",
        region: ["eu", "us", "asia"][(i * 7919) % 3] ?? "",
      },
      metrics: { duration_ms: (i % 10 === 0 ? 9_000 : 300) + (i % 13) },
    }));
    const source = sourceOf(events, { size: 300, page: 2, unkept: [], unnamed: [] });
    const slow = {
      from: null,
      to: null,
      where: [],
      select: [{ field: "metrics.duration_ms", op: "gt" as const, values: ["5000"] }],
      limit: 10,
    };
    const found = await compare(source, slow, fieldsIn(events));
    if (!found.ok) throw new Error(found.reason);
    expect(found.answer.differences.map(({ field, value }) => [field, value]).sort()).toEqual([
      ["metadata.model", "large"],
      ["metadata.model", "small"],
    ]);
    expect(found.answer.differences[0]).toMatchObject({
      selected: 200,
      rest: 0,
      selected_share: 1,
      rest_share: 0,
    });
    // Almost an id, so it is left out and said so.
    expect(found.answer.fields_left_out).toEqual([]);
    const by_chance = { ...slow, select: [{ field: "metadata.region", op: "eq" as const, values: ["eu"] }] };
    const none = await compare(source, by_chance, fieldsIn(events));
    expect(none.ok && none.answer.differences).toEqual([]);
  });

  it("tells when the log changed under it", async () => {
    const events = Array.from({ length: 9 }, (_, i): StoredEvent => ({
      id: `e${i}`,
      seq: i + 1,
      timestamp: new Date(NOON_MS).toISOString(),
      received_at: new Date(NOON_MS).toISOString(),
      event_type: "x",
      agent_id: "a",
      source: "api",
      key_id: "k",
      v: 1,
    }));
    const early = sourceOf(events, { size: 3, page: 1, unkept: [], unnamed: [] });
    const late = sourceOf(events, { size: 9, page: 1, unkept: [], unnamed: [] });
    const changing = {
      ...early,
      columns: (ask: Parameters<typeof early.columns>[0]) =>
        (ask.before === null ? early : late).columns(ask),
    };
    const asked = readQuery([["group_by", "event_type"]], NOON_MS);
    if (!asked.ok) throw new Error(asked.message);
    expect(await answer(changing, asked.value)).toEqual({ ok: false, reason: "changed" });
  });
});

describe("a column", () => {
  const cells = fc.array(
    fc.oneof(
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
      fc.integer(),
    ),
    { maxLength: 70 },
  );
  const same = (column: Column, length: number) => {
    const bytes = encodeColumn(column);
    // As SQLite and RPC hand it out: somewhere inside of a larger buffer.
    const moved = new Uint8Array(bytes.length + 3);
    moved.set(bytes, 3);
    expect(decodeColumn(moved.subarray(3), length)).toEqual(column);
  };

  it("reads back as it was written, numbers", () => {
    fc.assert(
      fc.property(cells, (all) =>
        same({ kind: "numbers", numbers: Float64Array.from(all, (n) => n ?? NaN) }, all.length),
      ),
    );
  });

  it("reads back as it was written, values", () => {
    const value = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constantFrom("\ud800", "__proto__"));
    fc.assert(
      fc.property(
        fc.uniqueArray(value, { maxLength: 400 }),
        fc.array(fc.nat(), { maxLength: 70 }),
        (values, picks) => {
          const codes = Uint16Array.from(picks, (pick) => pick % (values.length + 1));
          same({ kind: "dictionary", values, codes }, picks.length);
        },
      ),
    );
  });
});

describe("a question in an address", () => {
  it("reads back as it was written", () => {
    fc.assert(
      fc.property(query, (asked) => {
        const parameters = new URLSearchParams(writeQuery(asked));
        expect(readQuery(new URLSearchParams(parameters.toString()), NOON_MS)).toEqual({
          ok: true,
          value: asked,
        });
      }),
    );
    fc.assert(
      fc.property(
        fc.array(filter, { minLength: 1, maxLength: 4 }),
        fc.array(filter, { maxLength: 4 }),
        (select, where) => {
          const asked = { from: null, to: NOON_MS, where, select, limit: 7 };
          expect(readComparison(writeComparison(asked), NOON_MS)).toEqual({ ok: true, value: asked });
        },
      ),
    );
  });
});
