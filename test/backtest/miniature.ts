/**
 * A tracker as a team might keep one, made up: log-normal times that depend on the kind of work, a slow month in the
 * middle, tasks that stay open, features with some tasks each. It stands in where no recorded one lies.
 */
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { seeded } from "../../schema/metric/statistic/random.ts";

const FEATURES = 220;
const MINUTE_MS = 60_000;
const KINDS: readonly [string, number, number][] = [
  ["task", 40, 0.9],
  ["bug", 15, 1.1],
  ["chore", 8, 0.6],
];

export function miniature(seed = 1): OutgoingEvent[] {
  const random = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const events: OutgoingEvent[] = [];
  const emit = (ms: number, event_type: string, more: Partial<OutgoingEvent>): void => {
    events.push({
      id: `miniature-${seed}-${events.length}`,
      timestamp: new Date(ms).toISOString(),
      event_type,
      agent_id: "tracker",
      ...more,
    });
  };
  let at_ms = Date.UTC(2026, 0, 5, 9);
  for (let number = 0; number < FEATURES; number++) {
    at_ms += Math.round(120 * MINUTE_MS * Math.exp(0.7 * normal()));
    const slow = number > FEATURES / 3 && number < FEATURES / 2 ? 2.5 : 1;
    const feature_id = `feature-${number}`;
    emit(at_ms, "feature_requested", {
      feature_id,
      metadata: { title: `Feature ${number}`, kind: "feature" },
    });
    let last_ms = at_ms;
    const tasks = 1 + Math.floor(random() * 5);
    for (let task = 0; task < tasks; task++) {
      const [kind, median, sigma] = KINDS[Math.floor(random() * KINDS.length)] ?? ["task", 40, 0.9];
      const task_id = `${feature_id}.${task}`;
      const agent_id = `coder-${Math.floor(random() * 4)}`;
      const created_ms = at_ms + Math.round(MINUTE_MS * random());
      const claimed_ms = created_ms + Math.round(slow * 20 * MINUTE_MS * Math.exp(normal()));
      const closed_ms = claimed_ms + Math.round(slow * median * MINUTE_MS * Math.exp(sigma * normal()));
      emit(created_ms, "task_created", {
        feature_id,
        task_id,
        metadata: { title: `${kind} ${task} of ${number}`, kind },
      });
      emit(claimed_ms, "task_claimed", { feature_id, task_id, agent_id });
      // One in thirty is never finished, and keeps its feature open.
      if (random() < 1 / 30) {
        last_ms = Infinity;
        continue;
      }
      emit(closed_ms, "task_completed", { feature_id, task_id, agent_id });
      last_ms = Math.max(last_ms, closed_ms);
    }
    if (last_ms !== Infinity) emit(last_ms + MINUTE_MS, "feature_completed", { feature_id });
  }
  return events.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
}
