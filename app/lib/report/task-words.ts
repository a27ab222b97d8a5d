/** What is said of a task's time and cost in a report. */
import type { FeatureReport, ReportTask } from "../../../schema/wire/report.ts";
import type { Format } from "../format/format.ts";

const UNSEEN = "nobody saw when it was worked on";

/** `waited 2 h, worked on 40 min`. */
export function spansText(format: Format, { waiting_ms, working_ms, review_ms }: ReportTask): string {
  const parts = [
    waiting_ms === null ? "" : `waited ${format.span(waiting_ms)}`,
    working_ms === null ? "" : `worked on ${format.span(working_ms)}`,
    review_ms === null || review_ms === 0 ? "" : `in review ${format.span(review_ms)}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? UNSEEN : parts.join(", ");
}

/** A plus: some of its calls have no price. */
export const costText = (
  format: Format,
  { cost_usd, unpriced_calls }: Pick<ReportTask, "cost_usd" | "unpriced_calls">,
): string => (cost_usd === null ? "–" : `${format.money(cost_usd)}${unpriced_calls > 0 ? " +" : ""}`);

/** `6 h of work in 4 h, 1.5 at once`. */
export function summedText(format: Format, { totals, overview }: FeatureReport): string {
  if (totals.working_ms === null) return UNSEEN;
  const within = overview.duration.value === null ? "" : ` in ${format.span(overview.duration.value)}`;
  const abreast =
    totals.parallel === null || totals.parallel < 1 ? "" : `, ${format.decimal(totals.parallel)} at once`;
  return `${format.span(totals.working_ms)} of work${within}${abreast}`;
}
