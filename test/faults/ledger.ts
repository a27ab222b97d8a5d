/** What senders know of their events, to be compared with what is stored: the one book that no fault touches. */
import { isDeepStrictEqual } from "node:util";
import type { NewEvent, StoredEvent } from "../../schema/event/event.ts";

export type Sent = Pick<NewEvent, "id" | "timestamp" | "event_type" | "agent_id" | "task_id" | "metadata">;

export class Ledger {
  readonly sent = new Map<string, Sent>();
  readonly acknowledged = new Set<string>();

  send(events: readonly Sent[]): void {
    for (const event of events) this.sent.set(event.id, event);
  }

  /** A 2xx reply said that they are stored. */
  acknowledge(events: readonly Sent[]): void {
    for (const { id } of events) this.acknowledged.add(id);
  }

  /** Every way in which the log contradicts the book. None is what L1, L2 and L4 promise. */
  faults(log: readonly StoredEvent[]): string[] {
    const faults: string[] = [];
    const stored = new Set<string>();
    for (const [index, event] of log.entries()) {
      if (event.seq !== index + 1) faults.push(`seq ${event.seq} stands at place ${index + 1}`);
      if (stored.has(event.id)) faults.push(`${event.id} is stored twice`);
      stored.add(event.id);
      const sent = this.sent.get(event.id);
      if (sent === undefined) faults.push(`${event.id} was never sent`);
      else if (!isDeepStrictEqual(asSent(event), sent))
        faults.push(`${event.id} is not stored as it was sent`);
    }
    for (const id of this.acknowledged)
      if (!stored.has(id)) faults.push(`${id} was acknowledged and is not stored`);
    return faults;
  }
}

function asSent({ id, timestamp, event_type, agent_id, task_id, metadata }: StoredEvent): Sent {
  return { id, timestamp, event_type, agent_id, ...(task_id === undefined ? {} : { task_id }), metadata };
}
