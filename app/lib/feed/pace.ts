/**
 * How fast events come in and how old they are on arrival.
 *
 * Lag is the browser's clock minus the room's, so a wrong clock looks like lag.
 * The smallest difference seen once the backlog is through is taken as the
 * clocks' offset (plus the shortest way through the network); before that, only
 * a negative difference proves anything, since nothing arrives before it is sent.
 */

const WINDOW_S = 60;
/** After this long the backlog of a fresh connection is through, and differences mean the clock. */
export const CATCH_UP_MS = 2_000;

export class Pace {
  /** Events per second, by second of arrival modulo WINDOW_S. */
  #counts = new Array<number>(WINDOW_S).fill(0);
  #second = 0;
  /** When the very first connection opened: what came before it was not counted. */
  #watched_from: number | null = null;
  #opened_at = 0;
  #offset_ms: number | null = null;
  #behind_ms = 0;

  /** A new connection: the clock may have been set meanwhile. */
  reset(now: number): void {
    this.#watched_from ??= now;
    this.#opened_at = now;
    this.#offset_ms = null;
    this.#behind_ms = 0;
  }

  /** `received_at`: the room's clock on the newest of `count` events, ms. */
  note(count: number, received_at: number, now: number): void {
    this.#move(now);
    const slot = this.#second % WINDOW_S;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + count;
    const difference = now - received_at;
    const settled = now - this.#opened_at >= CATCH_UP_MS;
    if (difference < 0 || settled) this.#offset_ms = Math.min(this.#offset_ms ?? Infinity, difference);
    this.#behind_ms = Math.max(0, difference - (this.#offset_ms ?? 0));
  }

  /**
   * Null: nobody knows. A page that just opened has not seen the last minute, so
   * what it saw of it is a lower bound, and having seen nothing proves nothing.
   */
  eventsPerMinute(now: number): number | null {
    this.#move(now);
    const seen = this.#counts.reduce((sum, count) => sum + count, 0);
    const whole = this.#watched_from !== null && now - this.#watched_from >= WINDOW_S * 1_000;
    return seen > 0 || whole ? seen : null;
  }

  get behind_ms(): number {
    return this.#behind_ms;
  }

  #move(now: number): void {
    const second = Math.floor(now / 1_000);
    const steps = Math.min(second - this.#second, WINDOW_S);
    for (let step = 0; step < steps; step++) this.#counts[(second - step) % WINDOW_S] = 0;
    if (second > this.#second) this.#second = second;
  }
}
