import type { ErrorCode, Failure } from "../../schema/wire/error.ts";

/** An expected failure travels as a value; `worker/http` alone turns it into a reply. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export function done<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function failed(
  code: ErrorCode,
  message: string,
  more: Pick<Failure, "details" | "retry_after_s"> = {},
): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, message, ...more } };
}
