/**
 * Limits on the way in. Cloudflare's own counters, bound in production alone, turn floods away before a
 * room wakes or D1 is written; each data centre counts for itself, so they are coarse. The exact limits
 * behind them hold everywhere: attempts in D1 (account/attempts.ts), rates in the room (room/gate.ts).
 */
import type { Failure } from "../../schema/wire/error.ts";
import { EVENTS_POLICY } from "../../schema/wire/rate.ts";
import {
  countAttempt,
  MAX_GUESSES_PER_LINK_PER_WINDOW,
  MAX_GUESSES_PER_WINDOW,
} from "../account/attempts.ts";
import { openDatabase } from "../account/database.ts";
import type { Principal } from "../room/contract.ts";
import { clientAddress } from "./address.ts";
import type { HttpContext } from "./context.ts";
import { bodyBytes, receiveLargeBody } from "./received.ts";
import { whoOf } from "./turn-away.ts";

/** `simple.period` of the counters in wrangler.toml, in seconds. */
const COUNTER_PERIOD_S = 60;

/** Null when the attempt may go on. Counted by address, or by person where one is given. */
export async function refuseAttempt(
  c: HttpContext,
  action: "sign-in" | "sign-up" | "invitation" | "join" | "team" | "trial",
  max_per_window: number,
  person_id?: string,
): Promise<Failure | null> {
  const key = `${action} ${person_id ?? clientAddress(c)}`;
  const wait_s = (await isOver(c.env.ATTEMPT_RATE_LIMIT, key))
    ? COUNTER_PERIOD_S
    : await countAttempt(openDatabase(c.env.DB), key, max_per_window, Date.now());
  if (wait_s === null) return null;
  return {
    code: "rate_limited",
    message: `Too many ${action}s${person_id === undefined ? " from this address" : ""}. Try again in ${wait_s} s.`,
    retry_after_s: wait_s,
    policy: action,
  };
}

/** For a key whose tag was checked, so that nobody can use up another's count. Null when it may go on. */
export async function refuseKey(c: HttpContext, key_id: string): Promise<Failure | null> {
  if (!(await isOver(c.env.KEY_RATE_LIMIT, key_id))) return null;
  return {
    code: "rate_limited",
    message: `This key sends too many requests a minute; nothing was stored. Wait ${COUNTER_PERIOD_S} s, then send the same again, in larger batches if you can.`,
    retry_after_s: COUNTER_PERIOD_S,
  };
}

/** What the door (turn-away.ts) leaves to the app, for its form. Null when the request may go on. */
export async function refuseHeld(c: HttpContext): Promise<Failure | null> {
  const who = whoOf(c.req.raw);
  const held = who === null ? null : c.get("holds").refusal(who, bodyBytes(c.req.raw), Date.now());
  if (held === null) return null;
  await receiveLargeBody(c.req.raw);
  return held.failure;
}

/** Of a key that its room knows; noted when its reply is made. */
export function noteRefusal(c: HttpContext, principal: Principal, failure: Failure): void {
  const who = whoOf(c.req.raw);
  if (principal.kind !== "key" || who === null) return;
  // The limit of events is about what the body holds; the others say the same to any request.
  const bytes = failure.policy === EVENTS_POLICY ? bodyBytes(c.req.raw) : 0;
  c.set("refused", { who, bytes, failure });
}

/** For a link whose tag was checked, by address: one visitor must not use up what the others need. */
export async function refuseLink(c: HttpContext, share_id: string): Promise<Failure | null> {
  if (!(await isOver(c.env.KEY_RATE_LIMIT, `${share_id} ${clientAddress(c)}`))) return null;
  return {
    code: "rate_limited",
    message: `Too many requests by this link from this address. Wait ${COUNTER_PERIOD_S} s.`,
    retry_after_s: COUNTER_PERIOD_S,
  };
}

/** Passphrases guessed for one link: by this address, and by all together. Null when it may go on. */
export async function refuseGuess(c: HttpContext, share_id: string): Promise<Failure | null> {
  const database = openDatabase(c.env.DB);
  const now_ms = Date.now();
  const by_address = `passphrase ${share_id} ${clientAddress(c)}`;
  const wait_s =
    (await countAttempt(database, by_address, MAX_GUESSES_PER_WINDOW, now_ms)) ??
    (await countAttempt(database, `passphrase ${share_id}`, MAX_GUESSES_PER_LINK_PER_WINDOW, now_ms));
  if (wait_s === null) return null;
  return {
    code: "rate_limited",
    message: `Too many passphrases were tried. Try again in ${wait_s} s.`,
    retry_after_s: wait_s,
  };
}

async function isOver(counter: RateLimit | undefined, key: string): Promise<boolean> {
  return counter !== undefined && !(await counter.limit({ key })).success;
}
