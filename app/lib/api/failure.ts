/**
 * What can go wrong with a request, as values. The server's refusals keep their
 * code and message (it writes them for people); what never reached the server
 * gets words of its own.
 *
 *   fetch ──▶ no answer        ─▶ { kind: "unreachable" }
 *         ──▶ error of ours    ─▶ { kind: "refused", code, message, request_id, details }
 *         ──▶ anything else    ─▶ { kind: "refused", code: by status }
 */
import { ERROR_STATUS, type ErrorCode } from "../../../schema/wire/error.ts";

export type ApiFailure =
  | { kind: "unreachable"; message: string }
  | {
      kind: "refused";
      status: number;
      code: ErrorCode;
      message: string;
      request_id: string | undefined;
      details: unknown;
      retry_after_s: number | undefined;
    };

export type Result<T> = { ok: true; value: T } | { ok: false; failure: ApiFailure };

export const UNREACHABLE: ApiFailure = {
  kind: "unreachable",
  message:
    "Clusterfork cannot be reached. Check the connection, and that the server is running, then try again.",
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_STATUS, value);
}

/** The code that a bare status stands for: some answers come from a proxy and have no body of ours. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "insufficient_scope";
  if (status === 404) return "not_found";
  if (status === 409) return "conflict";
  if (status === 413) return "too_large";
  if (status === 422) return "invalid";
  if (status === 429) return "rate_limited";
  if (status === 503) return "unavailable";
  return status >= 500 ? "internal" : "malformed";
}

const SIGNED_OUT = "You are signed out. Sign in and try again.";
const FALLBACK: Partial<Record<ErrorCode, string>> = {
  not_found: "This does not exist, or it is not yours.",
  rate_limited: "Too many tries. Wait a minute and try again.",
  unavailable: "Clusterfork is busy or starting. Nothing was changed; try again in a moment.",
};

function messageOf(code: ErrorCode, status: number, given: unknown): string {
  // To a program the server explains which route signs in; a reader of this page has a button for it.
  if (code === "unauthenticated") return SIGNED_OUT;
  if (typeof given === "string" && given !== "") return given;
  return FALLBACK[code] ?? `The server answered ${status} without saying why. Try again.`;
}

/** Reads a refusal out of whatever body came with it. */
export function readFailure(status: number, body: unknown, headers: Headers): ApiFailure {
  const error = isRecord(body) && isRecord(body["error"]) ? body["error"] : {};
  const code = isErrorCode(error["code"]) ? error["code"] : codeOfStatus(status);
  const after_s = Number(headers.get("retry-after") ?? NaN);
  return {
    kind: "refused",
    status,
    code,
    message: messageOf(code, status, error["message"]),
    request_id:
      typeof error["request_id"] === "string"
        ? error["request_id"]
        : (headers.get("x-request-id") ?? undefined),
    details: error["details"],
    retry_after_s: Number.isFinite(after_s) ? after_s : undefined,
  };
}

/** What the server found wrong, by field, where it says so: `details` is `[{ field, message }]`. */
export function fieldErrors(failure: ApiFailure): Record<string, string> {
  if (failure.kind !== "refused" || !Array.isArray(failure.details)) return {};
  const issues: unknown[] = failure.details;
  const found = issues.flatMap((issue) =>
    isRecord(issue) && typeof issue["field"] === "string" && typeof issue["message"] === "string"
      ? [[issue["field"], issue["message"]] as const]
      : [],
  );
  return Object.fromEntries(found);
}

export function requestId(failure: ApiFailure): string | undefined {
  return failure.kind === "refused" ? failure.request_id : undefined;
}
