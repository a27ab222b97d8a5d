/** What the Worker asks of a room about telling alerts elsewhere, and what it is told. The caller has checked the right. */
import type { DeliveryOutcome } from "../../schema/wire/channel.ts";

export interface Delivery {
  /** `<channel>-<seq>`. */
  id: string;
  channel: string;
  seq: number;
  outcome: DeliveryOutcome;
  attempts: number;
  error: string | null;
  /** ms: of the last change. */
  at_ms: number;
  /** ms; null: it is not tried again by itself. */
  next_ms: number | null;
}

export type NoticesCall =
  /** From now on alerts are told; said before the first channel is made, and again with no harm. */
  | { kind: "open" }
  | { kind: "read" }
  | { kind: "resend"; delivery: string }
  | { kind: "test"; channel: string };

export type NoticesReply =
  | { kind: "deliveries"; deliveries: Delivery[] }
  | { kind: "resent"; found: boolean }
  | { kind: "tested"; error: string | null };
