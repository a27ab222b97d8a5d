import { activeHours, type Ledger } from "../ledger.ts";
import { mean, needs, quotient, type Metric, type Reading } from "../metric.ts";
import { SUBMITTED } from "./need.ts";

export function perActiveHour(count: number, ledger: Ledger): Reading {
  const hours = activeHours(ledger);
  return { value: hours === null ? null : quotient(count, hours), n: count, excluded: 0 };
}

/** Hours from the first event on in which no feature is no sign: hardly one could have been finished. */
export const MIN_AGE_HOURS = 2;

/** None is 0 only where one could have been. */
function perHourOfFeatures(reading: Reading, { sums, age_hours, has_features }: Ledger): Reading {
  if (!has_features) return { value: null, n: 0, excluded: 0 };
  return sums.features === 0 && age_hours < MIN_AGE_HOURS ? { ...reading, value: null } : reading;
}

export const VELOCITY: readonly Metric[] = [
  {
    id: "features_per_hour",
    label: "Features per hour",
    category: "velocity",
    unit: "per_hour",
    direction: "up",
    target: { kind: "fixed", bound: ">", value: 1.5 },
    words: "Features merged or completed per hour in which there was work.",
    formula:
      "features closed as merged or done ÷ clock hours with work, the first and the current one as far as the log spans them, at least one; none within two hours of the first event is unknown, and so is what a role, an agent or a model has of them",
    needs: [needs("feature_merged", "feature_completed")],
    read: (ledger) => perHourOfFeatures(perActiveHour(ledger.sums.features, ledger), ledger),
  },
  {
    id: "features_per_wall_hour",
    label: "Features per wall hour",
    category: "velocity",
    unit: "per_hour",
    direction: "up",
    target: null,
    words: "Features merged or completed per hour, nights and weekends included.",
    formula:
      "features closed as merged or done ÷ hours of the window since the first event; none within two hours of it is unknown, and so is what a role, an agent or a model has of them",
    needs: [needs("feature_merged", "feature_completed")],
    read: (ledger) => {
      const { sums, wall_hours, days } = ledger;
      const value = days.size === 0 && sums.features === 0 ? null : quotient(sums.features, wall_hours);
      return perHourOfFeatures({ value, n: sums.features, excluded: 0 }, ledger);
    },
  },
  {
    id: "time_to_review",
    label: "Time to review",
    category: "velocity",
    unit: "ms",
    direction: "down",
    target: { kind: "fixed", bound: "<", value: 5 * 60_000 },
    words: "How long a task took from its claim to its first submission to a reviewer, on average.",
    formula:
      "Σ (first submission − first claim) ÷ tasks first submitted in the window; without a claim, or backwards, or without a task: excluded",
    excludes: "tasks without a claim, or submitted before it, and submissions that name no task",
    needs: [needs("task_claimed"), SUBMITTED],
    read: ({ sums }) => mean(sums.review_ms, sums.reviews, sums.reviews_excluded + sums.loose_submissions),
  },
  {
    id: "time_to_merge",
    label: "Time to merge",
    category: "velocity",
    unit: "ms",
    direction: "down",
    target: { kind: "fixed", bound: "<", value: 15 * 60_000 },
    learned: "lead",
    words: "How long a task took from its creation to the main branch, on average.",
    formula: "Σ (merged − created) ÷ tasks merged in the window; without a creation, or backwards: excluded",
    excludes: "tasks without a creation, or merged before it",
    needs: [needs("task_created"), needs("task_merged")],
    read: ({ sums }) => mean(sums.merge_ms, sums.merges, sums.merges_excluded),
  },
  {
    id: "reviewer_cycles",
    label: "Reviewer cycles",
    category: "velocity",
    unit: "count",
    direction: "down",
    target: { kind: "fixed", bound: "<=", value: 2 },
    words: "How often a reviewer sent a task back before it was approved, on average.",
    formula:
      "Σ (changes requested + rejected) ÷ approved tasks, at their closing or last change; closed after a refusal without an approval: excluded",
    excludes: "tasks closed after a refusal without an approval",
    needs: [needs("reviewer_approved")],
    read: ({ sums }) => mean(sums.cycles, sums.approved_tasks, sums.unapproved_tasks),
  },
];
