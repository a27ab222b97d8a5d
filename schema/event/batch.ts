/**
 * Events on their way from intake to the room. Packed, because a call between
 * Worker and Durable Object copies its arguments: a hundred small objects cost
 * more than the commit that stores them, one string and one buffer next to nothing.
 */

/** One validated, redacted event, ready to be stored. */
export interface PreparedEvent {
  id: string;
  /** Hex, of the sender's body, taken before pricing and redaction (L2); equal ones have one form. */
  body_hash: string;
  /** JSON of a `NewEvent`; the room adds `seq` and `received_at` in front. */
  json: string;
}

/** Hex digits of the 16 bytes that are kept of a body. */
export const BODY_HASH_DIGITS = 32;
/**
 * The last half of a structural hash (worker/intake/body-hash.ts), "body-v2" and a zero. What does not end so is
 * the beginning of SHA-256 over canonical JSON, as rooms kept it before: one in 2^64 of those does.
 */
export const STRUCTURAL_MARK = "626f64792d763200";

export interface EventBatch {
  /** The first BODY_HASH_DIGITS of each event's `body_hash`, one behind the other. */
  body_hashes: string;
  /** Each event's `json`, joined by newlines, which JSON.stringify never writes. */
  lines: string;
}

export function packEvents(events: readonly Pick<PreparedEvent, "body_hash" | "json">[]): EventBatch {
  let body_hashes = "";
  for (const { body_hash } of events) body_hashes += body_hash.slice(0, BODY_HASH_DIGITS);
  return { body_hashes, lines: events.map(({ json }) => json).join("\n") };
}

/** The texts of a batch; throws when it is not what `packEvents` makes. */
export function linesOf({ body_hashes, lines }: EventBatch): string[] {
  const texts = lines === "" ? [] : lines.split("\n");
  if (texts.length * BODY_HASH_DIGITS !== body_hashes.length) {
    throw new Error("a batch has another number of events than of body hashes");
  }
  return texts;
}
