/**
 * Counts over drawn cards. A feature that tasks wait for is drawn among them, but
 * is no task: counted as one, the waves would not add up to the headline.
 */
import type { Card } from "./card.ts";
import type { NodeKey } from "./model.ts";
import type { Counts } from "./status.ts";

export function countCards(keys: NodeKey[], cards: Map<NodeKey, Pick<Card, "glyph" | "kind">>): Counts {
  const counts: Counts = { done: 0, review: 0, progress: 0, pending: 0, failed: 0, blocked: 0, total: 0 };
  for (const key of keys) {
    const card = cards.get(key);
    if (card?.kind !== "task") continue;
    counts[card.glyph]++;
    counts.total++;
  }
  return counts;
}
