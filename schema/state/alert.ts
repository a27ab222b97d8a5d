/**
 * What somebody should look at, as Clusterfork found it (worker/governance/alert).
 *
 * | event              | what it does to the alert of its `alert_id`                             |
 * |--------------------|-------------------------------------------------------------------------|
 * | alert_raised       | opens it; while it is open, one more time and the newest words and figures; |
 * |                    | after the end of its snooze, that is over                               |
 * | alert_acknowledged | who saw it, and when                                                    |
 * | alert_snoozed      | silent until `until`                                                    |
 * | alert_assigned     | whose it is; without `assignee`, nobody's                                |
 * | alert_cleared      | closes it; the newest closed ones stay in sight                         |
 *
 * An `alert_id` is one episode: raised again after it was cleared, it opens anew, seen by nobody. Open alerts
 * outlast closed ones, and the last to be forgotten is the newest.
 */
import type { StoredEvent } from "../event/event.ts";
import { idIn, labelIn, momentIn, nameIn, textIn } from "./field.ts";
import { forgetOldest } from "./forget.ts";
import { MAX_CLOSED_ALERTS, MAX_OPEN_ALERTS, MAX_REASON_CHARS, MAX_TITLE_CHARS } from "./limits.ts";
import { SEVERITIES, type Alert, type AlertFigures, type Severity } from "./entity/alert.ts";
import type { ProjectState } from "./state.ts";
import type { Fold, Subject } from "./subject.ts";

/** Of an alert that names none: what nobody graded is not to be overlooked. */
const DEFAULT_SEVERITY: Severity = "warning";

function severityIn(event: StoredEvent): Severity {
  const label = labelIn(event, "severity");
  return SEVERITIES.find((severity) => severity === label) ?? DEFAULT_SEVERITY;
}

function figureIn(event: StoredEvent, key: string): number | null {
  const value = event.metrics?.[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function figuresIn(event: StoredEvent): AlertFigures {
  return {
    value: figureIn(event, "value"),
    target: figureIn(event, "target"),
    samples: figureIn(event, "samples"),
  };
}

/** Nothing is told before it begins. */
function beganIn(event: StoredEvent, time_ms: number): number | null {
  const since_ms = momentIn(event, "since");
  return since_ms === null ? null : Math.min(since_ms, time_ms);
}

function open(id: string, event: StoredEvent, time_ms: number): Alert {
  return {
    id,
    rule: labelIn(event, "rule") ?? "",
    metric: labelIn(event, "metric"),
    severity: severityIn(event),
    title: textIn(event, "title", MAX_TITLE_CHARS),
    message: textIn(event, "message", MAX_REASON_CHARS),
    agent_id: nameIn(event, "agent"),
    task_id: event.task_id ?? null,
    feature_id: event.feature_id ?? null,
    path: nameIn(event, "path"),
    ...figuresIn(event),
    times: 1,
    since: beganIn(event, time_ms),
    raised_at: time_ms,
    said_at: time_ms,
    updated_at: time_ms,
    cleared_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
    snoozed_until: null,
    assignee: null,
    first_seq: event.seq,
    last_seq: event.seq,
  };
}

export const foldAlertRaised: Fold = (state, event, { time_ms }) => {
  const id = idIn(event, "alert_id");
  if (id === null) return;
  const known = state.open_alerts.get(id);
  if (known === undefined) {
    state.closed_alerts.delete(id);
    state.open_alerts.set(id, open(id, event, time_ms));
    forgetOldest(state.open_alerts, MAX_OPEN_ALERTS);
    return;
  }
  known.times += 1;
  known.severity = severityIn(event);
  known.title = textIn(event, "title", MAX_TITLE_CHARS);
  known.message = textIn(event, "message", MAX_REASON_CHARS);
  Object.assign(known, figuresIn(event));
  known.said_at = Math.max(known.said_at, time_ms);
  if (known.snoozed_until !== null && known.snoozed_until <= time_ms) known.snoozed_until = null;
  touch(known, event, time_ms);
};

function touch(alert: Alert, event: StoredEvent, time_ms: number): void {
  alert.updated_at = Math.max(alert.updated_at, time_ms);
  alert.last_seq = event.seq;
}

/** What is done to an open alert; about another one nothing is left to do. */
function toOpen(
  change: (alert: Alert, event: StoredEvent, subject: Subject, state: ProjectState) => void,
): Fold {
  return (state, event, subject) => {
    const alert = state.open_alerts.get(idIn(event, "alert_id") ?? "");
    if (alert === undefined) return;
    change(alert, event, subject, state);
    touch(alert, event, subject.time_ms);
  };
}

export const foldAlertAcknowledged = toOpen((alert, event, { time_ms }) => {
  alert.acknowledged_at ??= time_ms;
  alert.acknowledged_by ??= nameIn(event, "by");
});

export const foldAlertSnoozed = toOpen((alert, event) => {
  alert.snoozed_until = momentIn(event, "until");
});

export const foldAlertAssigned = toOpen((alert, event) => {
  alert.assignee = nameIn(event, "assignee");
});

export const foldAlertCleared = toOpen((alert, _event, { time_ms }, state) => {
  alert.cleared_at = time_ms;
  state.open_alerts.delete(alert.id);
  state.closed_alerts.set(alert.id, alert);
  forgetOldest(state.closed_alerts, MAX_CLOSED_ALERTS);
});
