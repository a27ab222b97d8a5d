/**
 * Cross-origin use of the machine API: a key may be used from a page of any
 * origin, because the key, not a cookie, is what lets it in. Credentials are
 * never allowed, and /v1 never reads a cookie.
 */
const METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
const REQUEST_HEADERS = "Authorization, Content-Type, Content-Encoding, Clusterfork-Source";
const EXPOSED_HEADERS = "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate";
/** A day; browsers cap it lower themselves. */
const PREFLIGHT_MAX_AGE_S = 24 * 3600;

export const isMachinePath = (path: string): boolean => path === "/v1" || path.startsWith("/v1/");

export function setCorsHeaders(headers: Headers): void {
  headers.set("Access-Control-Allow-Origin", "*");
  headers.set("Access-Control-Expose-Headers", EXPOSED_HEADERS);
}

export function preflightReply(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "Access-Control-Allow-Methods": METHODS,
      "Access-Control-Allow-Headers": REQUEST_HEADERS,
      "Access-Control-Max-Age": String(PREFLIGHT_MAX_AGE_S),
    },
  });
}
