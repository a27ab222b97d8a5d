/** One span of a traces request. */
import type { Refused } from "../adapter.ts";
import { fieldOf, listIn, recordsOf, type Origin } from "./signal.ts";
import { idFrom, readAttributes, timeFrom, type Attributes } from "./value.ts";

export interface SpanEvent {
  name: string;
  time_ms: number | null;
  attributes: Attributes;
}

export interface Span extends Origin {
  index: number;
  trace_id: string;
  span_id: string;
  /** Null for the root of a trace. */
  parent_id: string | null;
  name: string;
  start_ms: number;
  end_ms: number;
  /** Null when it ends before it starts, or has no times. */
  duration_ms: number | null;
  attributes: Attributes;
  events: SpanEvent[];
  /** The status is an error. Its message may quote a prompt, so it counts as content. */
  failed: boolean;
  message: string;
}

export interface ReadSpans {
  spans: Span[];
  refused: Refused[];
  /** Spans that are taken, but not whole. */
  warnings: Refused[];
}

const STATUS_ERROR = 2;

export function readSpans(payload: unknown, now_ms: number): ReadSpans {
  const read: ReadSpans = { spans: [], refused: [], warnings: [] };
  const seen = new Set<string>();
  for (const { index, raw, ...origin } of recordsOf(payload, "traces")) {
    const trace_id = idFrom(fieldOf(raw, "traceId"), 32);
    const span_id = idFrom(fieldOf(raw, "spanId"), 16);
    if (trace_id === null || span_id === null) {
      read.refused.push({ index, message: "A span needs a traceId of 32 and a spanId of 16 hex digits." });
      continue;
    }
    // One span twice in a request is one span, as it is in two requests.
    const key = `${trace_id}-${span_id}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const started_ms = timeFrom(fieldOf(raw, "startTimeUnixNano"));
    const ended_ms = timeFrom(fieldOf(raw, "endTimeUnixNano"));
    const start_ms = started_ms ?? ended_ms ?? now_ms;
    const backwards = started_ms !== null && ended_ms !== null && ended_ms < started_ms;
    if (backwards) {
      read.warnings.push({ index, message: "A span ends before it starts: its duration is left out." });
    }
    const timed = started_ms !== null && ended_ms !== null && !backwards;
    const name = fieldOf(raw, "name");
    const status = fieldOf(raw, "status");
    const message = fieldOf(status, "message");
    read.spans.push({
      ...origin,
      index,
      trace_id,
      span_id,
      parent_id: idFrom(fieldOf(raw, "parentSpanId"), 16),
      name: typeof name === "string" ? name : "",
      start_ms,
      end_ms: timed ? ended_ms : start_ms,
      duration_ms: timed ? ended_ms - started_ms : null,
      attributes: readAttributes(fieldOf(raw, "attributes")),
      events: listIn(raw, "events").map(readEvent),
      failed: fieldOf(status, "code") === STATUS_ERROR,
      message: typeof message === "string" ? message : "",
    });
  }
  return read;
}

function readEvent(raw: unknown): SpanEvent {
  const name = fieldOf(raw, "name");
  return {
    name: typeof name === "string" ? name : "",
    time_ms: timeFrom(fieldOf(raw, "timeUnixNano")),
    attributes: readAttributes(fieldOf(raw, "attributes")),
  };
}
