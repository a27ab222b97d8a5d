/**
 * From what rules see to alerts, with hysteresis:
 *
 *   condition ──held for hold_ms──▶ alert_raised ──away for clear_ms──▶ alert_cleared
 *        └ of the same rule, agent, task, feature and metric as an open alert: it is that one,
 *          raised again where it became more severe, or its snooze is over; its words are renewed (again.ts)
 *
 * No more are open than the state holds: one that it had forgotten would be raised anew at each look, without end. Each
 * rule has a few for certain, whatever the others say; how many are left out stands in the last that is told.
 *
 * Pure but for `gone`: since when an open alert's condition is away, which is lost with the memory (watch.ts). Ids
 * derive from the cause, so that evaluating twice adds nothing (B2).
 */
import type { OwnEvent } from "../../../schema/event/own.ts";
import { SEVERITIES, type Alert, type Severity } from "../../../schema/state/entity/alert.ts";
import { afterSnooze, renewed } from "./again.ts";
import type { Condition, Rule, Scene } from "./condition.ts";
import { NEWS_MS } from "./news.ts";
import { ORGAN, raise } from "./raise.ts";

/** Open alerts up to which every rule may raise: more than anybody looks through. */
export const MAX_OPEN = 80;
/** What a rule may have open however many others are: with all rules together still fewer than the state holds. */
export const MIN_OPEN_OF_RULE = 5;

export interface Evaluation {
  events: OwnEvent[];
  /** When something may be due without any event, ms; null: never. */
  next_ms: number | null;
}

/** Alert ids whose condition is away, and since when, ms. */
export type Gone = Map<string, number>;

export function evaluate(rules: readonly Rule[], scene: Scene, gone: Gone): Evaluation {
  const { state, now_ms } = scene;
  const open = new Map<string, Alert>();
  for (const alert of state.open_alerts.values()) open.set(keyOf(alert.rule, alert), alert);
  const events: OwnEvent[] = [];
  let next_ms = Infinity;
  const lookAt = (time_ms: number) => {
    next_ms = Math.min(next_ms, time_ms);
  };

  const holding = new Set<string>();
  const fresh = new Map<string, Condition[]>();
  for (const rule of rules) {
    for (const condition of rule.conditions(scene)) {
      const key = keyOf(rule.id, condition);
      const alert = open.get(key);
      if (holding.has(key)) continue;
      // A condition to come is none yet.
      const is_to_come = (condition.due_ms ?? 0) > now_ms;
      if (condition.worse_ms !== null && condition.worse_ms > now_ms) lookAt(condition.worse_ms);
      if (alert !== undefined && !is_to_come) {
        holding.add(key);
        gone.delete(alert.id);
        const again =
          rank(condition.severity) > rank(alert.severity)
            ? raise(rule.id, alert.id, condition, now_ms)
            : (afterSnooze(alert, condition, now_ms, lookAt) ??
              renewed(alert, condition, rule.ages === true, now_ms, lookAt));
        if (again !== null) events.push(again);
        continue;
      }
      // While history arrives, a silence in it is only where it was cut into batches.
      const settled_ms = rule.ages === true ? scene.recent.history_until_ms : -Infinity;
      const due_ms = Math.max(condition.due_ms ?? condition.since_ms + rule.hold_ms, settled_ms);
      if (due_ms > now_ms) lookAt(due_ms);
      else if (condition.since_ms > now_ms - NEWS_MS) {
        holding.add(key);
        const others = fresh.get(rule.id);
        if (others === undefined) fresh.set(rule.id, [condition]);
        else others.push(condition);
      }
    }
  }
  const clear_ms = new Map(rules.map((rule) => [rule.id, rule.clear_ms]));
  for (const [key, alert] of open) {
    if (holding.has(key)) continue;
    // Not ours: who raised it clears it.
    const away_ms = clear_ms.get(alert.rule);
    if (away_ms === undefined) {
      const again = afterSnooze(alert, null, now_ms, lookAt);
      if (again !== null) events.push(again);
      continue;
    }
    const since_ms = gone.get(alert.id) ?? now_ms;
    gone.set(alert.id, since_ms);
    if (since_ms + away_ms > now_ms) lookAt(since_ms + away_ms);
    else {
      events.push(clear(alert, now_ms));
      open.delete(key);
    }
  }
  events.push(...raised(fresh, [...open.values()], now_ms));
  for (const id of gone.keys()) if (!state.open_alerts.has(id)) gone.delete(id);
  return { events, next_ms: next_ms === Infinity ? null : next_ms };
}

/** As many as there is room for, the oldest first. */
function raised(
  fresh: ReadonlyMap<string, readonly Condition[]>,
  open: readonly Alert[],
  now_ms: number,
): OwnEvent[] {
  let all = open.length;
  return [...fresh].flatMap(([rule, conditions]) => {
    const room = Math.max(
      MIN_OPEN_OF_RULE - open.filter((alert) => alert.rule === rule).length,
      MAX_OPEN - all,
      0,
    );
    const told = conditions.toSorted((a, b) => a.since_ms - b.since_ms).slice(0, room);
    all += told.length;
    const untold = conditions.length - told.length;
    return told.map((condition, index) => {
      const more =
        untold > 0 && index === told.length - 1 ? ` ${String(untold)} more like it are not told.` : "";
      const message = condition.message + more;
      return raise(rule, episode(rule, condition), { ...condition, message }, now_ms);
    });
  });
}

type Subject = Pick<Condition, "agent_id" | "task_id" | "feature_id" | "metric">;

/** A task's alert stays the same when the task changes hands, so the agent counts only where there is no task. */
function keyOf(rule: string, { agent_id, task_id, feature_id, metric }: Subject): string {
  return JSON.stringify(task_id === null ? [rule, metric, agent_id, feature_id] : [rule, metric, task_id]);
}

const rank = (severity: Severity) => SEVERITIES.indexOf(severity);

/** One episode: the same condition, of the same beginning. */
function episode(rule: string, condition: Condition): string {
  const apart = condition.apart === undefined ? "" : `${condition.apart}-`;
  return `${rule}-${apart}${String(condition.evidence[0] ?? 0)}-${String(Math.floor(condition.since_ms))}`;
}

function clear(alert: Alert, now_ms: number): OwnEvent {
  return {
    organ: ORGAN,
    cause: ["cleared", alert.id, alert.last_seq],
    event_type: "alert_cleared",
    timestamp: new Date(now_ms).toISOString(),
    ...(alert.task_id === null ? {} : { task_id: alert.task_id }),
    ...(alert.feature_id === null ? {} : { feature_id: alert.feature_id }),
    metadata: {
      alert_id: alert.id,
      rule: alert.rule,
      severity: alert.severity,
      ...(alert.agent_id === null ? {} : { agent: alert.agent_id }),
    },
  };
}
