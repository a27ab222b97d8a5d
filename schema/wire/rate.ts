/**
 * The rate limits of the machine API: their settings, and the header fields that
 * tell a sender of them, after draft-ietf-httpapi-ratelimit-headers-11:
 *
 *   RateLimit-Policy: "project-events";q=200000;w=2;qu="events", "key-requests";q=20000;w=2
 *   RateLimit: "project-events";r=199900, "key-requests";r=19999
 *
 * A limit is a token bucket of two seconds' worth, so its quota `q` is twice the
 * setting and its window `w` two seconds: a sender that flushes once a second is
 * never refused for its rhythm.
 */

/** Settings of the installation, as decimal texts. */
export interface RateSettings {
  MAX_EVENTS_PER_SECOND_PER_PROJECT?: string;
  MAX_REQUESTS_PER_SECOND_PER_KEY?: string;
}

export interface RateLimits {
  events_per_second: number;
  requests_per_second_per_key: number;
}

/** Above what one room can commit (DESIGN §8: some 40,000/s), so locally the machine is the limit. */
const DEFAULT_EVENTS_PER_SECOND_PER_PROJECT = 100_000;
/** Above what one room can answer (DESIGN §8: some 2,000/s). */
const DEFAULT_REQUESTS_PER_SECOND_PER_KEY = 10_000;

export function rateLimits(settings: RateSettings): RateLimits {
  return {
    events_per_second: positive(
      settings.MAX_EVENTS_PER_SECOND_PER_PROJECT,
      DEFAULT_EVENTS_PER_SECOND_PER_PROJECT,
    ),
    requests_per_second_per_key: positive(
      settings.MAX_REQUESTS_PER_SECOND_PER_KEY,
      DEFAULT_REQUESTS_PER_SECOND_PER_KEY,
    ),
  };
}

/** A setting that is no positive number means the default: a typing error must not switch a limit off. */
function positive(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}

/** What a bucket holds at most, in seconds of its rate. */
export const BURST_S = 2;

export const EVENTS_POLICY = "project-events";
export const REQUESTS_POLICY = "key-requests";

/** What is left of each limit: whole events and requests. */
export interface RatesLeft {
  events: number;
  requests: number;
}

export function policyField({ events_per_second, requests_per_second_per_key }: RateLimits): string {
  const quota = (per_second: number) => `q=${Math.floor(per_second * BURST_S)};w=${BURST_S}`;
  return `"${EVENTS_POLICY}";${quota(events_per_second)};qu="events", "${REQUESTS_POLICY}";${quota(requests_per_second_per_key)}`;
}

export function leftField({ events, requests }: RatesLeft): string {
  return `"${EVENTS_POLICY}";r=${events}, "${REQUESTS_POLICY}";r=${requests}`;
}

/** Of a refusal: nothing is left of this limit, and when there will be. */
export function exhaustedField(policy: string, retry_after_s: number): string {
  return `"${policy}";r=0;t=${retry_after_s}`;
}
