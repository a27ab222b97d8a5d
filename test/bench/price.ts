/**
 * Cloudflare's list prices beyond what the Workers Paid plan includes, in US dollars.
 *
 * Read on 2026-11-22 in copies of these pages, the newest dated one of August 2026:
 *   https://developers.cloudflare.com/workers/platform/pricing/
 *   https://developers.cloudflare.com/durable-objects/platform/pricing/
 *   https://developers.cloudflare.com/d1/platform/pricing/
 *
 * What counts as what, by the same pages: each RPC call to a Durable Object and each run of its alarm is a request;
 * 20 incoming WebSocket messages are one, outgoing ones none. Each `setAlarm` is a row written, as is each delete and
 * each row of an index. A Durable Object is billed for 128 MB while it is active, not while it could hibernate.
 * What a Worker asks of bindings is no request of its own.
 */
export const PRICES = {
  as_of: "2026-08",
  worker_requests_per_million: 0.3,
  worker_cpu_ms_per_million: 0.02,
  room_requests_per_million: 0.15,
  room_gb_s_per_million: 12.5,
  room_rows_written_per_million: 1,
  room_rows_read_per_million: 0.001,
  d1_rows_written_per_million: 1,
  d1_rows_read_per_million: 0.001,
  /** Of what is kept, a month. */
  room_gb_month: 0.2,
  d1_gb_month: 0.75,
} as const;

/** Memory that a Durable Object is billed for, whatever it uses, GB. */
export const ROOM_GB = 0.128;
/** Incoming WebSocket messages that count as one request. */
export const MESSAGES_PER_REQUEST = 20;
