/** Digests in workerd itself, where a clock stands still during a request: the caller measures. */
import { DurableObject } from "cloudflare:workers";
import { createSha256Hex, sha256Hex } from "../../worker/intake/hash.ts";

/** The server of all benchmarks wants one. */
export class ProjectRoom extends DurableObject {}

const short = createSha256Hex();

/** GET /<plain | native>?bytes=&times= */
export default {
  fetch(request: Request): Response {
    const { pathname, searchParams } = new URL(request.url);
    const text = "x".repeat(Number(searchParams.get("bytes")));
    const digest = pathname === "/plain" ? short : sha256Hex;
    let last = "";
    for (let n = Number(searchParams.get("times")); n > 0; n -= 1) last = digest(text);
    return new Response(last);
  },
};
