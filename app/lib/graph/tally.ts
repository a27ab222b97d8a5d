/** Counts over drawn cards. */
import type { Card } from "./card.ts";
import type { NodeKey } from "./model.ts";
import type { Counts } from "./status.ts";

export function countCards(keys: NodeKey[], cards: Map<NodeKey, Card>): Counts {
  const counts: Counts = { done: 0, review: 0, progress: 0, pending: 0, failed: 0, blocked: 0, total: 0 };
  for (const key of keys) {
    const card = cards.get(key);
    if (card === undefined) continue;
    counts[card.glyph]++;
    counts.total++;
  }
  return counts;
}
