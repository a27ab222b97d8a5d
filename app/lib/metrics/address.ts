/** What the metrics page shows, as its address says: everything that can be seen can be linked to. */
import { findMetric } from "../../../schema/metric/definition.ts";
import { GROUPINGS, type Filter, type Grouping } from "../../../schema/metric/measure.ts";
import { WINDOWS, type WindowName } from "../../../schema/metric/window.ts";

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "get" | "toString">;

export interface MetricsPlace {
  window: WindowName;
  /** The metric that is open. */
  metric: string | null;
  by: Grouping;
  /** Whose metrics they are. */
  filter: Filter;
}

export const DEFAULT_WINDOW: WindowName = "24h";
export const DEFAULT_BY: Grouping = "agent";

/**
 * What nobody can read is left out, and never an error page. `usual`: the window of an address that names none, which
 * is a longer one where the log went silent.
 */
export function readPlace(query: Query, usual: WindowName = DEFAULT_WINDOW): MetricsPlace {
  const window = WINDOWS.find((name) => name === query.get("window")) ?? usual;
  const by = GROUPINGS.find((name) => name === query.get("by")) ?? DEFAULT_BY;
  const metric = findMetric(query.get("metric") ?? "")?.id ?? null;
  const filter: Filter = {};
  for (const name of GROUPINGS) {
    const value = query.get(name);
    if (value !== null && value !== "") filter[name] = value;
  }
  return { window, metric, by, filter };
}

/** The address with some of it changed; null takes a part away. What else it says stays. */
export function withPlace(
  query: Query,
  change: Partial<Record<"window" | "metric" | "by" | Grouping, string | null>>,
  usual_window: WindowName = DEFAULT_WINDOW,
): string {
  const next = new URLSearchParams(query.toString());
  for (const [name, value] of Object.entries(change)) {
    const usual = (name === "window" && value === usual_window) || (name === "by" && value === DEFAULT_BY);
    if (value === null || usual) next.delete(name);
    else next.set(name, value);
  }
  return `?${next.toString()}`;
}

/** Steps of a window's chart: quarters of days in hours, days in half hours; none finer than the sums are kept. */
export const POINTS: Record<WindowName, number> = { "1h": 12, "24h": 48, "7d": 42, "30d": 30, all: 48 };

const LENGTH_MS: Record<Exclude<WindowName, "all">, number> = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

/** Shortest first; null: the whole log. */
export const WINDOW_LENGTHS: readonly (readonly [WindowName, number | null])[] = [
  ...(Object.entries(LENGTH_MS) as [Exclude<WindowName, "all">, number][]),
  ["all", null],
];

/** Of the route's query: a window that ends now, or at the moment of the past that is on screen. */
export function windowQuery(window: WindowName, at_ms: number | null): Record<string, string> {
  if (at_ms === null) return { window };
  const to = new Date(at_ms).toISOString();
  return window === "all" ? { to } : { from: new Date(at_ms - LENGTH_MS[window]).toISOString(), to };
}

export const WINDOW_LABEL: Record<WindowName, string> = {
  "1h": "1 h",
  "24h": "24 h",
  "7d": "7 d",
  "30d": "30 d",
  all: "All",
};
export const WINDOW_WORDS: Record<WindowName, string> = {
  "1h": "last hour",
  "24h": "last 24 hours",
  "7d": "last 7 days",
  "30d": "last 30 days",
  all: "since the first event",
};
export const GROUPING_LABEL: Record<Grouping, string> = {
  feature: "Feature",
  role: "Role",
  agent: "Agent",
  model: "Model",
  kind: "Kind of task",
  complexity: "Complexity",
};
