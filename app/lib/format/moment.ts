/** Moments in the reader's time zone and language; ms since 1970. */
import { isTooFar, TOO_FAR } from "../../../schema/wire/horizon.ts";
import { late } from "./late.ts";

export interface Moments {
  /** `17:12`. */
  clock: (ms: number) => string;
  /** `18 Feb`; with the year where it is not this one's. */
  day: (ms: number) => string;
  /** `18 Feb, 17:12`. */
  moment: (ms: number) => string;
  /** Of what is foretold, no more precise than anybody knows: `17:12`, `18 Feb, 17:12`, `18 Feb`, `Aug 2027`, `too far to say`. */
  ahead: (ms: number, now_ms: number) => string;
  /** What a tick says where ticks are `step_ms` apart: a day from a day on, else a time, with the day at midnight. */
  tick: (ms: number, step_ms: number) => string;
  /** What of its day or time a tick may not lie between: ms by which local time is ahead of UTC at a moment. */
  offset_ms: (ms: number) => number;
}

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** How far ahead of now a forecast is still told with its time alone, its minute, its day; further its month. */
const AHEAD_MS = {
  clock: 20 * HOUR_MS,
  minute: 14 * DAY_MS,
  day: 180 * DAY_MS,
} as const;

/** `locale` and `time_zone` undefined: the reader's. `now_ms`: whose year goes without saying. */
export function createMoments(
  locale: string | undefined,
  time_zone: string | undefined,
  now_ms: number,
): Moments {
  const options = time_zone === undefined ? {} : { timeZone: time_zone };
  const clock_format = late(
    () =>
      new Intl.DateTimeFormat(locale, {
        ...options,
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      }),
  );
  const day_format = late(
    () => new Intl.DateTimeFormat(locale, { ...options, day: "numeric", month: "short" }),
  );
  const dated_format = late(
    () =>
      new Intl.DateTimeFormat(locale, {
        ...options,
        day: "numeric",
        month: "short",
        year: "numeric",
      }),
  );
  const month_format = late(
    () => new Intl.DateTimeFormat(locale, { ...options, month: "short", year: "numeric" }),
  );
  // In a locale whose parts are plain digits, whatever the reader's is.
  const parts_format = late(
    () =>
      new Intl.DateTimeFormat("en-GB", {
        ...options,
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hourCycle: "h23",
      }),
  );

  function local(ms: number): number {
    const of: Record<string, number> = {};
    for (const { type, value } of parts_format().formatToParts(ms)) of[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = of;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }
  const offset_ms = (ms: number) => local(ms) - Math.floor(ms / 1_000) * 1_000;
  const yearOf = (ms: number) => new Date(local(ms)).getUTCFullYear();
  const clock = (ms: number) => clock_format().format(ms);
  const day = (ms: number) => (yearOf(ms) === yearOf(now_ms) ? day_format() : dated_format()).format(ms);
  const moment = (ms: number) => `${day(ms)}, ${clock(ms)}`;
  function ahead(ms: number, from_ms: number): string {
    const far_ms = ms - from_ms;
    if (far_ms < AHEAD_MS.clock) return clock(ms);
    if (far_ms < AHEAD_MS.minute) return moment(ms);
    if (far_ms < AHEAD_MS.day) return day(ms);
    return isTooFar(ms, from_ms) ? TOO_FAR : month_format().format(ms);
  }
  return {
    clock,
    day,
    moment,
    ahead,
    tick: (ms, step_ms) => (step_ms >= DAY_MS || local(ms) % DAY_MS === 0 ? day(ms) : clock(ms)),
    offset_ms,
  };
}
