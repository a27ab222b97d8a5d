/**
 * HTTP to Clusterfork: one request with retries. 429 and 503 mean that nothing
 * was stored, and a lost connection is safe to repeat because every event has
 * an id, so all three are retried with full jitter
 * (M. Brooker, "Exponential Backoff And Jitter", AWS 2015).
 *
 * Nothing here is Node's own: the SDK runs the same file in Workers and browsers.
 */
import type { AppendResponse } from "../../schema/wire/http.ts";
import type { ErrorBody } from "../../schema/wire/error.ts";
import type { Connection } from "./connection.ts";

/** Longest pause between two tries, ms: an import waits out a restart without a person noticing. */
const MAX_BACKOFF_MS = 15_000;
const FIRST_BACKOFF_MS = 250;
/** The longest pause that a server may ask for, ms: a mistaken Retry-After must not silence a sender for a day. */
const MAX_RETRY_AFTER_MS = 60_000;
/** Bodies below it travel as they are, in UTF-16 units: gzip would gain less than it costs. */
const MIN_GZIP_UNITS = 1_024;
/** Tries per request: with the pauses above about two minutes of an absent server. */
const MAX_TRIES = 12;
/** One request may take this long, ms: a batch of 1,000 takes well under a second. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The server's answer to a request that it refused, or the reason it could not be reached. */
export class RequestError extends Error {
  /** 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  /** The whole reply: a refusal about events also has the fields of an `AppendResponse`. */
  readonly body: unknown;
  /** What the server asked for by Retry-After, bounded; 0 when it did not. */
  readonly retry_after_ms: number;
  constructor(status: number, code: string, message: string, body?: unknown, retry_after_ms = 0) {
    super(message);
    this.status = status;
    this.code = code;
    this.body = body;
    this.retry_after_ms = retry_after_ms;
  }
}

export interface TransportHooks {
  fetch?: typeof fetch;
  sleep?: (ms: number) => Promise<void>;
  random?: () => number;
  /** Told before each pause, so that a person sees why nothing moves. */
  onRetry?: (reason: string, wait_ms: number) => void;
  maxTries?: number;
}

function isErrorBody(value: unknown): value is ErrorBody {
  if (typeof value !== "object" || value === null || !("error" in value)) return false;
  const { error } = value;
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}

/** Pause before try number `attempt` + 1: what the server asked for, then full jitter. */
export function pause_ms(attempt: number, retry_after_ms: number, random: () => number): number {
  const backoff_ms = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
  return retry_after_ms + Math.round(backoff_ms * random());
}

function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(MAX_RETRY_AFTER_MS, seconds * 1000) : 0;
}

async function readError(response: Response): Promise<RequestError> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (isErrorBody(body))
      return new RequestError(
        response.status,
        body.error.code,
        body.error.message,
        body,
        retryAfter(response),
      );
  } catch {
    // Not ours: a proxy, or another server at this address.
  }
  return new RequestError(
    response.status,
    "unexpected_answer",
    `the server answered ${response.status} without Clusterfork's error shape. Is the address right?`,
    undefined,
    retryAfter(response),
  );
}

/** One request, repeated while repeating can help. Throws `RequestError`. */
export async function request(
  connection: Connection,
  path: string,
  init: RequestInit & { headers?: Record<string, string> } = {},
  hooks: TransportHooks = {},
): Promise<Response> {
  const send = hooks.fetch ?? fetch;
  const sleep = hooks.sleep ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)));
  const random = hooks.random ?? Math.random;
  for (let attempt = 1; ; attempt++) {
    let failure: RequestError;
    try {
      const response = await send(connection.url + path, {
        ...init,
        headers: { authorization: `Bearer ${connection.key}`, ...init.headers },
        // Never followed, so that a key goes nowhere else; workerd knows no "error".
        redirect: "manual",
        signal: init.signal ?? AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      if (response.ok) return response;
      failure = await readError(response);
      if (
        response.status !== 429 &&
        response.status !== 502 &&
        response.status !== 503 &&
        response.status !== 504
      )
        throw failure;
    } catch (error) {
      if (error instanceof RequestError) throw error;
      const cause =
        error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      failure = new RequestError(
        0,
        "unreachable",
        `cannot reach ${connection.url}: ${cause.replace(/\.?$/, ".")}`,
      );
    }
    if (attempt >= (hooks.maxTries ?? MAX_TRIES)) throw failure;
    const wait_ms = pause_ms(attempt, failure.retry_after_ms, random);
    hooks.onRetry?.(failure.message, wait_ms);
    await sleep(wait_ms);
  }
}

/**
 * `POST /v1/events` with event texts (one JSON object each). An answer of
 * "every event is a conflict" (409) or "no event is valid" (422) is an answer
 * about the events, not a failure of the request: it is returned like a 200.
 */
export async function postEvents(
  connection: Connection,
  lines: readonly string[],
  source: string,
  hooks: TransportHooks = {},
): Promise<AppendResponse> {
  const text = lines.join("\n");
  const packed = text.length >= MIN_GZIP_UNITS;
  const body = packed ? await gzip(text) : text;
  try {
    const response = await request(
      connection,
      "/v1/events",
      {
        method: "POST",
        body,
        headers: {
          "content-type": "application/x-ndjson",
          ...(packed ? { "content-encoding": "gzip" } : {}),
          "clusterfork-source": source,
        },
      },
      hooks,
    );
    return (await response.json()) as AppendResponse;
  } catch (error) {
    if (
      error instanceof RequestError &&
      (error.status === 409 || error.status === 422) &&
      isAppend(error.body)
    )
      return error.body;
    throw error;
  }
}

/** The platform's own gzip: one way for Node, Workers and browsers. */
async function gzip(text: string): Promise<ArrayBuffer> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(packed).arrayBuffer();
}

function isAppend(value: unknown): value is AppendResponse {
  return typeof value === "object" && value !== null && "accepted" in value && "results" in value;
}
