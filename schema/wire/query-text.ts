/**
 * A question as it stands in an address or a shell.
 *
 *   from=24h                      a duration before now, RFC 3339, or ms since 1970
 *   where=event_type=tokens_used  also != < <= > >= ~ (contains) ^= (begins with); may be repeated
 *   where=event_type in a,b       also `not in`;  where=task_id (has one), where=!task_id (has none)
 *   group_by=metadata.model       may be repeated
 *   calc=p95:metrics.duration_ms  count, sum, avg, min, max, p50, p95, p99
 *   order=-count                  - the largest first; a calculation as written, or `key`
 *
 * Names and values that hold such signs themselves are written as JSON: where=["metadata.a=b","eq","x,y"].
 */
import {
  CALCULATIONS,
  DEFAULT_GROUPS_SHOWN,
  FILTER_OPS,
  logComparison,
  logQuery,
  type Calculation,
  type Filter,
  type LogComparison,
  type LogQuery,
} from "./query.ts";
import { RFC_3339, SIGNS } from "./query-write.ts";

export const QUERY_PARAMETERS = [
  "from",
  "to",
  "where",
  "group_by",
  "calc",
  "order",
  "limit",
  "step",
  "heatmap",
  "scale",
  "x",
  "y",
] as const;
export const COMPARE_PARAMETERS = ["from", "to", "where", "select", "limit"] as const;
const REPEATED: readonly string[] = ["where", "group_by", "calc", "select"];

const DEFAULT_HEATMAP = { x: 60, y: 20 };
const DEFAULT_DIFFERENCES = 20;

type Read<T> = { ok: true; value: T } | { ok: false; message: string };
/** What is wrong with a text; never leaves this file. */
class Unreadable extends Error {}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

export function readQuery(parameters: Iterable<[string, string]>, now_ms: number): Read<LogQuery> {
  return reading(() => {
    const { one, all } = sorted(parameters, QUERY_PARAMETERS);
    const texts = all("calc");
    const calculations = texts.length === 0 ? [{ op: "count", field: null }] : texts.map(readCalculation);
    const heatmap = one("heatmap");
    const step = one("step");
    if (heatmap === null && (one("scale") ?? one("x") ?? one("y")) !== null)
      throw new Unreadable("scale, x and y belong to heatmap=<field>.");
    return logQuery.safeParse({
      from: readTime("from", one("from"), now_ms),
      to: readTime("to", one("to"), now_ms),
      where: all("where").map(readFilter),
      group_by: all("group_by"),
      calculations,
      order: readOrder(one("order"), texts),
      limit: readCount("limit", one("limit")) ?? DEFAULT_GROUPS_SHOWN,
      step_ms: step === null ? null : readDuration("step", step),
      heatmap:
        heatmap === null
          ? null
          : {
              field: heatmap,
              scale: one("scale") ?? "log",
              x: readCount("x", one("x")) ?? DEFAULT_HEATMAP.x,
              y: readCount("y", one("y")) ?? DEFAULT_HEATMAP.y,
            },
    });
  });
}

export function readComparison(parameters: Iterable<[string, string]>, now_ms: number): Read<LogComparison> {
  return reading(() => {
    const { one, all } = sorted(parameters, COMPARE_PARAMETERS);
    return logComparison.safeParse({
      from: readTime("from", one("from"), now_ms),
      to: readTime("to", one("to"), now_ms),
      where: all("where").map(readFilter),
      select: all("select").map(readFilter),
      limit: readCount("limit", one("limit")) ?? DEFAULT_DIFFERENCES,
    });
  });
}

function readFilter(text: string): Filter {
  if (text.startsWith("[")) return readJsonFilter(text);
  const list = /^(\S+) (in|not in) (.+)$/s.exec(text);
  if (list !== null)
    return {
      field: list[1] ?? "",
      op: list[2] === "in" ? "in" : "not_in",
      values: (list[3] ?? "").split(","),
    };
  const at = text.slice(1).search(/!=|<|>|\^=|=|~/) + 1;
  if (at === 0)
    return text.startsWith("!")
      ? { field: text.slice(1), op: "missing", values: [] }
      : { field: text, op: "exists", values: [] };
  const [sign, op] = SIGNS.find(([known]) => text.startsWith(known, at)) ?? ["=", "eq"];
  return { field: text.slice(0, at), op, values: [text.slice(at + sign.length)] };
}

function readJsonFilter(text: string): Filter {
  const shape = `A filter in JSON is a list: ["field", one of ${FILTER_OPS.join(", ")}, then its values]. "${text}" is none.`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Unreadable(shape);
  }
  const [field, op, ...values] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  const known = FILTER_OPS.find((name) => name === op);
  const texts = values.map((value) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : null,
  );
  if (typeof field !== "string" || known === undefined) throw new Unreadable(shape);
  return {
    field,
    op: known,
    values: texts.map((value) => {
      if (value === null) throw new Unreadable(shape);
      return value;
    }),
  };
}

function readCalculation(text: string): Calculation {
  const at = text.indexOf(":");
  const name = at === -1 ? text : text.slice(0, at);
  const op = CALCULATIONS.find((known) => known === name);
  if (op === undefined)
    throw new Unreadable(
      `There is no calculation "${name}". Known: ${CALCULATIONS.join(", ")}, as in p95:metrics.duration_ms.`,
    );
  return { op, field: at === -1 ? null : text.slice(at + 1) };
}

function readOrder(text: string | null, calculations: readonly string[]): LogQuery["order"] {
  if (text === null) return { by: 0, descending: true };
  const descending = text.startsWith("-");
  const name = descending ? text.slice(1) : text;
  if (name === "key") return { by: "key", descending };
  const by = calculations.length === 0 && name === "count" ? 0 : calculations.indexOf(name);
  if (by === -1)
    throw new Unreadable(
      `order must be a calculation of this question (${calculations.join(", ") || "count"}) or key, with a - before it for the largest first.`,
    );
  return { by, descending };
}

function readTime(name: string, text: string | null, now_ms: number): number | null {
  if (text === null) return null;
  const relative = /^(\d{1,6})([smhdw])$/.exec(text);
  if (relative !== null) return now_ms - Number(relative[1]) * (UNIT_MS[relative[2] ?? ""] ?? 0);
  const time_ms = /^\d{12,15}$/.test(text) ? Number(text) : RFC_3339.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time_ms)) return time_ms;
  throw new Unreadable(
    `${name} must be a time: a duration before now like 24h, RFC 3339 like 2026-11-22T14:23:15Z (a + in it travels as %2B), or ms since 1970.`,
  );
}

function readDuration(name: string, text: string): number {
  const found = /^(\d{1,6})([smhdw])$/.exec(text);
  if (found === null) throw new Unreadable(`${name} must be a duration like 30s, 15m, 1h, 7d.`);
  return Number(found[1]) * (UNIT_MS[found[2] ?? ""] ?? 0);
}

function readCount(name: string, text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text)) throw new Unreadable(`${name} must be a whole number.`);
  return Number(text);
}

/** By name; an unknown parameter is refused, never ignored. */
function sorted(parameters: Iterable<[string, string]>, names: readonly string[]) {
  const found = new Map<string, string[]>();
  for (const [name, text] of parameters) {
    if (!names.includes(name))
      throw new Unreadable(`Unknown query parameter "${name}". Known here: ${names.join(", ")}.`);
    const texts = found.get(name) ?? [];
    if (texts.length > 0 && !REPEATED.includes(name)) throw new Unreadable(`"${name}" is given twice.`);
    found.set(name, [...texts, text]);
  }
  return {
    one: (name: string): string | null => found.get(name)?.[0] ?? null,
    all: (name: string): string[] => found.get(name) ?? [],
  };
}

interface Issues {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}
function reading<T>(read: () => { success: true; data: T } | { success: false; error: Issues }): Read<T> {
  try {
    const parsed = read();
    if (parsed.success) return { ok: true, value: parsed.data };
    const said = parsed.error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
    return { ok: false, message: said.join(" ") };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, message: error.message };
    throw error;
  }
}
