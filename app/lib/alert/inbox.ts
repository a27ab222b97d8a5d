/** The open alerts as the bell shows them: what nobody has seen first, then by severity, then the newest. */
import { SEVERITIES, type Alert, type Severity } from "../../../schema/state/entity/alert.ts";
import { alertStatus, type AlertStatus } from "../../../schema/wire/alert.ts";

export interface InboxEntry {
  alert: Alert;
  status: AlertStatus;
}

export interface Inbox {
  entries: InboxEntry[];
  /** How many wait for somebody: neither seen nor silent. */
  waiting: number;
}

/** The first that is told, the last that is. */
const ORDER: readonly AlertStatus[] = ["open", "acknowledged", "snoozed", "cleared"];

export const SEVERITY_LABEL: Record<Severity, string> = {
  info: "Note",
  warning: "Warning",
  critical: "Critical",
};
export const STATUS_LABEL: Record<AlertStatus, string> = {
  open: "Open",
  acknowledged: "Seen",
  snoozed: "Silent",
  cleared: "Over",
};

export function inboxOf(alerts: Iterable<Alert>, now_ms: number): Inbox {
  const entries = [...alerts]
    // A copy: the fold changes them in place, and a list that is drawn must not change under it.
    .map((alert) => ({ alert: { ...alert }, status: alertStatus(alert, now_ms) }))
    .toSorted(
      (a, b) =>
        ORDER.indexOf(a.status) - ORDER.indexOf(b.status) ||
        SEVERITIES.indexOf(b.alert.severity) - SEVERITIES.indexOf(a.alert.severity) ||
        b.alert.raised_at - a.alert.raised_at,
    );
  return { entries, waiting: entries.filter(({ status }) => status === "open").length };
}

/** How old it is: by what it tells of, and not by when that was noticed. */
export const beganAt = ({ since, raised_at }: Pick<Alert, "since" | "raised_at">): number =>
  since ?? raised_at;

/** What its line says: how long it has been so, or is over. */
export function ageOf(
  alert: Pick<Alert, "since" | "raised_at" | "cleared_at">,
  status: AlertStatus,
): { words: string; at: number } {
  if (status === "cleared" && alert.cleared_at !== null) return { words: "over ", at: alert.cleared_at };
  return { words: alert.since === null ? "raised " : "began ", at: beganAt(alert) };
}

/** On the bell: nobody counts beyond that. */
const MAX_COUNT = 99;
export const countText = (waiting: number): string =>
  waiting > MAX_COUNT ? `${MAX_COUNT}+` : String(waiting);

export function spokenCount(waiting: number): string {
  return waiting === 0
    ? "Alerts: none waits"
    : `Alerts: ${waiting} ${waiting === 1 ? "waits" : "wait"} for somebody`;
}
