import { coverageOf } from "./coverage.ts";
import type { Ledger } from "./ledger.ts";
import { quotient } from "./metric.ts";

/**
 * How good the work was, 0 to 1: the mean of what is known of the shares of verdicts that approved, of tests that
 * passed, of submissions that passed lint, of the code that is covered, and of merged features without an escaped
 * bug. Null where none is known. Parts weigh alike: no data says which of them matters more.
 */
export function qualityScore({ sums, coverage, is_approved }: Ledger): number | null {
  const escaped = quotient(sums.escaped_features, sums.merged_features);
  const parts = [
    is_approved ? quotient(sums.approvals, sums.approvals + sums.refusals) : null,
    quotient(sums.tests_passed, sums.tests_passed + sums.tests_failed),
    quotient(sums.lint_passed, sums.lint_passed + sums.lint_failed),
    coverageOf(coverage),
    escaped === null ? null : 1 - escaped,
  ].filter((part) => part !== null);
  return quotient(
    parts.reduce((sum, part) => sum + part, 0),
    parts.length,
  );
}
