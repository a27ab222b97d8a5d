/** `GET …/alerts`, and what people do to one. The alerts themselves are schema/state/alert.ts. */
import type { Alert } from "../state/entity/alert.ts";

export const ALERT_STATUSES = ["open", "acknowledged", "snoozed", "cleared"] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

export interface AlertInfo extends Alert {
  /** As of the reply's `time`: the first that fits of cleared, snoozed, acknowledged, open. */
  status: AlertStatus;
}

export interface AlertsResponse {
  /** ms: by the server's clock. */
  time: number;
  /** The open ones first, each kind newest first. */
  alerts: AlertInfo[];
}

export interface AlertResponse {
  time: number;
  alert: AlertInfo;
}

export function alertStatus(
  { cleared_at, snoozed_until, acknowledged_at }: Alert,
  now_ms: number,
): AlertStatus {
  if (cleared_at !== null) return "cleared";
  if (snoozed_until !== null && snoozed_until > now_ms) return "snoozed";
  return acknowledged_at === null ? "open" : "acknowledged";
}
