/** One error shape for every route, and the status that each code travels with. */
export const ERROR_STATUS = {
  malformed: 400,
  invalid_parameter: 400,
  unauthenticated: 401,
  insufficient_scope: 403,
  forbidden_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  already_exists: 409,
  /** It was good once: used up, expired or taken back. */
  gone: 410,
  too_large: 413,
  unsupported_media_type: 415,
  invalid: 422,
  no_valid_event: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

export interface ErrorBody {
  error: { code: ErrorCode; message: string; request_id: string; details?: unknown };
}

/** A failure that is expected: a value, mapped to HTTP in one place. */
export interface Failure {
  code: ErrorCode;
  /** Says what is wrong and what to do next; shown to people as it is. */
  message: string;
  details?: unknown;
  /** Seconds; travels as `Retry-After`. Always set on 429 and 503. */
  retry_after_s?: number;
  /** Of 429, where its limit knows: after how long it would grant the same, exactly. Does not travel. */
  retry_after_ms?: number;
  /** Of 429: the limit's name in `RateLimit` (rate.ts). */
  policy?: string;
}
