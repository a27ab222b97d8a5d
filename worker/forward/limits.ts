/** Every limit of forwarding: name, unit, reason. */

/** How long an hour is left to settle after its end: late events and the archive's minute are then in it. */
export const SETTLE_MS = 3_600_000;
/** How long the receiver may take: a room of ours waits for it. */
export const ANSWER_TIMEOUT_MS = 20_000;
