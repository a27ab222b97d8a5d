/** What a call passes before any work is done for it: access, then the rates (schema/wire/rate.ts). */
import type { Scope } from "../../schema/wire/http.ts";
import {
  EVENTS_POLICY,
  rateLimits,
  REQUESTS_POLICY,
  type RateLimits,
  type RateSettings,
} from "../../schema/wire/rate.ts";
import { authorize } from "./access.ts";
import { TokenBucket } from "./bucket.ts";
import type { Appended, Principal, Refusal } from "./contract.ts";
import { GATHER_MS, MAX_REQUESTS_PER_SECOND_PER_SHARE, PRESSED_FOR_MS, PRESSED_GATHER_MS } from "./limits.ts";
import { authorizeShare } from "./shares.ts";

export class Gate {
  readonly #sql: SqlStorage;
  readonly #limits: RateLimits;
  readonly #events: TokenBucket;
  /** By key or link. Only who passed `authorize` gets one, so there are no more than keys and links. */
  readonly #requests = new Map<string, TokenBucket>();
  /** When a sender of events was last told to wait. */
  #held_back_ms = -Infinity;

  constructor(sql: SqlStorage, settings: RateSettings, now_ms: number) {
    this.#sql = sql;
    this.#limits = rateLimits(settings);
    this.#events = new TokenBucket(this.#limits.events_per_second, now_ms);
  }

  /** Null when the call may go on. */
  admit(principal: Principal, needed: Scope, now_ms: number): Refusal | null {
    if (principal.kind === "share") {
      return (
        authorizeShare(this.#sql, principal, needed, now_ms) ??
        this.#take(`share ${principal.share_id}`, MAX_REQUESTS_PER_SECOND_PER_SHARE, "this link", now_ms)
      );
    }
    const refusal = authorize(this.#sql, principal, needed);
    if (refusal !== null || principal.kind !== "key") return refusal;
    const limit = this.#limits.requests_per_second_per_key;
    return this.#take(`key ${principal.key_id}`, limit, "this key", now_ms);
  }

  /** Of who sends events: what else needs a key that may, as asking what is known of a task does, presses nobody. */
  admitAppend(principal: Principal, events: number, now_ms: number): Refusal | null {
    const refusal = this.admit(principal, "ingest", now_ms);
    if (refusal?.reason === "rate_limited") this.#held_back_ms = now_ms;
    return refusal ?? this.admitEvents(events, now_ms);
  }

  #take(id: string, per_second: number, whose: string, now_ms: number): Refusal | null {
    let bucket = this.#requests.get(id);
    if (bucket === undefined) {
      bucket = new TokenBucket(per_second, now_ms);
      this.#requests.set(id, bucket);
    }
    return limited(bucket.take(1, now_ms), `requests per second of ${whose}`, REQUESTS_POLICY);
  }

  admitEvents(events: number, now_ms: number): Refusal | null {
    const wait_ms = this.#events.take(events, now_ms);
    if (wait_ms !== null) this.#held_back_ms = now_ms;
    return limited(wait_ms, "events per second of this project", EVENTS_POLICY);
  }

  /** How long a commit waits for more to share it: see `PRESSED_GATHER_MS`. Who only reads too much changes nothing. */
  gatherMs(now_ms: number): number {
    return now_ms - this.#held_back_ms < PRESSED_FOR_MS ? PRESSED_GATHER_MS : GATHER_MS;
  }

  /** The reply with what is left of a key's limits, for a sender to slow down by before it is refused. */
  tell(reply: Appended | Refusal, principal: Principal, now_ms: number): Appended | Refusal {
    const requests = principal.kind === "key" ? this.#requests.get(`key ${principal.key_id}`) : undefined;
    if (!reply.ok || requests === undefined) return reply;
    return { ...reply, left: { events: this.#events.left(now_ms), requests: requests.left(now_ms) } };
  }
}

function limited(wait_ms: number | null, limit: string, policy: string): Refusal | null {
  if (wait_ms === null) return null;
  const retry_after_s = Math.ceil(wait_ms / 1_000);
  return { ok: false, reason: "rate_limited", retry_after_s, retry_after_ms: wait_ms, limit, policy };
}
