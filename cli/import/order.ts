/** The order in which an importer hands over its events: that of their clocks. */
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

export function sortByTime(events: OutgoingEvent[]): OutgoingEvent[] {
  // Stable: events of one instant keep the order of the history that they tell.
  return events
    .map((event) => ({ event, ms: Date.parse(event.timestamp) }))
    .sort((a, b) => a.ms - b.ms)
    .map(({ event }) => event);
}
