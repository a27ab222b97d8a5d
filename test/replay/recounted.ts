/** Whether an alert was right, counted anew from the events that were sent, or from what was planted among them. */
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import type { Raised } from "./listen.ts";

const MINUTE_MS = 60_000;

export interface Planted {
  /** Tasks whose calls were made ten times as large, or whose agent repeated one call. */
  hungry: ReadonlySet<string>;
  looping: ReadonlySet<string>;
  /** Of whom more tokens than of its peers were planted; null: of nobody. */
  drifting: string | null;
  /** Everybody uses more from some morning on. */
  burning: boolean;
}

type Judge = (raised: Raised, before: readonly OutgoingEvent[], planted: Planted) => boolean;

const ofTask = ({ alert }: Raised, before: readonly OutgoingEvent[]) =>
  before.filter(({ task_id }) => task_id === alert.task_id);
const count = (events: readonly OutgoingEvent[], pattern: RegExp) =>
  events.filter(({ event_type }) => pattern.test(event_type)).length;
const isPlanted = (tasks: ReadonlySet<string>, { alert }: Raised) => tasks.has(alert.task_id ?? "");

/** Facts are counted anew; the rest is right only where it was planted. */
const JUDGES: Readonly<Record<string, Judge>> = {
  task_blocked: (raised, before) => {
    const moves = ofTask(raised, before).filter(({ event_type }) => /^task_/.test(event_type));
    const last = moves.at(-1);
    return last?.event_type === "task_blocked" && raised.at_ms - Date.parse(last.timestamp) >= 10 * MINUTE_MS;
  },
  agent_failed: ({ alert, at_ms }, before) => {
    const last = before.findLast(({ agent_id }) => agent_id === alert.agent_id);
    return last?.event_type === "agent_crashed" && at_ms - Date.parse(last.timestamp) >= 2 * MINUTE_MS;
  },
  retry_budget_exhausted: (raised, before) => count(ofTask(raised, before), /^retry_budget_exhausted$/) > 0,
  review_ping_pong: (raised, before) =>
    count(ofTask(raised, before), /^reviewer_(changes_requested|rejected)$/) >= 3,
  lock_contention: ({ alert, at_ms }, before) => {
    const wait = before.findLast(
      ({ event_type, agent_id }) =>
        agent_id === alert.agent_id && (event_type === "lock_conflict" || event_type === "file_locked"),
    );
    return wait?.event_type === "lock_conflict" && at_ms - Date.parse(wait.timestamp) >= 10 * MINUTE_MS;
  },
  // The last three that it was given and that ended, whoever said so.
  pip_required: ({ alert }, before) => {
    const holder = new Map<string, string>();
    const ended: string[] = [];
    for (const { event_type, agent_id, task_id, metadata } of before) {
      if (task_id === undefined) continue;
      const named = metadata?.["assignee"];
      if (event_type === "task_claimed") holder.set(task_id, typeof named === "string" ? named : agent_id);
      const is_end = /^task_(completed|failed|merged)$/.test(event_type);
      if (is_end && (holder.get(task_id) ?? agent_id) === alert.agent_id) ended.push(event_type);
    }
    return (
      alert.metric === "failed_tasks" && ended.slice(-3).join(" ") === "task_failed task_failed task_failed"
    );
  },
  no_progress: (raised, _, { looping }) => isPlanted(looping, raised),
  token_use: (raised, _, { hungry, looping }) => isPlanted(hungry, raised) || isPlanted(looping, raised),
  // What loops takes longer, and more of everything.
  task_tokens: (raised, _, { hungry, looping }) => isPlanted(hungry, raised) || isPlanted(looping, raised),
  task_cost: (raised, _, { hungry, looping }) => isPlanted(hungry, raised) || isPlanted(looping, raised),
  task_duration: (raised, _, { looping }) => isPlanted(looping, raised),
  agent_drift: ({ alert }, _, { drifting, burning }) => burning || alert.agent_id === drifting,
  team_drift: (_raised, _before, { burning }) => burning,
};

/** A rule that nothing confirms is wrong whenever it speaks. */
export function wasRight(raised: Raised, events: readonly OutgoingEvent[], planted: Planted): boolean {
  const before = events.filter(({ timestamp }) => Date.parse(timestamp) <= raised.at_ms);
  return JUDGES[raised.alert.rule]?.(raised, before, planted) ?? false;
}
