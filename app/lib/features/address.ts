/** What the list shows, as its address says it. */

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "get" | "toString">;

export const SHOWN = ["all", "open", "stuck", "shipped", "abandoned"] as const;
export type Shown = (typeof SHOWN)[number];
export const SHOWN_LABEL: Record<Shown, string> = {
  all: "All",
  open: "Open",
  stuck: "Stuck",
  shipped: "Shipped",
  abandoned: "Abandoned",
};

export const ORDERS = ["touched", "lands", "duration", "cost"] as const;
export type Order = (typeof ORDERS)[number];

export interface FeaturesPlace {
  shown: Shown;
  order: Order;
  typed: string;
}

/** Longer than any title that a person types. */
const MAX_TYPED = 200;

/** What nobody can read is left out, and never an error page. */
export function readPlace(query: Query): FeaturesPlace {
  return {
    shown: SHOWN.find((name) => name === query.get("show")) ?? "all",
    order: ORDERS.find((name) => name === query.get("order")) ?? "touched",
    typed: (query.get("q") ?? "").slice(0, MAX_TYPED),
  };
}

/** The address with some of it changed; the usual is left out. What else it says stays. */
export function withPlace(query: Query, change: { show?: Shown; order?: Order; q?: string }): string {
  const next = new URLSearchParams(query.toString());
  for (const [name, value] of Object.entries(change)) {
    if (value === "" || value === "all" || value === "touched") next.delete(name);
    else next.set(name, value);
  }
  return `?${next.toString()}`;
}
