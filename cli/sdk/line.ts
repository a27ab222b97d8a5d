/** An event as the text that travels: written once, at `send`, so that later changes of the object change nothing. */
import type { Defaults } from "./event.ts";
import { mintUuid } from "./uuid.ts";

export interface Line {
  text: string;
  /** Bytes of UTF-8, with the line end. */
  bytes: number;
}

const utf8 = new TextEncoder();

export function lineOf(text: string): Line {
  return { text, bytes: utf8.encode(text).length + 1 };
}

/** Throws when the event has no JSON (a cycle, a bigint) or names no agent. */
export function writeLine(event: object, defaults: Defaults, now_ms: number): Line {
  const { id, timestamp, ...rest }: { id?: unknown; timestamp?: unknown } = event;
  const whole: Record<string, unknown> = {
    id: id ?? mintUuid(now_ms),
    timestamp: timestamp ?? new Date(now_ms).toISOString(),
    ...defaults,
    ...rest,
  };
  // `null` says "none", also where a default would say something.
  for (const key of ["agent_role", "task_id", "feature_id", "session_id"])
    if (whole[key] === null) whole[key] = undefined;
  if (typeof whole["agent_id"] !== "string" || whole["agent_id"] === "")
    throw new Error("it names no agent_id; give one with the event, or as a default of the sender");
  return lineOf(JSON.stringify(whole));
}

/** The first lines within both bounds, at least one. */
export function batchOf(lines: readonly Line[], max_events: number, max_bytes: number): Line[] {
  const batch: Line[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (batch.length >= max_events || (batch.length > 0 && bytes + line.bytes > max_bytes)) break;
    batch.push(line);
    bytes += line.bytes;
  }
  return batch;
}
