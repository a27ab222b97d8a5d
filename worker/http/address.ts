import type { HttpContext } from "./context.ts";

/**
 * Where a request comes from, for limits only. Taken from a header only where
 * the installation names one that whatever stands in front always overwrites
 * (Cloudflare: `cf-connecting-ip`). The local server has nothing in front: a
 * client could choose its address anew for each guess, so all share one count.
 */
export function clientAddress(c: HttpContext): string {
  const header = c.env.CLIENT_ADDRESS_HEADER;
  return (header === undefined ? undefined : c.req.header(header)) ?? "local";
}
