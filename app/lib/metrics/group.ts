/** One metric's rows by group, in the order of a table. */
import type { Metric } from "../../../schema/metric/metric.ts";
import { splitOf, wholeOf, type Split } from "./split.ts";
import { cardOf, type Card, type CardContext, type DrawnRow } from "./card.ts";

export interface GroupCard {
  /** Null: of those of whom it is not known. */
  group: string | null;
  card: Card;
  /** Of a cost that is attributed; null of all else. */
  split: Split | null;
}

/** What is worst comes first, then what is unknown, and what belongs to nobody last. */
export function groupsOf(metric: Metric, rows: readonly DrawnRow[], context: CardContext): GroupCard[] {
  const worse = metric.direction === "up" ? 1 : -1;
  return rows
    .filter((row) => row.metric === metric.id)
    .toSorted((a, b) => {
      if ((a.group === null) !== (b.group === null)) return a.group === null ? 1 : -1;
      const [of_a, of_b] = [wholeOf(a), wholeOf(b)];
      if (of_a === null || of_b === null) return of_a === of_b ? 0 : of_a === null ? 1 : -1;
      return (of_a - of_b) * worse;
    })
    .map((row) => ({
      group: row.group,
      card: cardOf(metric, row, context),
      split: splitOf(row, context.format),
    }));
}
