/**
 * An open alert, told anew: when its snooze is over, and when its words have grown old.
 *
 * - A snooze that ends is told like a new alert, by every channel, with the words of now.
 * - Words that tell how long something lasts are renewed after an hour, six hours, a day and three days: four times at
 *   most, and no channel repeats it. The title stays. Between them `said_at` tells how old they are.
 */
import type { OwnEvent } from "../../../schema/event/own.ts";
import type { Alert } from "../../../schema/state/entity/alert.ts";
import type { Condition } from "./condition.ts";
import { raise, type Said } from "./raise.ts";

const HOUR_MS = 3_600_000;
/** After it was raised. Each step is some four times the one before: what lasts changes ever less. */
export const RENEWED_AFTER_MS: readonly number[] = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS];

type LookAt = (time_ms: number) => void;

/** `condition`: null where another part of Clusterfork raised it, which alone knows how things stand. */
export function afterSnooze(
  alert: Alert,
  condition: Condition | null,
  now_ms: number,
  lookAt: LookAt,
): OwnEvent | null {
  const { id, rule, snoozed_until } = alert;
  if (snoozed_until === null) return null;
  if (snoozed_until > now_ms) {
    lookAt(snoozed_until);
    return null;
  }
  return raise(rule, id, condition ?? wordsOf(alert), now_ms, ["snooze over", id, snoozed_until]);
}

export function renewed(
  alert: Alert,
  condition: Condition,
  ages: boolean,
  now_ms: number,
  lookAt: LookAt,
): OwnEvent | null {
  if (alert.snoozed_until !== null) return null;
  const dues = RENEWED_AFTER_MS.map((after_ms) => alert.raised_at + after_ms);
  const coming = dues.find((due_ms) => due_ms > now_ms);
  if (ages && coming !== undefined) lookAt(coming);
  const step = dues.findLastIndex((due_ms) => due_ms <= now_ms && alert.said_at < due_ms);
  if (step === -1 || condition.message === alert.message) return null;
  const words = { ...condition, severity: alert.severity, title: alert.title ?? condition.title };
  const event = raise(alert.rule, alert.id, words, now_ms, ["renewed", alert.id, step]);
  return { ...event, metadata: { ...event.metadata, renewed: step + 1 } };
}

/** As they were said last. */
function wordsOf(alert: Alert): Said {
  return { ...alert, title: alert.title ?? "", message: alert.message ?? "", evidence: [] };
}
