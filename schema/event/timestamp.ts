/** Reads a sender's clock: RFC 3339 with an offset, or integer milliseconds. */
import { MAX_TIMESTAMP_MS, MIN_TIMESTAMP_MS } from "./limits.ts";

const FORM = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
/** A date, or a time without an offset: right in shape, but nobody knows where. */
const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/;

const TIMESTAMP_FORMS = `RFC 3339 like "2026-11-22T14:23:15.120Z" or integer milliseconds like 1795357395120`;

export type ReadTimestamp = { ok: true; timestamp: string } | { ok: false; message: string };

/** The result is RFC 3339 in UTC with milliseconds; finer digits are cut off. */
export function readTimestamp(value: unknown): ReadTimestamp {
  if (typeof value === "string") return readText(value);
  if (typeof value === "number") return readNumber(value);
  return refuse(`is ${value instanceof Date ? "a Date object" : `of type ${typeof value}`}`);
}

/** Our own form, on a day that every month has: most senders' clocks, and nothing to convert. */
const AS_STORED =
  /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

function readText(value: string): ReadTimestamp {
  if (AS_STORED.test(value)) return { ok: true, timestamp: value };
  const parts = FORM.exec(value);
  if (parts === null) {
    if (WITHOUT_OFFSET.test(value)) return refuse(`has no time zone: add "Z" or an offset like "+02:00"`);
    if (/^\d{10,}$/.test(value)) return refuse("is a number in quotes: send it without the quotes");
    return refuse("cannot be read");
  }
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = "",
    sign,
    offset_hour = "0",
    offset_minute = "0",
  ] = parts;
  const days = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC carries 30 February over into March: a day that moved does not exist.
  const exists = Number(month) <= 12 && new Date(days).getUTCDate() === Number(day) && Number(day) > 0;
  // RFC 3339 allows second 60 for a leap second; it becomes the next minute's first.
  const clock = Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 60;
  const offset = Number(offset_hour) <= 23 && Number(offset_minute) <= 59;
  if (!exists || !clock || !offset) return refuse("names a day or time that does not exist");
  const offset_min = (Number(offset_hour) * 60 + Number(offset_minute)) * (sign === "-" ? -1 : 1);
  const ms =
    days +
    ((Number(hour) * 60 + Number(minute) - offset_min) * 60 + Number(second)) * 1000 +
    Number(fraction.slice(0, 3).padEnd(3, "0"));
  return inRange(ms);
}

function readNumber(value: number): ReadTimestamp {
  if (!Number.isFinite(value)) return refuse("is not a finite number");
  if (!Number.isInteger(value)) return refuse("has a fraction: round it to whole milliseconds");
  if (value >= MIN_TIMESTAMP_MS / 1000 && value < MAX_TIMESTAMP_MS / 1000) {
    return refuse("looks like seconds: multiply by 1000");
  }
  if (value >= MIN_TIMESTAMP_MS * 1000)
    return refuse("looks like micro- or nanoseconds: divide to milliseconds");
  return inRange(value);
}

function inRange(ms: number): ReadTimestamp {
  if (ms < MIN_TIMESTAMP_MS || ms >= MAX_TIMESTAMP_MS) return refuse("lies outside the years 2000 to 2099");
  return { ok: true, timestamp: new Date(ms).toISOString() };
}

function refuse(what: string): ReadTimestamp {
  return { ok: false, message: `timestamp ${what}. Send ${TIMESTAMP_FORMS}.` };
}
