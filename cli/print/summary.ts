/** What an import read, mapped, sent and skipped, and why. */
import type { Delivery } from "../import/deliver.ts";
import type { Tally } from "../import/outgoing.ts";
import { clean } from "./terminal.ts";

export function summarise(result: {
  format: string;
  tally: Tally;
  delivery: Delivery | null;
  seconds: number;
}): string {
  const { tally, delivery } = result;
  const out = [
    `${result.format}: ${tally.records} records read, ${tally.mapped} mapped, ${sum(tally.skipped)} skipped`,
  ];
  const reasons = (heading: string, entries: ReadonlyMap<string, number>): void => {
    for (const [reason, times] of entries) {
      const places = tally.examples
        .get(reason)
        ?.map((place) => clean(place, 120))
        .join(", ");
      out.push(
        `  ${heading} ${times}: ${clean(reason, 300)}${places === undefined ? "" : ` (${places}${times > 3 ? ", …" : ""})`}`,
      );
    }
  };
  const isSilent = ([reason]: [string, number]): boolean => reason.startsWith(SILENT);
  const skipped = [...tally.skipped];
  const silent = skipped.filter(isSilent);
  // One kind has its places said, as any reason.
  const gathered = silent.length > 1;
  reasons("skipped", gathered ? new Map(skipped.filter((one) => !isSilent(one))) : tally.skipped);
  if (gathered) out.push(silentKinds(silent));
  reasons("noted", tally.notes);
  if (delivery !== null) {
    out.push(summariseDelivery(delivery, result.seconds));
    const before = earlierEvents(delivery);
    if (before > 0)
      out.push(
        `  The project had ${before} ${before === 1 ? "event" : "events"} already. Work older than the newest that senders told before stands on the time slider at the`,
        "  moment of this import; imported into a project of its own, it replays as it happened.",
      );
  }
  return out.join("\n");
}

/** What every record begins its reason with that is understood and holds nothing to keep. */
const SILENT = "nothing to tell in ";
/** Of these many kinds the most frequent are named: a recorded session has thirty, and none of them is a fault. */
const MAX_KINDS = 6;

function silentKinds(silent: [reason: string, times: number][]): string {
  const kinds = silent
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, times]) => `${clean(reason.slice(SILENT.length), 80)} (${times})`);
  const more =
    kinds.length > MAX_KINDS
      ? [`${kinds.length - MAX_KINDS} ${kinds.length === MAX_KINDS + 1 ? "kind" : "kinds"} more`]
      : [];
  const times = silent.reduce((sum, [, times]) => sum + times, 0);
  return `  skipped ${times}: ${SILENT}${[...kinds.slice(0, MAX_KINDS), ...more].join(", ")}`;
}

/** How many a first import found before its own; an import that goes on finds its own and says nothing. */
function earlierEvents({ first_seq, duplicates, resumed }: Delivery): number {
  return first_seq === null || duplicates > 0 || resumed > 0 ? 0 : first_seq - 1;
}

/** What became of the events that were sent. */
export function summariseDelivery(delivery: Delivery, seconds: number): string {
  const parts = [`${delivery.accepted} new`, `${delivery.duplicates} already there`];
  if (delivery.resumed > 0) parts.push(`${delivery.resumed} delivered by an earlier run`);
  if (delivery.conflicts > 0) parts.push(`${delivery.conflicts} in conflict`);
  if (delivery.rejected > 0) parts.push(`${delivery.rejected} refused`);
  const out = [`events: ${delivery.sent} sent: ${parts.join(", ")}; ${seconds.toFixed(1)} s`];
  for (const refusal of delivery.refusals)
    out.push(
      `  ${refusal.status} ${clean(refusal.id ?? `event ${refusal.index}`, 140)}: ${clean(refusal.message, 300)}`,
    );
  const hidden = delivery.conflicts + delivery.rejected - delivery.refusals.length;
  if (hidden > 0) out.push(`  … and ${hidden} more`);
  return out.join("\n");
}

function sum(entries: Map<string, number>): number {
  let total = 0;
  for (const value of entries.values()) total += value;
  return total;
}
