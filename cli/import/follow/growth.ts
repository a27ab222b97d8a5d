/**
 * A stored event never changes, but a call that was told may turn out to have
 * used more: a live transcript is read before its last line is written. What it
 * grew by becomes an event of its own, `<id>#1`, `<id>#2`, …, so that the sum
 * is right (M1).
 */
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";

/** What was told of a call so far. */
export interface CallTold {
  /** Deltas that were told after the first. */
  deltas: number;
  amounts: Record<string, number>;
  /** The call's own clock, ms. */
  ms: number;
}

export type Ledger = Map<string, CallTold>;

/** The event as it is still to be sent; null where all of it was told. The ledger then holds it. */
export function untold(event: OutgoingEvent, ledger: Ledger): OutgoingEvent | null {
  const amounts = amountsOf(event);
  const told = ledger.get(event.id);
  if (told === undefined) {
    ledger.set(event.id, { deltas: 0, amounts, ms: Date.parse(event.timestamp) });
    return event;
  }
  const grown = Object.entries(amounts)
    .map(([name, amount]) => [name, amount - (told.amounts[name] ?? 0)] as const)
    .filter(([, more]) => more > 0);
  if (grown.length === 0) return null;
  told.deltas += 1;
  for (const [name, more] of grown) told.amounts[name] = (told.amounts[name] ?? 0) + more;
  return { ...event, id: `${event.id}#${told.deltas}`, metrics: Object.fromEntries(grown) };
}

/** What adds up; a duration does not. */
function amountsOf({ metrics = {} }: OutgoingEvent): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => /_(?:tokens|usd)$/.test(name)));
}
