/** The one place where failures become HTTP. No stack and no message of an unexpected error leaves here. */
import { ERROR_STATUS, type ErrorBody, type Failure } from "../../schema/wire/error.ts";
import { exhaustedField } from "../../schema/wire/rate.ts";
import type { Refusal } from "../room/contract.ts";
import type { HttpContext } from "./context.ts";

/** What a client waits when nobody knows better: a room is back well within it. */
const DEFAULT_RETRY_AFTER_S = 2;

/** `beside` are fields next to `error`, for replies that carry results as well. */
export function failureReply(c: HttpContext, failure: Failure, beside: object = {}): Response {
  const { code, retry_after_s, policy } = failure;
  const body = errorBody(failure, c.get("request_id"));
  const status = ERROR_STATUS[code];
  const reply = Response.json({ ...body, ...beside }, { status });
  if (status === 401) reply.headers.set("WWW-Authenticate", "Bearer");
  if (status === 429 || status === 503) {
    const wait_s = Math.ceil(retry_after_s ?? DEFAULT_RETRY_AFTER_S);
    reply.headers.set("Retry-After", String(wait_s));
    if (policy !== undefined) reply.headers.set("RateLimit", exhaustedField(policy, wait_s));
  }
  return reply;
}

export function errorBody({ code, message, details }: Failure, request_id: string): ErrorBody {
  return { error: { code, message, request_id, ...(details === undefined ? {} : { details }) } };
}

/** Cut short, made up, another's, expired, revoked: one answer, so that nobody learns which. */
export const LINK_ENDED: Failure = {
  code: "not_found",
  message: "This link has ended or never existed. Ask whoever sent it.",
};

/** A room's refusal, in words. */
export function refusalFailure(refusal: Refusal): Failure {
  switch (refusal.reason) {
    case "unknown_key":
      return {
        code: "unauthenticated",
        message: "This key does not exist. Copy a key again from the project's settings, or make a new one.",
      };
    case "revoked_key":
      return {
        code: "unauthenticated",
        message: "This key was revoked. Make a new one in the project's settings.",
      };
    case "insufficient_scope":
      return {
        code: "insufficient_scope",
        message: scopeText(refusal),
        details: { needed: refusal.needed },
      };
    case "unknown_share":
      return LINK_ENDED;
    case "passphrase_needed":
      return {
        code: "unauthenticated",
        message:
          "This link asks for a passphrase. Open it as a page, or send POST /api/shares/open with both.",
        details: { needs: "passphrase" },
      };
    case "not_shared":
      return {
        code: "insufficient_scope",
        message: "This link does not show that. Ask whoever sent it for a link that does.",
      };
    case "rate_limited":
      return {
        code: "rate_limited",
        message: `The limit ${refusal.limit} is reached; nothing was stored. Wait ${refusal.retry_after_s} s, then send again, in larger batches if you can.`,
        details: { limit: refusal.limit },
        ...(refusal.policy === undefined ? {} : { policy: refusal.policy }),
        retry_after_s: refusal.retry_after_s,
        ...(refusal.retry_after_ms === undefined ? {} : { retry_after_ms: refusal.retry_after_ms }),
      };
    case "storage_full":
      return {
        code: "unavailable",
        message:
          "The project's storage is full; nothing was stored, and waiting does not change that. Make a new project and send there; this one's log stays readable and can be exported (GET /v1/export).",
        details: { storage: "full" },
        retry_after_s: refusal.retry_after_s,
      };
    case "unavailable":
      return {
        code: "unavailable",
        message: `The project cannot answer now; nothing was stored. Send the same again in ${refusal.retry_after_s} s.`,
        retry_after_s: refusal.retry_after_s,
      };
  }
}

/** Which key can, beside what this one may. */
function scopeText({ needed, held = [] }: Extract<Refusal, { reason: "insufficient_scope" }>): string {
  const may = held.length === 0 ? "" : `; yours may only ${held.join(" and ")}`;
  return `This needs a key with the scope "${needed}"${may}. Use one that has it, or make one in the project's settings: scopes are chosen when a key is made.`;
}

/**
 * Durable Object errors say by these flags that the object, not the request, is at fault. It is reset
 * when storage fails after the work was done (a full disk): its output gate then holds the reply back.
 */
const PASSING = ["overloaded", "retryable", "durableObjectReset"];

/** What SQLite says of its file or its disk, and not of the statement: another process holds the lock, nothing is left. */
const STORAGE_AWAY = /: SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|NOMEM)\b/;

/** The runtime's word for a failure of its own, with nothing behind it: an object that cannot open its storage, so on a full disk. */
const RUNTIME_FAILED = /^internal error; reference = /;

function isAway({ message }: Error): boolean {
  // D1 that is away or overloaded says so in words alone; a statement's own fault (SQLITE_ERROR, _CONSTRAINT, _TOOBIG)
  // stays one however often it is sent again.
  if (message.startsWith("D1_ERROR") && !message.includes("SQLITE_")) return true;
  return STORAGE_AWAY.test(message) || RUNTIME_FAILED.test(message);
}

function isPassing(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  if (PASSING.some((flag) => Reflect.get(error, flag) === true)) return true;
  return error instanceof Error && (isAway(error) || isPassing(error.cause));
}

/** Drizzle's message of a failed query quotes its parameters, which hold addresses and hashes: its cause does not. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("query" in error && "params" in error) return `${String(error.query)}: ${describe(error.cause)}`;
  return error.stack ?? error.message;
}

/** Share links and invitations, which stand in the addresses of pages: who reads the log must not come in by them. */
const TOKENS = /cf[a-z]_[A-Za-z0-9_]+/g;

export function unexpectedReply(error: unknown, c: HttpContext): Response {
  return failureReply(c, unexpectedFailure(error, c));
}

/** Logs what happened, and says what may be known outside. */
export function unexpectedFailure(error: unknown, c: HttpContext): Failure {
  console.error(
    JSON.stringify({
      request_id: c.get("request_id"),
      method: c.req.method,
      path: c.req.path.replaceAll(TOKENS, "…"),
      error: describe(error),
    }),
  );
  if (isPassing(error)) {
    return {
      code: "unavailable",
      message:
        "The server is restarting or overloaded, or its storage is busy or full. Send the same again, events with the same ids.",
      retry_after_s: DEFAULT_RETRY_AFTER_S,
    };
  }
  return {
    code: "internal",
    message: "Something failed on the server. Try again; if it stays, report the request_id.",
  };
}
