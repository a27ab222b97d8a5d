/** Which groups of an answer are told, where there are more than it takes. */
import type { Within } from "./books.ts";
import type { Ledger } from "./ledger.ts";
import type { SumName } from "./sums.ts";

/** Groups of one answer: more than a person compares; with every metric they are some 2,000 rows. */
export const MAX_GROUPS = 100;

/** Those with most of all that is counted in the window, in order of their names. `all`: there is one group, which stays. */
export function largest(
  groups: ReadonlyMap<string | null, Within>,
  all: boolean,
): { kept: [string | null, Within][]; omitted: number } {
  const seen = Array.from(groups, ([group, books]) => ({
    group,
    books,
    weight: weight(books.now) + (books.attributed?.shared.calls ?? 0),
  }))
    .filter((one) => all || one.weight > 0)
    .sort(byName);
  const kept = seen
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, MAX_GROUPS)
    .sort(byName)
    .map(({ group, books }): [string | null, Within] => [group, books]);
  return { kept, omitted: seen.length - kept.length };
}

/** What nobody is named for comes last. */
function byName({ group: a }: { group: string | null }, { group: b }: { group: string | null }): number {
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

/** Whatever a value rests on, or leaves out: a group with nothing else than one verdict is one, too. */
const WEIGHED = [
  "gaps",
  "absences",
  "calls",
  "approvals",
  "refusals",
  "tests_passed",
  "tests_failed",
  "submissions",
  "lint_passed",
  "lint_failed",
  "coverage_runs",
  "integration_passed",
  "integration_failed",
  "integration_early",
  "errors",
  "fixes",
  "exhausted",
  "crashes",
  "stray_recoveries",
  "loose_escalations",
  "reviews",
  "reviews_excluded",
  "merges",
  "merges_excluded",
  "approved_tasks",
  "unapproved_tasks",
  "completed_tasks",
  "failed_tasks",
  "features",
  "merged_features",
  "coverage_excluded",
  "loose_submissions",
] as const satisfies readonly SumName[];

function weight({ sums, days, censored }: Ledger): number {
  let weight = days.size + censored;
  for (const name of WEIGHED) weight += sums[name];
  return weight;
}
