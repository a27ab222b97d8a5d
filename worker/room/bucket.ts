import { BURST_S } from "../../schema/wire/rate.ts";

/**
 * A token bucket (RFC 2697's committed rate, one burst size). A batch
 * larger than the burst passes when the bucket is full, and leaves a debt that
 * is paid off before the next. Held in memory only: a room that was evicted was idle, and
 * starts with a full bucket.
 */
export class TokenBucket {
  readonly #per_second: number;
  readonly #burst: number;
  #tokens: number;
  #at_ms: number;

  constructor(per_second: number, now_ms: number) {
    this.#per_second = per_second;
    this.#burst = per_second * BURST_S;
    this.#tokens = this.#burst;
    this.#at_ms = now_ms;
  }

  /** Null when granted; else the milliseconds after which it will be. */
  take(amount: number, now_ms: number): number | null {
    this.#fill(now_ms);
    const needed = Math.min(amount, this.#burst);
    if (this.#tokens < needed) return Math.ceil(((needed - this.#tokens) / this.#per_second) * 1_000);
    this.#tokens -= amount;
    return null;
  }

  /** What would be granted now, in whole units. */
  left(now_ms: number): number {
    this.#fill(now_ms);
    return Math.max(0, Math.floor(this.#tokens));
  }

  #fill(now_ms: number): void {
    const elapsed_ms = Math.max(0, now_ms - this.#at_ms);
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed_ms / 1_000) * this.#per_second);
    this.#at_ms = now_ms;
  }
}
