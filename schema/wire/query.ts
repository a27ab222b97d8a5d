/**
 * A question on the log (`GET /v1/query`, `/v1/query/compare`) and its answer.
 *
 *   address ──query-text──▶ LogQuery ──worker/insight/query──▶ QueryResponse
 *
 * Fields are those of schema/column/field.ts. A question is data all the way: no part of it becomes code or SQL.
 */
import * as z from "zod";
import { MAX_VALUE_CHARS } from "../column/field.ts";

/** Conditions of one question: each is one pass over a column. */
export const MAX_FILTERS = 16;
/** Values of one `in`. */
export const MAX_FILTER_VALUES = 100;
export const MAX_GROUP_KEYS = 3;
export const MAX_CALCULATIONS = 8;
/** Groups in one answer. */
export const MAX_GROUPS_SHOWN = 1_000;
export const DEFAULT_GROUPS_SHOWN = 50;
/** Shortest step of a series, ms. */
export const MIN_STEP_MS = 1_000;
/** Columns and rows of a heatmap: no screen shows more. */
export const MAX_HEATMAP_SIDE = 240;
/** A field's name: a prefix and a key of 128. */
export const MAX_FIELD_CHARS = 160;

/** `ne` and `not_in` are the complements of `eq` and `in`: events without the field fit them too. */
export const FILTER_OPS = [
  "eq",
  "ne",
  "in",
  "not_in",
  "lt",
  "le",
  "gt",
  "ge",
  "contains",
  "prefix",
  "exists",
  "missing",
] as const;
export type FilterOp = (typeof FILTER_OPS)[number];

/**
 * `count` counts events; the others look at the field's numbers alone and are null where there are none.
 * Percentiles are exact, by nearest rank: the smallest value that at least so many percent do not exceed.
 */
export const CALCULATIONS = ["count", "sum", "avg", "min", "max", "p50", "p95", "p99"] as const;

const field = z
  .string()
  .min(1, "A field must not be empty.")
  .max(MAX_FIELD_CHARS, `A field has at most ${MAX_FIELD_CHARS} characters.`);
const time = z.int().nullable();
const count = z.int().min(0);

export const filter = z
  .object({
    field,
    op: z.enum(FILTER_OPS),
    /** As texts: `1` fits the number 1 and the text "1". None for `exists` and `missing`, else one; several for `in`. */
    values: z
      .array(
        z
          .string()
          .max(
            MAX_VALUE_CHARS,
            `A value has at most ${MAX_VALUE_CHARS} characters: longer texts are seen by their beginning.`,
          ),
      )
      .max(MAX_FILTER_VALUES, `A filter has at most ${MAX_FILTER_VALUES} values.`),
  })
  .refine(({ op, values }) => {
    if (op === "exists" || op === "missing") return values.length === 0;
    return op === "in" || op === "not_in" ? values.length > 0 : values.length === 1;
  }, "A filter needs a value (several for in), and exists or missing none.")
  .refine(
    ({ op, values }) => !["lt", "le", "gt", "ge"].includes(op) || isNumber(values[0] ?? ""),
    "<, <=, > and >= compare with a number.",
  );
export type Filter = z.infer<typeof filter>;

export const calculation = z
  .object({ op: z.enum(CALCULATIONS), field: field.nullable() })
  .refine(
    ({ op, field }) => (op === "count") === (field === null),
    "count counts events and takes no field; the others need one, as in p95:metrics.duration_ms.",
  );
export type Calculation = z.infer<typeof calculation>;

const range = {
  /** Event time, ms, both inclusive; null: no bound. */
  from: time,
  to: time,
  where: z.array(filter).max(MAX_FILTERS, `A question has at most ${MAX_FILTERS} filters.`),
};

export const heatmapWish = z.object({
  field,
  scale: z.enum(["linear", "log"]),
  x: z.int().min(1).max(MAX_HEATMAP_SIDE),
  y: z.int().min(1).max(MAX_HEATMAP_SIDE),
});

export const logQuery = z.object({
  ...range,
  group_by: z.array(field).max(MAX_GROUP_KEYS, `At most ${MAX_GROUP_KEYS} keys group at once.`),
  calculations: z
    .array(calculation)
    .min(1)
    .max(MAX_CALCULATIONS, `A question has at most ${MAX_CALCULATIONS} calculations.`)
    .refine(
      (all) => new Set(all.map(({ op, field }) => `${op}:${field ?? ""}`)).size === all.length,
      "A calculation is given twice.",
    ),
  /** By the calculation at this place, or by the key. */
  order: z.object({ by: z.union([count, z.literal("key")]), descending: z.boolean() }),
  limit: z.int().min(1).max(MAX_GROUPS_SHOWN, `At most ${MAX_GROUPS_SHOWN} groups are shown.`),
  /** Steps of a series per group, from multiples of it since 1970. */
  step_ms: z
    .int()
    .min(MIN_STEP_MS, `The shortest step is ${MIN_STEP_MS} ms.`)
    .multipleOf(1_000, "Steps are whole seconds.")
    .nullable(),
  heatmap: heatmapWish.nullable(),
});
export type LogQuery = z.infer<typeof logQuery>;

export const logComparison = z.object({
  ...range,
  /** What of the events that fit `where` is selected; the others of them are the rest. */
  select: z
    .array(filter)
    .min(1, "Say what is selected, as in select=metrics.duration_ms>5000.")
    .max(MAX_FILTERS, `A selection has at most ${MAX_FILTERS} filters.`),
  limit: z.int().min(1).max(MAX_GROUPS_SHOWN),
});
export type LogComparison = z.infer<typeof logComparison>;

/** Why a reading ended before its range did. It goes from the newest event to the oldest, so the oldest are missing. */
export const TRUNCATIONS = ["events", "bytes", "log", "values"] as const;
export type Truncation = (typeof TRUNCATIONS)[number];

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const reading = {
  /** The last seq of the log. */
  seq: count,
  from: time,
  to: time,
  /** Events in range that were looked at, and those of them that fit. */
  scanned: count,
  matched: count,
  /** True when events in range were not looked at, or groups not told apart: `truncated_by` says by which bound. */
  truncated: z.boolean(),
  truncated_by: z.array(z.enum([...TRUNCATIONS, "groups"])),
  elapsed_ms: z.number(),
};

const group = z.object({
  /** One value per key of `group_by`; null: the events have no such field. */
  key: z.array(value),
  /** One per calculation. */
  values: z.array(z.number().nullable()),
  /** With a step: time, then one value per calculation; steps without events are left out. */
  series: z.array(z.array(z.number().nullable())).optional(),
});

export const heatmap = z.object({
  field: z.string(),
  scale: z.enum(["linear", "log"]),
  /** x + 1 and y + 1 edges; a cell holds its lower edge, the last one its upper edge as well. */
  x_edges: z.array(z.number()),
  y_edges: z.array(z.number()),
  /** x, y and the events there; empty cells are left out. */
  cells: z.array(z.tuple([count, count, count])),
  /** Events that fit but have no such number, and on a log scale none above 0. */
  left_out: count,
});
export type Heatmap = z.infer<typeof heatmap>;

export const queryResponse = z.object({
  ...reading,
  group_by: z.array(z.string()),
  /** As they are written: `count`, `p95:metrics.duration_ms`. */
  calculations: z.array(z.string()),
  groups: z.array(group),
  /** How many there are, shown or not. */
  group_count: count,
  heatmap: heatmap.nullable(),
});
export type QueryResponse = z.infer<typeof queryResponse>;

const difference = z.object({
  field: z.string(),
  /** The value that is more or less frequent; null: the field is absent. */
  value,
  /** Numbers are compared by range, to which the bound nearer to 0 belongs (0 is its own); null for one value. */
  range: z.object({ from: z.number().nullable(), to: z.number().nullable() }).nullable(),
  selected: count,
  rest: count,
  selected_share: z.number(),
  rest_share: z.number(),
  /** The difference of the shares is at least this, with 95 % confidence over all that was compared. */
  at_least: z.number(),
});
export type Difference = z.infer<typeof difference>;

export const compareResponse = z.object({
  ...reading,
  selected: count,
  rest: count,
  /** Fields that were compared, and those that were not: more than the limit, or too many distinct values. */
  fields: count,
  fields_left_out: z.array(z.string()),
  /** The largest first. */
  differences: z.array(difference),
});
export type CompareResponse = z.infer<typeof compareResponse>;

export const fieldsResponse = z.object({
  fields: z.array(z.string()),
  /** False when there may be others. */
  complete: z.boolean(),
});
export type FieldsResponse = z.infer<typeof fieldsResponse>;

export function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
