/**
 * Several lists of events, each in the order of its clock, as one: the log is replayed in the order in which
 * it was written, so what one tool did last year must not come after what another did today.
 *
 * A request holds events of one list. Two tools that worked at the same time would make a request of each event;
 * a run therefore goes on while it is ahead of the others by no more than a minute.
 */
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

/** How far the order may be off, ms: nobody sees it on a slider, and runs stay long. */
const SLACK_MS = 60_000;

/** Some events of the list at `place`, in their order. */
export interface Run {
  place: number;
  events: OutgoingEvent[];
}

export function* runsByClock(lists: readonly (readonly OutgoingEvent[])[]): Generator<Run> {
  const rest = lists.map((events, place) => ({ place, events, next: 0 }));
  for (;;) {
    const [first, second] = rest
      .filter(({ events, next }) => next < events.length)
      .toSorted((a, b) => clockOf(a) - clockOf(b));
    if (first === undefined) return;
    const until_ms = second === undefined ? Infinity : clockOf(second) + SLACK_MS;
    const from = first.next;
    while (first.next < first.events.length && clockOf(first) <= until_ms) first.next += 1;
    yield { place: first.place, events: first.events.slice(from, first.next) };
  }
}

/** Of the event that comes next, ms. */
function clockOf({ events, next }: { events: readonly OutgoingEvent[]; next: number }): number {
  return Date.parse(events[next]?.timestamp ?? "");
}
