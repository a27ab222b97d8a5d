import type { HttpContext } from "./context.ts";

/**
 * Where a request comes from, for limits only. Cloudflare sets this header and
 * overwrites a forged one; the local server has no such edge in front, and all
 * of its clients share one count.
 */
export function clientAddress(c: HttpContext): string {
  return c.req.header("cf-connecting-ip") ?? "local";
}
