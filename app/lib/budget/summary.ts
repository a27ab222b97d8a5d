/** The numbers of the budgets' sentence. */
import type { Format } from "../format/format.ts";
import type { BudgetNumbers } from "./headline.ts";
import type { BudgetCard } from "./standing.ts";
import { endingOf, rangeText } from "./words.ts";

/** What the sentence calls it: money runs out, and never the project. */
const subjectOf = ({ title, scope }: BudgetCard["budget"], name: string): string =>
  title ?? (scope === "project" ? "The project's budget" : `The budget of ${name}`);

/** By the cone that is drawn below, so that sentence and chart name one day; else by the rates. */
function whenOf(
  card: BudgetCard,
  expected: Extract<BudgetCard["exhaustion"], { state: "expected" }>,
  format: Pick<Format, "day">,
): { when: string; basis: string } {
  const ending = endingOf(card, format);
  if (ending !== null) return { when: `on ${ending.day}`, basis: `at ${ending.percentile}` };
  const when = expected.to === null ? `on ${rangeText(expected, format)}` : rangeText(expected, format);
  return { when, basis: "at the rates of today and of the last seven days" };
}

export function budgetNumbers(
  cards: readonly BudgetCard[],
  format: Pick<Format, "day">,
  hrefOf: (id: string) => string,
): BudgetNumbers {
  const part = ({ budget, name }: BudgetCard) => ({ text: subjectOf(budget, name), href: hrefOf(budget.id) });
  const runs_out = cards
    .flatMap((card) => (card.exhaustion.state === "expected" ? [{ card, expected: card.exhaustion }] : []))
    .toSorted((a, b) => a.expected.from - b.expected.from);
  const lasting = cards.filter(({ exhaustion }) => exhaustion.state === "not_in_period");
  return {
    total: cards.length,
    used_up: cards.filter(({ exhaustion }) => exhaustion.state === "used_up").map(part),
    runs_out: runs_out.map(({ card, expected }) => ({
      part: part(card),
      ...whenOf(card, expected, format),
      days: card.days,
    })),
    lasting: lasting.length,
    fewest_days: Math.min(...lasting.map(({ days }) => days)),
    unknown: cards.filter(({ exhaustion }) => exhaustion.state === "unknown").length,
    // Budgets overlap: the widest of them has seen each call once.
    unknown_calls: Math.max(0, ...cards.map((card) => card.unknown_calls)),
  };
}
