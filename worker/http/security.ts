/** Headers of every reply that the Worker makes. Those of the dashboard's files are in build/_headers (scripts/build/headers.ts). */
import type { HttpContext } from "./context.ts";
import type { Failure } from "../../schema/wire/error.ts";

/** A year: what browsers ask for before they remember a host as https only. */
const HSTS_S = 365 * 24 * 3600;

export function setSecurityHeaders(
  headers: Headers,
  { https, machine }: { https: boolean; machine: boolean },
): void {
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  // What a cookie opens is for our own pages alone; a key may be used from any.
  headers.set("Cross-Origin-Resource-Policy", machine ? "cross-origin" : "same-origin");
  // Data is never a page: nothing in it may run, load or be framed.
  headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  if (https) headers.set("Strict-Transport-Security", `max-age=${HSTS_S}`);
}

/** This installation's own origin, and every origin its pages may have. */
export function ownOrigins(c: HttpContext): { origin: string; origins: string[] } {
  const requested = new URL(c.req.url).origin;
  const configured = c.env.BASE_URL === undefined ? requested : new URL(c.env.BASE_URL).origin;
  return { origin: configured, origins: [...new Set([configured, requested])] };
}

/**
 * The dashboard's own routes act by cookie, so a page of another origin must
 * not reach them. Browsers name their origin on every request that changes
 * something and on every socket; who sends none and no cookie is no browser
 * in somebody's name.
 */
export function checkOrigin(c: HttpContext, socket: boolean): Failure | null {
  const origin = c.req.header("origin");
  if (origin !== undefined) {
    if (ownOrigins(c).origins.includes(origin)) return null;
  } else if (!socket && c.req.header("cookie") === undefined) {
    return null;
  }
  return {
    code: "forbidden_origin",
    message:
      "The dashboard's routes take cookies only from its own pages (the Origin header must be this server's). From elsewhere, use a key on /v1.",
  };
}
