/**
 * One declaration per field, from which both the zod schema and the table of
 * sensitivities derive, so that no field can have one without the other.
 */
import * as z from "zod";
import {
  MAX_LABEL_CHARS,
  MAX_LIST_ITEMS,
  MAX_METRIC,
  MAX_TOKENS_PER_CALL,
  MAX_USD_PER_CALL,
} from "./limits.ts";

/**
 * What a shared view does with a field:
 * structure – shows it always: ids, statuses, times, counts of things;
 * name – replaces it by an injective alias: agents, people, files, branches;
 * title – removes it: titles of tasks and features;
 * text – removes it: free text, and everything nobody declared;
 * cost – removes it: tokens and money;
 * secret – it is never stored at all.
 */
export const SENSITIVITIES = ["structure", "name", "title", "text", "cost", "secret"] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

/** A quick yes: true only of what the schema accepts as well, and false says nothing. */
export type Accepts = (value: unknown) => boolean;

export interface Field<S extends z.ZodType = z.ZodType> {
  readonly schema: S;
  /** Asked before the schema, which costs some ten times as much. */
  readonly accepts?: Accepts;
  readonly sensitivity: Sensitivity;
  /** What to send instead, where the schema's own words do not say it. */
  readonly hint?: string;
}
export type Fields = Readonly<Record<string, Field>>;

/** An event type: what it says, and what its metadata and metrics may hold. */
export interface TypeDefinition<M extends Fields = Fields, N extends Fields = Fields> {
  /** One line for the documentation. */
  readonly about: string;
  readonly metadata: M;
  readonly metrics: N;
}

/** Fills in the empty parts, and keeps the exact types of the fields. */
export function eventType<M extends Fields = Record<never, never>, N extends Fields = Record<never, never>>(
  about: string,
  metadata?: M,
  metrics?: N,
): TypeDefinition<M, N> {
  return { about, metadata: metadata ?? ({} as M), metrics: metrics ?? ({} as N) };
}

type Marked<S extends z.ZodType> = Field<z.ZodOptional<S>>;
function mark(sensitivity: Sensitivity) {
  return <S extends z.ZodType>(schema: S, hint?: string): Marked<S> => {
    const accepts = ACCEPTS.get(schema);
    return {
      schema: schema.optional(),
      sensitivity,
      ...(accepts === undefined ? {} : { accepts }),
      ...(hint === undefined ? {} : { hint }),
    };
  };
}
export const structure = mark("structure");
export const name = mark("name");
export const title = mark("title");
export const text = mark("text");
export const cost = mark("cost");

/** Without this field the event would say nothing. */
export function required<S extends z.ZodType>(field: Marked<S>): Field<S> {
  return { ...field, schema: field.schema.unwrap() };
}

/** A short string: a title, a name, a path, a status. */
export const label = z.string().max(MAX_LABEL_CHARS);
/** RFC 3339 with a time zone. */
export const moment = z.iso.datetime({ offset: true }).max(MAX_LABEL_CHARS);
/** Free text. Beyond MAX_TEXT_BYTES it is stored as an artifact. */
export const prose = z.string();
export const labels = z.array(label).max(MAX_LIST_ITEMS);
export const proses = z.array(prose).max(MAX_LIST_ITEMS);
/** One text or a list of them: senders write both. */
export const someProse = z.union([prose, proses]);
export const flag = z.boolean();
export const count = z.int().min(0).max(MAX_METRIC);
export const amount = z.number().min(0).max(MAX_METRIC);
export const anyNumber = z.number().min(-MAX_METRIC).max(MAX_METRIC);
export const tokens = z.int().min(0).max(MAX_TOKENS_PER_CALL);
export const usd = z.number().min(0).max(MAX_USD_PER_CALL);
/** 0 to 1. */
export const fraction = z.number().min(0).max(1);
/** 0 to 100. */
export const percent = z.number().min(0).max(100);

const within =
  (min: number, max: number): Accepts =>
  (value) =>
    typeof value === "number" && value >= min && value <= max;
const wholeUpTo =
  (max: number): Accepts =>
  (value) =>
    Number.isSafeInteger(value) && typeof value === "number" && value >= 0 && value <= max;

/** What almost every field is. */
const ACCEPTS: ReadonlyMap<z.ZodType, Accepts> = new Map<z.ZodType, Accepts>([
  [label, (value) => typeof value === "string" && value.length <= MAX_LABEL_CHARS],
  [prose, (value) => typeof value === "string"],
  [flag, (value) => typeof value === "boolean"],
  [count, wholeUpTo(MAX_METRIC)],
  [tokens, wholeUpTo(MAX_TOKENS_PER_CALL)],
  [amount, within(0, MAX_METRIC)],
  [anyNumber, within(-MAX_METRIC, MAX_METRIC)],
  [usd, within(0, MAX_USD_PER_CALL)],
  [fraction, within(0, 1)],
  [percent, within(0, 100)],
]);

/** How long it took. Structure, not cost: it is a time like the timestamps around it. */
export const duration_ms = structure(amount);
