/** What was used, as the bill counts it, turned into dollars per million events. */
import { MESSAGES_PER_REQUEST, PRICES, ROOM_GB } from "./price.ts";

export interface Usage {
  events: number;
  worker_requests: number;
  worker_cpu_ms: number;
  /** Calls to the room, its alarms included. */
  room_requests: number;
  /** Messages of viewers to the room. */
  room_messages: number;
  /** How long the room was active. */
  room_active_s: number;
  /** Alarms that were set included. */
  room_rows_written: number;
  room_rows_read: number;
  d1_rows_written: number;
  d1_rows_read: number;
}

export interface Bill {
  worker: number;
  room_requests: number;
  room_duration: number;
  room_rows: number;
  d1_rows: number;
  total: number;
}

/** US dollars per million events; nothing that a plan includes is taken off. */
export function bill(usage: Usage): Bill {
  // A price per million of something, times how much of it one event used, is dollars per million events.
  const per = (amount: number, price: number) => (amount / usage.events) * price;
  const parts = {
    worker:
      per(usage.worker_requests, PRICES.worker_requests_per_million) +
      per(usage.worker_cpu_ms, PRICES.worker_cpu_ms_per_million),
    room_requests: per(
      usage.room_requests + usage.room_messages / MESSAGES_PER_REQUEST,
      PRICES.room_requests_per_million,
    ),
    room_duration: per(usage.room_active_s * ROOM_GB, PRICES.room_gb_s_per_million),
    room_rows:
      per(usage.room_rows_written, PRICES.room_rows_written_per_million) +
      per(usage.room_rows_read, PRICES.room_rows_read_per_million),
    d1_rows:
      per(usage.d1_rows_written, PRICES.d1_rows_written_per_million) +
      per(usage.d1_rows_read, PRICES.d1_rows_read_per_million),
  };
  return { ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}
