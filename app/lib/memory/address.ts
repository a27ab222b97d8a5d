/** What the page shows, as its address says it: what is searched, and the decision that is looked at. */
import { MAX_TYPED } from "./search.ts";

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "get" | "toString">;

export interface MemoryPlace {
  typed: string;
  /** Its event's seq; null: none is chosen. */
  decision: number | null;
}

export function readPlace(query: Query): MemoryPlace {
  const seq = query.get("decision") ?? "";
  return {
    typed: (query.get("q") ?? "").slice(0, MAX_TYPED),
    decision: /^\d{1,15}$/.test(seq) ? Number(seq) : null,
  };
}

/** The address with some of it changed; null or "" takes a part away. What else it says stays. */
export function withPlace(query: Query, change: { q?: string; decision?: number | null }): string {
  const next = new URLSearchParams(query.toString());
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, String(value));
  }
  return `?${next.toString()}`;
}
