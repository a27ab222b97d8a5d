/**
 * What every format but the native one is read by: a pure function from a parsed
 * payload to events as a sender would have written them.
 *
 *   bytes ─ decode ─▶ payload ─ Adapter ─▶ OutgoingEvent[] ─ native ─▶ PreparedEvent (id, body hash, JSON)
 *
 * The same payload gives the same events with the same ids, at any time and in
 * any order of arrival: a retry is a duplicate, never a second count (M1).
 */
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import type { IntakeSettings } from "../../schema/wire/intake.ts";

export interface IntakeContext {
  /** The Worker's clock, ms since the epoch: for records that carry no time. */
  now_ms: number;
  settings: IntakeSettings;
  /** Hex digest: for ids made of content, and for texts that are not stored. */
  sha256: (text: string) => string;
}

/** A record that gives no event, and why; said to the sender, never silently. */
export interface Refused {
  /** Place of the record in the payload, from 0, in the order of reading. */
  index: number;
  message: string;
}

export interface Adapted {
  events: OutgoingEvent[];
  refused: Refused[];
  /** Records that give events without a part of what they say, and why; said like `refused`, but nothing is lost by it. */
  warnings?: Refused[];
  /** Records that are understood and say nothing that is kept: reason → records. */
  ignored: Record<string, number>;
}

export type Adapter<Payload> = (payload: Payload, context: IntakeContext) => Adapted;
