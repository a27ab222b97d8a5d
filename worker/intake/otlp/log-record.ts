/** One record of a logs request. */
import type { Refused } from "../adapter.ts";
import { fieldOf, recordsOf, type Origin } from "./signal.ts";
import { readAnyValue, readAttributes, timeFrom, type Attributes } from "./value.ts";

export interface LogRecord extends Origin {
  index: number;
  /** `eventName`, else the attribute `event.name`, else the body where it is one word; empty: none. */
  name: string;
  time_ms: number;
  attributes: Attributes;
  /** As it came, for an id where the sender gives none. */
  raw: unknown;
}

const ONE_WORD = /^[\w.-]{1,128}$/;

export function readLogs(payload: unknown, now_ms: number): { logs: LogRecord[]; refused: Refused[] } {
  const logs: LogRecord[] = [];
  const refused: Refused[] = [];
  for (const { index, raw, ...origin } of recordsOf(payload, "logs")) {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
      refused.push({ index, message: "A log record is an object with timeUnixNano, body and attributes." });
      continue;
    }
    const attributes = readAttributes(fieldOf(raw, "attributes"));
    const names = [
      fieldOf(raw, "eventName"),
      attributes.get("event.name"),
      readAnyValue(fieldOf(raw, "body"), 1),
    ];
    const name = names.find((one): one is string => typeof one === "string" && ONE_WORD.test(one)) ?? "";
    const said_ms = timeOf(attributes.get("event.timestamp"));
    const time_ms =
      timeFrom(fieldOf(raw, "timeUnixNano")) ??
      said_ms ??
      timeFrom(fieldOf(raw, "observedTimeUnixNano")) ??
      now_ms;
    logs.push({ ...origin, index, name, time_ms, attributes, raw });
  }
  return { logs, refused };
}

function timeOf(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const time_ms = Date.parse(value);
  return Number.isNaN(time_ms) ? null : time_ms;
}
