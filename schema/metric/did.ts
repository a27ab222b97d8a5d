/** What somebody did in a window, counted: not everyone closes tasks. */
import type { Ledger } from "./ledger.ts";

export interface Did {
  /** Closed as done, merged or failed. */
  tasks: number;
  /** Verdicts on submitted work. */
  reviews: number;
  /** Tests, lint runs and coverage of tasks that others work on. */
  checks: number;
  submissions: number;
  model_calls: number;
}

export const DID_NOTHING: Did = { tasks: 0, reviews: 0, checks: 0, submissions: 0, model_calls: 0 };

export function didOf({ sums }: Ledger): Did {
  return {
    tasks: sums.completed_tasks + sums.failed_tasks,
    reviews: sums.reviews_given,
    checks: sums.checks_given,
    submissions: sums.submissions,
    model_calls: sums.calls,
  };
}

const WORDS: readonly [keyof Did, one: string, more: string][] = [
  ["reviews", "review", "reviews"],
  ["checks", "check", "checks"],
  ["submissions", "submission", "submissions"],
  ["model_calls", "model call", "model calls"],
];

/** The one thing that it is known for, most of another one's work first: "14 reviews". Null where there is none. */
export function didWords(did: Did): string | null {
  for (const [name, one, more] of WORDS) {
    const count = did[name];
    if (count > 0) return `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
  }
  return null;
}
