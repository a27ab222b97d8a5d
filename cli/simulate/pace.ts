/**
 * When each event is sent.
 *
 *   max    as fast as it is taken
 *   live   when its own time has come; what is past goes at once
 *   N      N times as fast as it happened, counted from the first one
 *
 * A `rate` caps all three. `null` between events says that nothing is due for
 * a while: send what is there.
 */
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

export type Speed = "max" | "live" | number;

export interface Pace {
  speed: Speed;
  /** Events per second at most; null: no cap. */
  rate: number | null;
}

export interface Clock {
  now_ms(): number;
  /** Ends early when the run is stopped. */
  sleep(ms: number): Promise<void>;
  readonly stopped: boolean;
}

/** The shortest pause: what becomes due within it travels together. A tenth of a second is live to the eye. */
const TICK_MS = 100;
/** How much of a cap that a slow server left unused may be made up for afterwards. */
const MAX_CREDIT_MS = 1_000;

export async function* paceEvents(
  events: Iterable<OutgoingEvent>,
  { speed, rate }: Pace,
  clock: Clock,
): AsyncGenerator<OutgoingEvent | null> {
  const began_ms = clock.now_ms();
  let first_ms: number | null = null;
  let allowed_ms = began_ms;
  for (const event of events) {
    let due_ms = -Infinity;
    if (speed !== "max") {
      const happened_ms = Date.parse(event.timestamp);
      first_ms ??= happened_ms;
      due_ms = speed === "live" ? happened_ms : began_ms + (happened_ms - first_ms) / speed;
    }
    if (rate !== null) {
      allowed_ms = Math.max(allowed_ms, clock.now_ms() - MAX_CREDIT_MS);
      due_ms = Math.max(due_ms, allowed_ms);
      allowed_ms += 1_000 / rate;
    }
    while (!clock.stopped && due_ms > clock.now_ms()) {
      yield null;
      await clock.sleep(Math.max(TICK_MS, due_ms - clock.now_ms()));
    }
    if (clock.stopped) return;
    yield event;
  }
}

/** Longest single sleep, ms: setTimeout takes no more than 2^31 − 1. */
const MAX_SLEEP_MS = 3_600_000;

/** The wall clock, until `signal` stops it. */
export function wallClock(signal: AbortSignal): Clock {
  return {
    now_ms: () => Date.now(),
    get stopped() {
      return signal.aborted;
    },
    sleep: (ms) =>
      new Promise((done) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          done();
        };
        const timer = setTimeout(end, Math.min(MAX_SLEEP_MS, ms));
        signal.addEventListener("abort", end, { once: true });
        if (signal.aborted) end();
      }),
  };
}
