/**
 * The door before the app: who was told to wait and sends on all the same hears it again (hold.ts), and nothing is made
 * for him.
 *
 *   request ─▶ held? ─▶ the headers of his first refusal, a new id, what is left of the wait
 *                └ no ─▶ the app: request id, key, route, room …
 *
 * A key is compared as the text that it is: only a text whose tag was checked, and whose room refused it, is ever held
 * (T3). Measured with `npm run faults -- noisy-neighbour`: the app's own way to the same answer takes some three times
 * of the thread that all projects share, and leaves three times as much to be collected, in which they wait too (V2).
 */
import { exhaustedField } from "../../schema/wire/rate.ts";
import { bearerOf } from "./bearer.ts";
import { errorBody } from "./error.ts";
import type { Holds, Repeated } from "./hold.ts";
import { bodyBytes, receiveLargeBody } from "./received.ts";

const MACHINE_API = "/v1/";

/** Whose request it is, and of which kind: reading and sending have limits of their own. Null when it has no bearer. */
export function whoOf({ headers, method }: Request): string | null {
  const text = bearerOf(headers);
  return text === null || text === "" ? null : `${method} ${text}`;
}

/** Null when the app is asked. `is_shaped`: paths whose failures have another form, which the app alone knows. */
export function turnAway(
  request: Request,
  holds: Holds,
  is_shaped: (path: string) => boolean,
  now_ms: number,
): Response | Promise<Response> | null {
  if (holds.size === 0) return null;
  const path = pathOf(request.url);
  if (!path.startsWith(MACHINE_API) || is_shaped(path)) return null;
  const who = whoOf(request);
  if (who === null) return null;
  const held = holds.refusal(who, bodyBytes(request), now_ms);
  if (held === null) return null;
  const received = receiveLargeBody(request);
  return received === null ? replyOf(held) : received.then(() => replyOf(held));
}

/** As `failureReply` makes it, and dressed. */
function replyOf({ failure, headers }: Repeated): Response {
  const request_id = crypto.randomUUID();
  const { retry_after_s = 0, policy } = failure;
  const told: Record<string, string> = {
    ...headers,
    "x-request-id": request_id,
    "retry-after": String(retry_after_s),
  };
  if (policy !== undefined) told["ratelimit"] = exhaustedField(policy, retry_after_s);
  return new Response(JSON.stringify(errorBody(failure, request_id)), { status: 429, headers: told });
}

/** Without a URL being made of it. */
function pathOf(url: string): string {
  const from = url.indexOf("/", url.indexOf("://") + 3);
  const query = url.indexOf("?", from);
  return from < 0 ? "/" : url.slice(from, query < 0 ? undefined : query);
}
