/** The alerts of one status, filtered, and in groups that keep the inbox's order. */
import { SEVERITIES, type Alert, type Severity } from "../../../schema/state/entity/alert.ts";
import type { AlertStatus } from "../../../schema/wire/alert.ts";
import type { InboxEntry } from "./inbox.ts";

export const ALERT_GROUPINGS = ["none", "rule", "feature", "agent"] as const;
export type AlertGrouping = (typeof ALERT_GROUPINGS)[number];

export const GROUPING_WORDS: Record<AlertGrouping, string> = {
  none: "Not grouped",
  rule: "By rule",
  feature: "By feature",
  agent: "By agent",
};

export interface AlertFilter {
  status: AlertStatus;
  severity: Severity;
  rule: string | null;
}

export interface AlertGroup {
  /** Null: of those that name none, or of all where nothing is grouped. */
  name: string | null;
  entries: InboxEntry[];
}

export function filterAlerts(
  entries: readonly InboxEntry[],
  { status, severity, rule }: AlertFilter,
): InboxEntry[] {
  const least = SEVERITIES.indexOf(severity);
  return entries.filter(
    (entry) =>
      entry.status === status &&
      SEVERITIES.indexOf(entry.alert.severity) >= least &&
      (rule === null || entry.alert.rule === rule),
  );
}

/** Groups stand where their first entry stands, so that the worst is at the top; what names none comes last. */
export function groupAlerts(entries: readonly InboxEntry[], by: AlertGrouping): AlertGroup[] {
  if (by === "none") return entries.length === 0 ? [] : [{ name: null, entries: [...entries] }];
  const groups = Map.groupBy(entries, ({ alert }) => nameOf(alert, by));
  return [...groups]
    .map(([name, of]) => ({ name, entries: of }))
    .toSorted((a, b) => Number(a.name === null) - Number(b.name === null));
}

const nameOf = (alert: Alert, by: Exclude<AlertGrouping, "none">): string | null =>
  by === "rule" ? ruleWords(alert.rule) : by === "feature" ? alert.feature_id : alert.agent_id;

/** `blocked_task` as a person says it. */
export const ruleWords = (rule: string): string => rule.replaceAll(/[_.]/g, " ");

/** How many have each status. */
export function countStatuses(entries: readonly InboxEntry[]): Record<AlertStatus, number> {
  const counts = { open: 0, acknowledged: 0, snoozed: 0, cleared: 0 };
  for (const { status } of entries) counts[status] += 1;
  return counts;
}
