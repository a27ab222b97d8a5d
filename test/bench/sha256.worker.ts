/** Digests in workerd itself, where a clock stands still during a request: the caller measures. */
import { DurableObject } from "cloudflare:workers";
import { DIGEST_BYTES } from "../../schema/event/sha256.ts";
import { createSha256Hex, sha256Hex } from "../../worker/intake/hash.ts";
import { openLanes } from "../../worker/room/digest/lanes.ts";
import { messagesOf } from "../../worker/room/digest/message.ts";

/** The server of all benchmarks wants one. */
export class ProjectRoom extends DurableObject {}

const short = createSha256Hex();
const lanes = openLanes();
/** Messages that are hashed together, as those of a commit are. */
const TOGETHER = 100;

function inLanes(text: string, times: number): string {
  if (lanes === null) throw new Error("workerd lets no code come from bytes while it starts");
  const messages = messagesOf(Array.from({ length: TOGETHER }, () => text));
  const digests = new Uint8Array(TOGETHER * DIGEST_BYTES);
  for (let n = times; n > 0; n -= TOGETHER) lanes.digest(messages, null, digests);
  return digests.subarray(-DIGEST_BYTES).toHex();
}

/** GET /<plain | native | lanes>?bytes=&times=: the digest. */
export default {
  fetch(request: Request): Response {
    const { pathname, searchParams } = new URL(request.url);
    const text = "x".repeat(Number(searchParams.get("bytes")));
    if (pathname === "/lanes") return new Response(inLanes(text, Number(searchParams.get("times"))));
    const digest = pathname === "/plain" ? short : sha256Hex;
    let last = "";
    for (let n = Number(searchParams.get("times")); n > 0; n -= 1) last = digest(text);
    return new Response(last);
  },
};
