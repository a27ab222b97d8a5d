/** What a person reads while events are on their way. */

/** What is over before anybody has read it is now. */
const NOW_MS = 100;

export function tryingAgain(wait_ms: number): string {
  return wait_ms < NOW_MS ? "Trying again now." : `Trying again in ${(wait_ms / 1000).toFixed(1)} s.`;
}

/**
 * `read`: how much of the files is read, 0 to 1; null: not known. Most formats are read to their end before their first
 * event goes, for events go in the order of their times. How many there will be nobody knows then: no bar, which would
 * say that all is done.
 */
export function sending(
  { sent, accepted }: { sent: number; accepted: number },
  read: number | null,
): [label: string, share: number | null] {
  const label = `sent ${sent} events, ${accepted} new`;
  return read !== null && read >= 1 ? [`all is read; ${label} so far`, null] : [label, read];
}
