/** Query parameters, parsed at the edge: an unknown or unreadable one is refused, never ignored. */
import { z } from "zod";
import type { Failure } from "../../schema/wire/error.ts";
import type { HttpContext } from "./context.ts";

/** One page is one RPC reply and one JSON text: 1,000 events of 64 KiB at most, in practice ~1 MB. */
export const MAX_PAGE_EVENTS = 1000;
export const DEFAULT_PAGE_EVENTS = 100;
/** As long as any id of the envelope may be. */
const MAX_FILTER_CHARACTERS = 256;

export const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, error)
    .transform(Number)
    .pipe(z.number().min(min, error).max(max, error));
};

export const seqParameter = wholeNumber(0, Number.MAX_SAFE_INTEGER);
export const limitParameter = wholeNumber(1, MAX_PAGE_EVENTS);
/** A slider has no more pixels than that. */
export const bucketsParameter = wholeNumber(1, 1000);

/** Whole numbers from here on are times: it is March 1973 in ms, and more events than any log has. */
export const MIN_TIME_MS = 100_000_000_000;
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** A time: RFC 3339, or whole ms since the epoch. */
export const timeParameter = z.string().transform((text, context): number => {
  const time_ms = /^\d{12,15}$/.test(text) ? Number(text) : RFC_3339.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time_ms)) return time_ms;
  context.addIssue({
    code: "custom",
    message:
      "must be a time: RFC 3339 like 2026-11-22T14:23:15Z (a + in it travels as %2B), or ms since 1970",
  });
  return z.NEVER;
});

/** A moment of the log: a seq, or a time. */
export const momentParameter = z.string().transform((text, context): { seq: number } | { time: number } => {
  if (/^\d{1,16}$/.test(text)) {
    const value = Number(text);
    if (value <= Number.MAX_SAFE_INTEGER) return value < MIN_TIME_MS ? { seq: value } : { time: value };
  }
  const time_ms = RFC_3339.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time_ms)) return { time: time_ms };
  context.addIssue({
    code: "custom",
    message:
      "must be a seq (a whole number from 0), or a time: RFC 3339 like 2026-11-22T14:23:15Z (a + in it travels as %2B), or ms since 1970",
  });
  return z.NEVER;
});

export const textParameter = z
  .string()
  .min(1, "must not be empty; leave the parameter out instead")
  .max(MAX_FILTER_CHARACTERS, `must be at most ${MAX_FILTER_CHARACTERS} characters`);

/** One of `values`. */
export const oneOfParameter = <T extends string>(values: readonly T[]) =>
  z.enum(values, `must be one of ${values.join(", ")}`);

/** One of `values`, or several of them joined by commas. */
export const choiceParameter = <T extends string>(values: readonly T[]) =>
  z.string().transform((text, context): T[] => {
    const wanted = text.split(",");
    const known = values.filter((value) => wanted.includes(value));
    if (known.length !== new Set(wanted).size) {
      context.addIssue({
        code: "custom",
        message: `must be one or more of ${values.join(", ")}, joined by commas`,
      });
    }
    return known;
  });

export function parseQuery<Shape extends z.ZodRawShape>(
  c: HttpContext,
  shape: Shape,
): { ok: true; value: z.infer<z.ZodObject<Shape>> } | { ok: false; failure: Failure } {
  const given = c.req.query();
  const unknown = refuseUnknown(given, Object.keys(shape));
  if (unknown !== null) return unknown;
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return { ok: true, value: parsed.data };
  return refuse(
    parsed.error.issues
      .map((issue) => `Query parameter "${issue.path.join(".")}" ${issue.message}.`)
      .join(" "),
  );
}

/** For a route that takes none: to make a schema of nothing takes longer than to accept an event. Null when it has none. */
export function refuseParameters(c: HttpContext): { ok: false; failure: Failure } | null {
  return refuseUnknown(c.req.query(), []);
}

function refuseUnknown(
  given: Record<string, string>,
  names: readonly string[],
): { ok: false; failure: Failure } | null {
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  if (unknown.length === 0) return null;
  const known = names.length > 0 ? `Known here: ${names.join(", ")}.` : "This route takes none.";
  return refuse(`Unknown query parameter ${unknown.map((name) => `"${name}"`).join(", ")}. ${known}`);
}

function refuse(message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: "invalid_parameter", message } };
}
