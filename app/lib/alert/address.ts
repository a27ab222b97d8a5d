/** What the alerts page shows, as its address says it. What nobody can read is left out, and never an error page. */
import { SEVERITIES, type Severity } from "../../../schema/state/entity/alert.ts";
import { ALERT_STATUSES, type AlertStatus } from "../../../schema/wire/alert.ts";
import { ALERT_GROUPINGS, type AlertGrouping } from "./group.ts";

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "get" | "toString">;

export interface AlertPlace {
  status: AlertStatus;
  /** The least that is shown. */
  severity: Severity;
  rule: string | null;
  by: AlertGrouping;
  /** The one that is chosen. */
  alert: string | null;
}

const DEFAULTS = { status: "open", severity: "info", by: "none" } as const;

export function readAlertPlace(query: Query): AlertPlace {
  const text = (name: string) => {
    const value = query.get(name);
    return value === null || value === "" ? null : value;
  };
  return {
    status: ALERT_STATUSES.find((name) => name === query.get("status")) ?? DEFAULTS.status,
    severity: SEVERITIES.find((name) => name === query.get("severity")) ?? DEFAULTS.severity,
    rule: text("rule"),
    by: ALERT_GROUPINGS.find((name) => name === query.get("by")) ?? DEFAULTS.by,
    alert: text("alert"),
  };
}

/** The address with some of it changed; null takes a part away. What else it says, such as the moment, stays. */
export function withAlertPlace(
  query: Query,
  change: Partial<Record<keyof AlertPlace, string | null>>,
): string {
  const next = new URLSearchParams(query.toString());
  const usual = new Map<string, string>(Object.entries(DEFAULTS));
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === "" || usual.get(name) === value) next.delete(name);
    else next.set(name, value);
  }
  return `?${next.toString()}`;
}
