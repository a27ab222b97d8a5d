/** One metric's rows by group, in the order of a table. */
import type { Metric } from "../../../schema/metric/metric.ts";
import { cardOf, type Card, type CardContext, type DrawnRow } from "./card.ts";

export interface GroupCard {
  /** Null: of those of whom it is not known. */
  group: string | null;
  card: Card;
}

/** What is worst comes first, then what is unknown, and what belongs to nobody last. */
export function groupsOf(metric: Metric, rows: readonly DrawnRow[], context: CardContext): GroupCard[] {
  const worse = metric.direction === "up" ? 1 : -1;
  return rows
    .filter((row) => row.metric === metric.id)
    .toSorted((a, b) => {
      if ((a.group === null) !== (b.group === null)) return a.group === null ? 1 : -1;
      if (a.value === null || b.value === null) return a.value === b.value ? 0 : a.value === null ? 1 : -1;
      return (a.value - b.value) * worse;
    })
    .map((row) => ({ group: row.group, card: cardOf(metric, row, context) }));
}
