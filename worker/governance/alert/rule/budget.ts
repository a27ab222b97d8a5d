import { accountOf, periodEnd, periodOf } from "../../../../schema/state/budget-period.ts";
import type { Budget } from "../../../../schema/state/entity/budget.ts";
import type { Severity } from "../../../../schema/state/entity/alert.ts";
import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";

/** From so much of a budget on, percent. */
const STEPS: readonly { percent: number; severity: Severity; next: string }[] = [
  { percent: 100, severity: "critical", next: "Raise it, or stop what it is for." },
  { percent: 80, severity: "warning", next: "See what it goes to, and whether the rest will do." },
  { percent: 50, severity: "info", next: "Nothing has to be done yet." },
];

/** A budget told that so much of it is used. */
export const budgetReached: Rule = {
  id: "budget_reached",
  hold_ms: 0,
  clear_ms: MINUTE_MS,
  believable:
    "It follows the sums that reservations are refused by. Each of three steps is told once a period; what calls of unknown cost hide makes it late, never wrong.",
  *conditions({ state, recent, now_ms }: Scene): Generator<Condition> {
    for (const budget of state.spending.budgets.values()) {
      const from = periodOf(budget, now_ms);
      const announced = accountOf(budget, from)?.announced ?? 0;
      const step = STEPS.find(({ percent }) => announced >= percent);
      if (step === undefined) continue;
      const told = recent.occurrences.findLast(({ subject }) => subject === budget.id);
      yield {
        ...BARE,
        severity: step.severity,
        // No figure of money stands in the words: a link that hides it shows them.
        title:
          step.percent === 100
            ? `A ${budget.hard ? "hard" : "soft"} budget is used up`
            : `${String(step.percent)} % of a budget is used`,
        message: `Budget ${budget.id}, of ${subjectOf(budget)}. ${step.next}`,
        // Its name tells one budget's alert from another's.
        metric: `budget ${budget.id}`,
        feature_id: budget.feature_id,
        value: announced,
        target: 100,
        since_ms: told?.time_ms ?? from,
        // A new period is an end that no event tells.
        worse_ms: periodEnd(budget, from),
        evidence: told === undefined ? [] : [told.seq],
      };
    }
  },
};

/** An agent's name is left out: links that alias names show these words. */
function subjectOf({ scope, feature_id, role }: Budget): string {
  if (scope === "feature") return `feature ${feature_id ?? ""}`;
  if (scope === "role") return `role ${role ?? ""}`;
  return scope === "agent" ? "one agent" : "the whole project";
}
