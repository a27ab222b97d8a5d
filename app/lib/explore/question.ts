/**
 * The question on screen, as the address says it: the grammar of schema/wire/query-text.ts, and `select` for what of a
 * heatmap is compared with the rest. What else the address says (`at`) stays.
 *
 *   address ──readQuestion──▶ Question ──withQuestion──▶ address (links of chips, groups, forms)
 *                                │
 *                                ├─queryOf──────▶ GET /query
 *                                └─comparisonOf─▶ GET /query/compare
 */
import {
  DEFAULT_GROUPS_SHOWN,
  MIN_STEP_MS,
  type Calculation,
  type Filter,
  type LogQuery,
} from "../../../schema/wire/query.ts";
import {
  COMPARE_PARAMETERS,
  QUERY_PARAMETERS,
  readComparison,
  readQuery,
} from "../../../schema/wire/query-text.ts";
import { writeComparison, writeFilter, writeQuery } from "../../../schema/wire/query-write.ts";

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "toString">;

export interface Question extends LogQuery {
  /** As written, `24h` or a time; null: the log's beginning, and its end. */
  from_text: string | null;
  to_text: string | null;
  select: Filter[];
}

export type ReadQuestion = { ok: true; question: Question } | { ok: false; message: string };

const NAMES: ReadonlySet<string> = new Set([...QUERY_PARAMETERS, ...COMPARE_PARAMETERS]);
/** Where nothing is asked: which kinds of events there are. */
const OPENING: [string, string][] = [
  ["group_by", "event_type"],
  ["calc", "count"],
];
/** Steps of a series: a phone shows that many, and a wall needs no more. */
const SERIES_STEPS = 60;
/** Steps that an address may ask for: as many as a wall has pixels across. */
const MAX_STEPS = 2_000;
/** Events one by one, the newest first. */
const EACH_EVENT = ["seq", "event_type", "agent_id"];
export const COUNT: Calculation = { op: "count", field: null };

/** `now_ms`: the present, or the moment of the past that is on screen. */
export function readQuestion(address: Query, now_ms: number): ReadQuestion {
  const given = [...new URLSearchParams(address.toString())].filter(([name]) => NAMES.has(name));
  const asked = given.filter(([name]) => name !== "select");
  const selected = given.filter(([name]) => name === "select");
  const query = readQuery(asked.length === 0 ? OPENING : asked, now_ms);
  if (!query.ok) return query;
  const one = (name: string) => asked.find(([each]) => each === name)?.[1] ?? null;
  const question = { ...query.value, from_text: one("from"), to_text: one("to"), select: [] };
  if (selected.length === 0) return { ok: true, question };
  const comparison = readComparison(selected, now_ms);
  return comparison.ok
    ? { ok: true, question: { ...question, select: comparison.value.select } }
    : comparison;
}

/** The address with some of the question changed. A change of what is looked at ends a selection in it. */
export function withQuestion(address: Query, question: Question, change: Partial<Question> = {}): string {
  const next: Question = { ...question, ...("select" in change ? {} : { select: [] }), ...change };
  const rest = [...new URLSearchParams(address.toString())].filter(([name]) => !NAMES.has(name));
  const { order, limit, calculations } = next;
  const known_order = order.by === "key" || order.by < calculations.length;
  const query = { ...next, order: known_order ? order : { by: 0, descending: true }, from: null, to: null };
  const usual_order = query.order.by === 0 && query.order.descending;
  const parameters = writeQuery(query).filter(
    ([name]) => !(name === "order" && usual_order) && !(name === "limit" && limit === DEFAULT_GROUPS_SHOWN),
  );
  if (next.to_text !== null) parameters.unshift(["to", next.to_text]);
  if (next.from_text !== null) parameters.unshift(["from", next.from_text]);
  for (const each of next.select) parameters.push(["select", writeFilter(each)]);
  return `?${new URLSearchParams([...parameters, ...rest]).toString()}`;
}

/** The same events one by one. */
export const eachEvent = (address: Query, question: Question): string =>
  withQuestion(address, question, {
    where: [...question.where, ...question.select],
    group_by: EACH_EVENT,
    calculations: [COUNT],
    order: { by: "key", descending: true },
    step_ms: null,
    heatmap: null,
  });

/** Each group is one event: a series of it, and its count, say nothing. */
export const isEachEvent = ({ group_by }: Pick<Question, "group_by">): boolean => group_by[0] === "seq";

export interface Bounds {
  /** Of the log's first event; null: there is none. */
  first_ms: number | null;
  now_ms: number;
  /** Nothing after it is known where the past is on screen. */
  at_ms: number | null;
}

export function queryOf(question: Question, { first_ms, now_ms, at_ms }: Bounds): LogQuery {
  const to = at_ms === null ? question.to : Math.min(question.to ?? at_ms, at_ms);
  const span_ms = (to ?? now_ms) - (question.from ?? first_ms ?? now_ms);
  const draws = question.heatmap === null && !isEachEvent(question);
  return { ...question, to, step_ms: draws ? stepWithin(question.step_ms, span_ms) : null };
}

/** What the address asks for, unless it is more steps than anybody can look at. */
function stepWithin(asked_ms: number | null, span_ms: number): number {
  return asked_ms === null || span_ms / asked_ms > MAX_STEPS ? stepFor(span_ms) : asked_ms;
}

export const queryRoute = (query: LogQuery): string =>
  `/query?${new URLSearchParams(writeQuery(query)).toString()}`;

export function comparisonRoute({ from, to, where }: LogQuery, select: Filter[], limit: number): string {
  const parameters = writeComparison({ from, to, where, select, limit });
  return `/query/compare?${new URLSearchParams(parameters).toString()}`;
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200];
const DAY_S = 86_400;

/** A round step of which some sixty fill the span. */
export function stepFor(span_ms: number): number {
  const least_s = Math.max(MIN_STEP_MS, span_ms / SERIES_STEPS) / 1_000;
  const step_s = STEPS_S.find((each) => each >= least_s) ?? Math.ceil(least_s / DAY_S) * DAY_S;
  return step_s * 1_000;
}
