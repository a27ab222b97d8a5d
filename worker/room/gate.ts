/** What a call passes before any work is done for it: access, then the rates (limits.ts). */
import type { Scope } from "../../schema/wire/http.ts";
import { authorize } from "./access.ts";
import { TokenBucket } from "./bucket.ts";
import type { Principal, Refusal } from "./contract.ts";
import type { RateLimits } from "./limits.ts";

export class Gate {
  readonly #sql: SqlStorage;
  readonly #limits: RateLimits;
  readonly #events: TokenBucket;
  /** By key id. Only keys that passed `authorize` get one, so there are no more than keys. */
  readonly #requests = new Map<string, TokenBucket>();

  constructor(sql: SqlStorage, limits: RateLimits, now_ms: number) {
    this.#sql = sql;
    this.#limits = limits;
    this.#events = new TokenBucket(limits.events_per_second, now_ms);
  }

  /** Null when the call may go on. */
  admit(principal: Principal, needed: Scope, now_ms: number): Refusal | null {
    const refusal = authorize(this.#sql, principal, needed);
    if (refusal !== null || principal.kind !== "key") return refusal;
    let bucket = this.#requests.get(principal.key_id);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#limits.requests_per_second_per_key, now_ms);
      this.#requests.set(principal.key_id, bucket);
    }
    return limited(bucket.take(1, now_ms), "requests per second of this key");
  }

  admitEvents(events: number, now_ms: number): Refusal | null {
    return limited(this.#events.take(events, now_ms), "events per second of this project");
  }
}

function limited(retry_after_s: number | null, limit: string): Refusal | null {
  return retry_after_s === null ? null : { ok: false, reason: "rate_limited", retry_after_s, limit };
}
