/** What the agents page shows, as its address says it. What nobody can read is left out, and never an error page. */

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "get" | "toString">;

/** `all` has no beginning: nothing is measured against the time before it. It is for work that was imported. */
export const PERIODS = ["24h", "7d", "30d", "all"] as const;
export type Period = (typeof PERIODS)[number];
export const PERIOD_LABEL: Record<Period, string> = { "24h": "24 h", "7d": "7 d", "30d": "30 d", all: "All" };
export const PERIOD_WORDS: Record<Period, string> = {
  "24h": "last 24 hours",
  "7d": "last 7 days",
  "30d": "last 30 days",
  all: "whole log",
};
const DAY_MS = 86_400_000;
const PERIOD_MS: Record<Exclude<Period, "all">, number> = {
  "24h": DAY_MS,
  "7d": 7 * DAY_MS,
  "30d": 30 * DAY_MS,
};
/** Shortest first; null: the whole log. */
export const PERIOD_LENGTHS: readonly (readonly [Period, number | null])[] = PERIODS.map((period) => [
  period,
  period === "all" ? null : PERIOD_MS[period],
]);
/** `first_ms`: when anything happened first; null: nothing did. */
export const periodStart = (period: Period, now_ms: number, first_ms: number | null): number =>
  period === "all" ? (first_ms ?? now_ms) : now_ms - PERIOD_MS[period];

export type By = "agent" | "role";

export interface AgentPlace {
  period: Period;
  by: By;
  /** The agent whose page is open. */
  agent: string | null;
  /** The row that is coached. */
  pick: string | null;
  /** Letters stand for names. */
  anonymous: boolean;
}

export const DEFAULT_PERIOD: Period = "7d";
const DEFAULTS: Partial<Record<string, string>> = { by: "agent", names: "shown" };

/** `usual`: the period of an address that names none, which is a longer one where the log went silent. */
export function readAgentPlace(query: Query, usual: Period = DEFAULT_PERIOD): AgentPlace {
  const text = (name: string) => {
    const value = query.get(name);
    return value === null || value === "" ? null : value;
  };
  return {
    period: PERIODS.find((name) => name === query.get("period")) ?? usual,
    by: query.get("by") === "role" ? "role" : "agent",
    agent: text("agent"),
    pick: text("pick"),
    anonymous: query.get("names") === "letters",
  };
}

/** The address with some of it changed; null takes a part away. What else it says, such as the moment, stays. */
export function withAgentPlace(
  query: Query,
  change: Partial<Record<"period" | "by" | "agent" | "pick" | "names", string | null>>,
  usual: Period = DEFAULT_PERIOD,
): string {
  const next = new URLSearchParams(query.toString());
  for (const [name, value] of Object.entries(change)) {
    if (value === null || (name === "period" ? usual : DEFAULTS[name]) === value) next.delete(name);
    else next.set(name, value);
  }
  return `?${next.toString()}`;
}
