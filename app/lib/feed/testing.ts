/** Stored events for tests of this folder and of lib/graph. */
import type { StoredEvent } from "../../../schema/event/event.ts";

/** Sunday, 22 November 2026, noon UTC. */
export const NOON_MS = Date.UTC(2026, 10, 22, 12);

export function makeEvent(seq: number, given: Partial<StoredEvent> = {}): StoredEvent {
  const time = new Date(NOON_MS + seq * 1_000).toISOString();
  return {
    seq,
    id: `event-${String(seq)}`,
    timestamp: time,
    received_at: time,
    event_type: "task_created",
    agent_id: "planner",
    task_id: `task-${String(seq)}`,
    source: "api",
    key_id: "testkey",
    v: 1,
    ...given,
  };
}
