/** Faults put into a log that has none: ten times the tokens, and agents that fall silent. Seeded, and each one known. */
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { seeded } from "../../schema/metric/statistic/random.ts";

/** Work of one agent on one task, as the places of its events in the log. */
interface Span {
  agent_id: string;
  task_id: string;
  places: number[];
}

export interface Planting {
  events: OutgoingEvent[];
  truths: { agent_id: string; task_id: string }[];
}

/** Spans with at least so many events of that type, in random order, without the first tenth of the log, where nothing is known yet, and the last fifth, after which nothing comes. */
function spansOf(events: readonly OutgoingEvent[], event_type: string, least: number, seed: number): Span[] {
  const spans = new Map<string, Span>();
  for (const [place, { event_type: type, agent_id, task_id }] of events.entries()) {
    if (type !== event_type || task_id === undefined) continue;
    const key = JSON.stringify([agent_id, task_id]);
    const span = spans.get(key) ?? { agent_id, task_id, places: [] };
    spans.set(key, span);
    span.places.push(place);
  }
  const random = seeded(seed);
  return [...spans.values()]
    .filter(
      ({ places }) =>
        places.length >= least &&
        (places[0] ?? 0) > events.length * 0.1 &&
        (places.at(-1) ?? Infinity) < events.length * 0.8,
    )
    .map((span) => ({ span, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ span }) => span);
}

/** So many spans use ten times the tokens in every call. */
export function tenfold(events: readonly OutgoingEvent[], count: number, seed: number): Planting {
  const chosen = spansOf(events, "tokens_used", 3, seed).slice(0, count);
  const places = new Set(chosen.flatMap((span) => span.places));
  const changed = events.map((event, place) => {
    if (!places.has(place)) return event;
    const metrics = Object.entries(event.metrics ?? {}).map(([name, value]): [string, number] => [
      name,
      name.endsWith("_tokens") || name === "cost_usd" ? value * 10 : value,
    ]);
    return { ...event, metrics: Object.fromEntries(metrics) };
  });
  return { events: changed, truths: chosen };
}

/**
 * One agent stops in the middle of a task and is never heard again: the log without all that it says afterwards, and
 * without what others say of that task, which would not have come to them. One in each log, so that none hides another.
 */
export function silenced(events: readonly OutgoingEvent[], number: number, seed: number): Planting {
  const span = spansOf(events, "tool_called", 4, seed)[number];
  // In the first half of the span, and of the log early enough that others are heard after it.
  const at = span?.places[1];
  if (span === undefined || at === undefined) return { events: [...events], truths: [] };
  return {
    events: events.filter(
      ({ agent_id, task_id }, place) =>
        place <= at || (agent_id !== span.agent_id && task_id !== span.task_id),
    ),
    truths: [span],
  };
}
