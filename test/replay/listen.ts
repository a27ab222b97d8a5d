/** What a log of events would have raised: looked at by the clock of its events, as the room watches. */
import { EVENT_VERSION, type StoredEvent } from "../../schema/event/event.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { knownOf } from "../../schema/metric/source.ts";
import { Tally } from "../../schema/metric/tally.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import type { Alert } from "../../schema/state/entity/alert.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { Alerts } from "../../worker/governance/alert/watch.ts";
import { Insight } from "../../worker/insight/watch.ts";
import { WATCH_EVERY_MS } from "../../worker/room/limits.ts";
import { derivedId } from "../../worker/room/own.ts";

export interface Raised {
  alert: Alert;
  at_ms: number;
}

export interface Heard {
  tasks: number;
  /** Each alert as it was when it was raised first. */
  alerts: Raised[];
  /** How many, by their rule. */
  raised: Map<string, number>;
  cleared: number;
  /** The most of one day. */
  busiest_day: number;
  state: ProjectState;
}

/** At most every WATCH_EVERY_MS, and when something is due. */
export function listen(sent: Iterable<OutgoingEvent>): Heard {
  const state = createState();
  const counted = new Tally();
  state.observer = counted;
  const watchers = [new Alerts(), new Insight()];
  const known = new Set<string>();
  const tasks = new Set<string>();
  const days = new Map<number, number>();
  const heard: Heard = { tasks: 0, alerts: [], raised: new Map(), cleared: 0, busiest_day: 0, state };
  const take = (event: Omit<StoredEvent, "seq" | "received_at" | "source" | "key_id" | "v">) => {
    const stored: StoredEvent = {
      ...event,
      ...{
        seq: state.seq + 1,
        received_at: event.timestamp,
        source: "replay",
        key_id: "k",
        v: EVENT_VERSION,
      },
    };
    apply(state, stored);
    for (const watcher of watchers) watcher.note(stored);
  };
  let looked_ms = 0;
  let next_ms = Infinity;
  const look = (now_ms: number) => {
    looked_ms = now_ms;
    const looks = watchers.map((watcher) => watcher.look(state, now_ms, () => knownOf(state, counted)));
    next_ms = Math.min(...looks.map((one) => one.next_ms ?? Infinity));
    for (const { organ, cause, ...own } of looks.flatMap(({ events }) => events)) {
      const id = derivedId(organ, cause);
      if (known.has(id)) continue;
      known.add(id);
      take({ ...own, id, agent_id: `clusterfork:${organ}` });
      if (own.event_type === "alert_cleared") heard.cleared += 1;
      const { alert_id } = own.metadata ?? {};
      const alert = typeof alert_id === "string" ? state.open_alerts.get(alert_id) : undefined;
      if (own.event_type !== "alert_raised" || alert?.times !== 1) continue;
      heard.alerts.push({ alert: { ...alert }, at_ms: now_ms });
      heard.raised.set(alert.rule, (heard.raised.get(alert.rule) ?? 0) + 1);
      const day = Math.floor(now_ms / 86_400_000);
      days.set(day, (days.get(day) ?? 0) + 1);
    }
  };
  for (const event of sent) {
    const now_ms = Date.parse(event.timestamp);
    // What falls due before the next event is told then.
    for (let n = 0; n < 100 && next_ms < now_ms; n += 1) look(Math.max(next_ms, looked_ms));
    take({ ...event });
    if (event.task_id !== undefined) tasks.add(event.task_id);
    if (now_ms - looked_ms >= WATCH_EVERY_MS) look(now_ms);
  }
  heard.tasks = tasks.size;
  heard.busiest_day = Math.max(0, ...days.values());
  return heard;
}
