/** Alerts for people at a terminal. Names and words come from events and are cleaned (P2). */
import { duration } from "../../schema/event/describe/duration.ts";
import type { AlertInfo, AlertsResponse } from "../../schema/wire/alert.ts";
import { table } from "./query-table.ts";
import { clean } from "./terminal.ts";

const MAX_TITLE_CHARS = 60;
const MAX_NAME_CHARS = 30;
const HEAD = ["alert", "severity", "status", "what", "whose", "since", "times"];
const LEFT = new Set([0, 1, 2, 3, 4]);

export function alertTable({ alerts, time }: AlertsResponse): string {
  if (alerts.length === 0) return "No alerts.";
  const rows = alerts.map((alert) => [
    clean(alert.id, MAX_TITLE_CHARS),
    alert.severity,
    alert.status,
    clean(alert.title ?? alert.rule, MAX_TITLE_CHARS),
    alert.assignee === null ? "" : clean(alert.assignee, MAX_NAME_CHARS),
    duration(Math.max(0, time - (alert.since ?? alert.raised_at))),
    String(alert.times),
  ]);
  const notes = alerts
    .filter(({ status, message }) => status === "open" && message !== null)
    .map(
      ({ id, message, path = null }) =>
        `${clean(id, MAX_TITLE_CHARS)}: ${clean(message ?? "")}${path === null ? "" : ` File: ${clean(path)}`}`,
    );
  return [table(HEAD, rows, LEFT), ...(notes.length === 0 ? [] : ["", ...notes])].join("\n");
}

export function alertLine({ id, status, assignee }: AlertInfo): string {
  const whose = assignee === null ? "nobody's" : `${clean(assignee, MAX_NAME_CHARS)}'s`;
  return `${clean(id, MAX_TITLE_CHARS)} is ${status}, and ${whose}.`;
}
