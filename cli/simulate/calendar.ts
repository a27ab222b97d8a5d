/**
 * The team's day. It is counted from the start of the run, not read off a wall
 * clock: the run begins when the team's own clock shows 09:00. So the same seed
 * with another start gives the same events shifted, and no time zone table or
 * locale has a say.
 */
const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** What the team's clock shows at the start of the run, ms of its day. */
const START_OF_RUN_MS = 9 * HOUR_MS;
/** Agents need no sleep, but nobody is there to answer them: between these the team is idle, ms of its day. */
const NIGHTFALL_MS = 22 * HOUR_MS;
const MORNING_MS = 7 * HOUR_MS;
const NIGHT_MS = DAY_MS - NIGHTFALL_MS + MORNING_MS;

export interface Calendar {
  /** When `work_ms` of waking time after `at_ms` are over; both in ms since the start of the run. */
  after(at_ms: number, work_ms: number): number;
  /** The team's day at that time, from 1. */
  day(at_ms: number): number;
  /** The next nightfall at or after that time, and the morning that ends it; null where nobody sleeps. */
  nextNight(at_ms: number): { from_ms: number; to_ms: number } | null;
}

function dayOf(at_ms: number): number {
  return Math.floor((at_ms + START_OF_RUN_MS) / DAY_MS) + 1;
}

/** A team that works around the clock. */
const SLEEPLESS: Calendar = {
  after: (at_ms, work_ms) => at_ms + work_ms,
  day: dayOf,
  nextNight: () => null,
};

const WITH_NIGHTS: Calendar = {
  after(at_ms, work_ms) {
    let at = at_ms;
    let left_ms = work_ms;
    for (;;) {
      const { from_ms, to_ms } = nightAfter(at);
      if (at + left_ms < from_ms) return at + left_ms;
      if (at < from_ms) left_ms -= from_ms - at;
      at = to_ms;
    }
  },
  day: dayOf,
  nextNight(at_ms) {
    const night = nightAfter(at_ms);
    return night.from_ms >= at_ms ? night : nightAfter(night.to_ms);
  },
};

/** The night that ends next after that time; it may have begun before. */
function nightAfter(at_ms: number): { from_ms: number; to_ms: number } {
  const since_morning_ms = at_ms + START_OF_RUN_MS - MORNING_MS;
  const to_ms = (Math.floor(since_morning_ms / DAY_MS) + 1) * DAY_MS + MORNING_MS - START_OF_RUN_MS;
  return { from_ms: to_ms - NIGHT_MS, to_ms };
}

export function createCalendar(nights: boolean): Calendar {
  return nights ? WITH_NIGHTS : SLEEPLESS;
}
