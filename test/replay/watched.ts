/** A project for tests of alerts, looked at by minutes after noon. */
import { NOON_MS, type Step, written } from "./play.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { OwnEvent } from "../../schema/event/own.ts";
import { NOTHING_SET, type Measuring } from "../../schema/metric/ask.ts";
import { knownOf } from "../../schema/metric/source.ts";
import { Tally } from "../../schema/metric/tally.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import type { Alert } from "../../schema/state/entity/alert.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { derivedId } from "../../worker/room/own.ts";
import { MINUTE_MS } from "../../worker/governance/alert/condition.ts";
import { Alerts } from "../../worker/governance/alert/watch.ts";

/** A project whose own events are appended as its room does: a known id adds nothing. */
export class Project {
  readonly state: ProjectState = createState();
  readonly #tally = new Tally();
  readonly log: StoredEvent[] = [];
  readonly #measuring: Measuring;
  #alerts: Alerts;

  constructor(steps: readonly Step[], measuring = NOTHING_SET) {
    this.#measuring = measuring;
    this.#alerts = new Alerts(measuring);
    this.state.observer = this.#tally;
    this.send(steps);
  }

  /** Received as they happen, or, as history is, all at so many minutes after noon. */
  send(steps: readonly Step[], received_minute?: number): void {
    const received_at =
      received_minute === undefined ? null : new Date(NOON_MS + received_minute * MINUTE_MS).toISOString();
    for (const event of written(steps, this.state.seq))
      this.#take({ ...event, received_at: received_at ?? event.timestamp });
  }

  /** What it says at so many minutes after noon. */
  look(minute: number): { types: string[]; next: number | null } {
    const { events, next_ms } = this.#alerts.look(this.state, NOON_MS + minute * MINUTE_MS, () =>
      knownOf(this.state, this.#tally),
    );
    const fresh = events.filter((own) => !this.log.some(({ id }) => id === derivedId(own.organ, own.cause)));
    for (const own of fresh) this.#take(stored(own, this.state.seq + 1));
    return {
      types: fresh.map(({ event_type }) => event_type),
      next: next_ms === null ? null : (next_ms - NOON_MS) / MINUTE_MS,
    };
  }

  /** As after an eviction: what was noted is told anew, what was only remembered is gone. */
  evict(): void {
    this.#alerts = new Alerts(this.#measuring);
    for (const event of this.log) this.#alerts.note(event);
  }

  #take(event: StoredEvent): void {
    this.log.push(event);
    apply(this.state, event);
    this.#alerts.note(event);
  }
}

function stored(own: OwnEvent, seq: number): StoredEvent {
  const { organ, cause, ...rest } = own;
  return {
    id: derivedId(organ, cause),
    seq,
    received_at: own.timestamp,
    agent_id: `clusterfork:${organ}`,
    source: "clusterfork",
    key_id: "clusterfork",
    v: 1,
    ...rest,
  };
}

export const open = ({ state }: Project): Alert[] => [...state.open_alerts.values()];
