/** Events as `send` takes them. */
import type { EventMap } from "./taxonomy.ts";

export type { EventMap };
/** Types with checked metadata; any other lower_snake or dotted name is allowed too. */
export type KnownEventType = keyof EventMap;

/** Fields that every event of a sender carries unless the event says otherwise. */
export interface Defaults {
  agent_id?: string;
  agent_role?: string;
  task_id?: string;
  feature_id?: string;
  session_id?: string;
}

interface Envelope {
  /** Idempotency key, 1–128 characters; a UUIDv7 when absent. The same id twice is one event. */
  id?: string;
  /** RFC 3339, ms since the epoch, or a Date; now when absent. */
  timestamp?: string | number | Date;
  agent_role?: string | null;
  task_id?: string | null;
  feature_id?: string | null;
  session_id?: string | null;
}
type Who<D extends Defaults> = D extends { agent_id: string } ? { agent_id?: string } : { agent_id: string };
type Parts<M, N> = (object extends M
  ? { metadata?: M & Record<string, unknown> }
  : { metadata: M & Record<string, unknown> }) & { metrics?: N & Record<string, number | undefined> };
type Free = { metadata?: Record<string, unknown>; metrics?: Record<string, number | undefined> };

/** An event of type `T`; `D` are the sender's defaults, which it need not repeat. */
export type SenderEvent<T extends string = string, D extends Defaults = Defaults> = Envelope & {
  event_type: T;
} & Who<D> &
  (T extends KnownEventType ? Parts<EventMap[T]["metadata"], EventMap[T]["metrics"]> : Free);
