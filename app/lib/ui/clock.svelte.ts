/**
 * The present, for what counts on screen. It ticks only while something reads
 * it, and a hidden tab's slower timers do no harm, because the time is read
 * from the clock and never counted up.
 */
import { createSubscriber } from "svelte/reactivity";

/** Once a second: everything shown counts in seconds at the finest. */
const TICK_MS = 1_000;

export class Clock {
  #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, TICK_MS);
    return () => clearInterval(timer);
  });

  /** Milliseconds since the epoch; reading it inside an effect or a template keeps it current. */
  get now_ms(): number {
    this.#subscribe();
    return Date.now();
  }
}
