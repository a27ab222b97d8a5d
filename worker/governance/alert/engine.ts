/**
 * From what rules see to alerts, with hysteresis:
 *
 *   condition ──held for hold_ms──▶ alert_raised ──away for clear_ms──▶ alert_cleared
 *        └ of the same rule, agent, task, feature and metric as an open alert: it is that one,
 *          raised again where it became more severe, or its snooze is over; its words are renewed (again.ts)
 *
 * Pure but for `gone`: since when an open alert's condition is away, which is lost with the memory (watch.ts). Ids
 * derive from the cause, so that evaluating twice adds nothing (B2).
 */
import type { OwnEvent } from "../../../schema/event/own.ts";
import { SEVERITIES, type Alert, type Severity } from "../../../schema/state/state.ts";
import { afterSnooze, renewed } from "./again.ts";
import type { Condition, Rule, Scene } from "./condition.ts";
import { NEWS_MS } from "./news.ts";
import { ORGAN, raise } from "./raise.ts";

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
      const due_ms = condition.due_ms ?? condition.since_ms + rule.hold_ms;
      if (due_ms > now_ms) lookAt(due_ms);
      else if (condition.since_ms > now_ms - NEWS_MS) {
        holding.add(key);
        events.push(raise(rule.id, episode(rule.id, condition), condition, now_ms));
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
    else events.push(clear(alert, now_ms));
  }
  for (const id of gone.keys()) if (!state.open_alerts.has(id)) gone.delete(id);
  return { events, next_ms: next_ms === Infinity ? null : next_ms };
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
