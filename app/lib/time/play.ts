/**
 * How far a playing clock has come. It runs in event time, `speed` times as
 * fast as the reader's; a wait between two events that would last longer than
 * MAX_WAIT_MS on the reader's clock is cut to that, so that nights pass by.
 */

/** Long enough to see that nothing happens, short enough to stay. */
export const MAX_WAIT_MS = 1_000;

export class PlayClock {
  /** Event time, ms. */
  time_ms: number;

  constructor(time_ms: number) {
    this.time_ms = time_ms;
  }

  /** `next_ms`: when the next event happens; null while nobody knows, and then the clock waits. */
  tick(elapsed_ms: number, speed: number, next_ms: number | null): void {
    if (next_ms === null) return;
    const ahead_ms = next_ms - this.time_ms;
    const longest_ms = MAX_WAIT_MS * speed;
    if (ahead_ms > longest_ms) this.time_ms = next_ms - longest_ms;
    this.time_ms += elapsed_ms * speed;
  }
}
