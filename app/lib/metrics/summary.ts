/** The numbers that the headline is made of, from the cards on the page. */
import type { Format } from "#lib/format/format.ts";
import type { Card } from "./card.ts";
import type { Broken, MetricNumbers } from "./headline.ts";

const DAY_MS = 86_400_000;

export interface SummaryContext {
  format: Format;
  /** Events of the log. */
  events: number;
  over: string;
  /** Where a metric's own chart is. */
  hrefOf: (id: string) => string;
}

export function summaryOf(
  cards: readonly Card[],
  { format, events, over, hrefOf }: SummaryContext,
): MetricNumbers {
  const judged = cards.filter(({ status }) => status !== "unknown");
  return {
    events,
    over,
    met: judged.filter(({ status }) => status === "met").length,
    missed: judged
      .filter(({ status }) => status === "missed")
      .map(({ metric }) => ({ label: metric.label, href: hrefOf(metric.id) })),
    unknown: cards.filter(({ known }) => !known).length,
    total: cards.length,
    fewest: judged.length === 0 ? 0 : Math.min(...judged.map(({ n }) => n)),
    broken: cards
      .flatMap((card) => brokenOf(card, format, hrefOf))
      .toSorted((a, b) => b.x - a.x)
      .map(({ x: _x, ...broken }) => broken),
  };
}

/** The newest outlier on the worse side: what is better than usual needs nobody. */
function brokenOf(card: Card, format: Format, hrefOf: (id: string) => string): (Broken & { x: number })[] {
  const { metric, limits, points, step_ms } = card;
  if (limits === null) return [];
  const side = metric.direction === "up" ? "lower" : "upper";
  for (const index of card.outside.toReversed()) {
    const { x, y } = points[index] ?? { x: 0, y: null };
    if (y === null || (side === "lower" ? y >= limits.lower : y <= limits.upper)) continue;
    const long = x < (points.at(-1)?.x ?? x) - DAY_MS;
    const day = step_ms >= DAY_MS || long ? `on ${format.day(x)}` : "";
    const at = [day, step_ms >= DAY_MS ? "" : `at ${format.clock(x)}`].filter(Boolean).join(" ");
    return [{ x, label: metric.label, side, at, href: hrefOf(metric.id) }];
  }
  return [];
}
