/** The address of a question: what query-text.ts reads back as the same. */
import type { Calculation, Filter, FilterOp, LogComparison, LogQuery } from "./query.ts";

export const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
/** The longest sign first, where one begins another. */
export const SIGNS: readonly [string, FilterOp][] = [
  ["!=", "ne"],
  ["<=", "le"],
  [">=", "ge"],
  ["^=", "prefix"],
  ["=", "eq"],
  ["<", "lt"],
  [">", "gt"],
  ["~", "contains"],
];

export function writeQuery(query: LogQuery): [string, string][] {
  const { heatmap, order, step_ms } = query;
  const parameters = writeRange(query);
  for (const key of query.group_by) parameters.push(["group_by", key]);
  for (const each of query.calculations) parameters.push(["calc", writeCalculation(each)]);
  const by = order.by === "key" ? undefined : query.calculations[order.by];
  parameters.push([
    "order",
    `${order.descending ? "-" : ""}${by === undefined ? "key" : writeCalculation(by)}`,
  ]);
  parameters.push(["limit", String(query.limit)]);
  if (step_ms !== null) parameters.push(["step", `${step_ms / 1_000}s`]);
  if (heatmap !== null) {
    parameters.push(["heatmap", heatmap.field], ["scale", heatmap.scale]);
    parameters.push(["x", String(heatmap.x)], ["y", String(heatmap.y)]);
  }
  return parameters;
}

export function writeComparison(comparison: LogComparison): [string, string][] {
  const parameters = writeRange(comparison);
  for (const each of comparison.select) parameters.push(["select", writeFilter(each)]);
  return [...parameters, ["limit", String(comparison.limit)]];
}

export function writeCalculation({ op, field }: Calculation): string {
  return field === null ? op : `${op}:${field}`;
}

function writeRange({ from, to, where }: Pick<LogQuery, "from" | "to" | "where">): [string, string][] {
  const parameters: [string, string][] = [];
  if (from !== null) parameters.push(["from", writeTime(from)]);
  if (to !== null) parameters.push(["to", writeTime(to)]);
  for (const each of where) parameters.push(["where", writeFilter(each)]);
  return parameters;
}

/** In signs where they read back as the same, else as JSON. */
export function writeFilter({ field, op, values }: Filter): string {
  const sign = SIGNS.find(([, known]) => known === op)?.[0];
  const plain = /^[\w.-]+$/;
  if (plain.test(field)) {
    if (op === "exists") return field;
    if (op === "missing") return `!${field}`;
    if (sign !== undefined) return `${field}${sign}${values[0] ?? ""}`;
    if (values.every((value) => plain.test(value)))
      return `${field} ${op.replace("_", " ")} ${values.join(",")}`;
  }
  return JSON.stringify([field, op, ...values]);
}

/** Years after 9999 have no RFC 3339. */
function writeTime(time_ms: number): string {
  const text = new Date(time_ms).toISOString();
  return RFC_3339.test(text) ? text : String(time_ms);
}
