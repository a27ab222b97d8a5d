/**
 * What is added up, and from which every metric is computed. All of it is additive: of two slots of time, two
 * agents or two halves of a log the sums are added, and nothing else has to be known.
 *
 * The order is that of the stored form: new names are added at the end.
 */
export const SUM_NAMES = [
  // Of events, at their time.
  "up_ms",
  "down_ms",
  "absences",
  /** How many pieces of time the two are of. */
  "gaps",
  "calls",
  "known_calls",
  "reported_usd",
  "priced_usd",
  "tokens",
  "approvals",
  "refusals",
  "tests_passed",
  "tests_failed",
  "submissions",
  "resubmissions",
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
  "recoveries",
  "stray_recoveries",
  "loose_escalations",
  // Of tasks, at the time of what they are about: submitted, merged, closed, approved.
  "review_ms",
  "reviews",
  "reviews_excluded",
  "merge_ms",
  "merges",
  "merges_excluded",
  "cycles",
  "approved_tasks",
  "unapproved_tasks",
  "completed_tasks",
  "failed_tasks",
  "escalated_tasks",
  "retries",
  "retried_tasks_unknown",
  "task_tokens",
  "token_tasks",
  "token_tasks_excluded",
  // Of features, when they closed.
  "features",
  "tokens_simple",
  "features_simple",
  "tokens_medium",
  "features_medium",
  "tokens_complex",
  "features_complex",
  "tokens_unsized",
  "features_unsized",
  "token_features_excluded",
  // Of features, when they were merged.
  "merged_features",
  "escaped_features",
  // Of events again: what somebody did for the tasks of others.
  "reviews_given",
  "checks_given",
  // What an event of the type says nothing usable of: its field is missing, impossible, or in the wrong place.
  "coverage_excluded",
  "loose_submissions",
  /** Heartbeats of agents at work, by whether the one before was so near that a silence is told by its absence. */
  "near_beats",
  "far_beats",
] as const;
export type SumName = (typeof SUM_NAMES)[number];
export type Sums = Record<SumName, number>;

const ZERO = Object.fromEntries(SUM_NAMES.map((name) => [name, 0])) as Sums;

export function createSums(): Sums {
  return { ...ZERO };
}

/**
 * The same, of which only what was added to takes room: a cell has some eight of them, and a new one is made for
 * every fifth event. What it has not is read from the zeros behind it.
 */
export function createSparseSums(): Sums {
  return Object.create(ZERO) as Sums;
}

export function addSums(to: Sums, from: Readonly<Sums>): void {
  // Of sparse ones nothing but what is there; the zeros behind it add nothing.
  for (const name of Object.keys(from) as SumName[]) {
    const amount = from[name];
    if (amount !== 0) to[name] += amount;
  }
}

/** Of which many are added to at once: one piece of memory, read and written by name like the others. */
export type LedgerSums = Sums & { readonly amounts: Float64Array };

const BY_NAME = Object.defineProperties(
  {},
  Object.fromEntries(
    SUM_NAMES.map((name, i): [string, PropertyDescriptor & ThisType<LedgerSums>] => [
      name,
      {
        get() {
          return this.amounts[i] ?? 0;
        },
        set(amount: number) {
          this.amounts[i] = amount;
        },
      },
    ]),
  ),
);

export function createLedgerSums(): LedgerSums {
  const sums = Object.create(BY_NAME) as { amounts: Float64Array };
  sums.amounts = new Float64Array(SUM_NAMES.length);
  return sums as LedgerSums;
}

export function addLedgerSums({ amounts: to }: LedgerSums, { amounts: from }: LedgerSums): void {
  for (let i = 0; i < from.length; i += 1) to[i] = (to[i] ?? 0) + (from[i] ?? 0);
}

/** Of the stored form: positions of names and amounts, in turn. A position that has no name here is passed over. */
export function addPacked({ amounts }: LedgerSums, packed: readonly number[]): void {
  for (let i = 0; i < packed.length; i += 2) {
    const at = packed[i] ?? -1;
    // Beyond its end an array of this kind takes nothing.
    amounts[at] = (amounts[at] ?? 0) + (packed[i + 1] ?? 0);
  }
}

const POSITION = Object.fromEntries(SUM_NAMES.map((name, i) => [name, i])) as Readonly<
  Record<SumName, number>
>;

/** One of them. */
export function packedAmount(packed: readonly number[], name: SumName): number {
  const at = POSITION[name];
  for (let i = 0; i < packed.length; i += 2) if (packed[i] === at) return packed[i + 1] ?? 0;
  return 0;
}
