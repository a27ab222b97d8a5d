/** Whether forecasts keep what they promise, as far as their number lets anybody say. */
import type { IntervalKind, ProbabilityKind } from "./calibrate.ts";

export type Verdict = "holds" | "too narrow" | "too wide" | "too few";

/** Below it the interval of a rate is wider than any promise could fail by. */
export const MIN_SCORED = 10;

/** The promise is doubted only where the true share lies beside it with 95 %. */
export function verdictOf({ n, asked, interval }: Pick<IntervalKind, "n" | "asked" | "interval">): Verdict {
  if (n < MIN_SCORED || asked === null || interval === null) return "too few";
  if (interval.high < asked) return "too narrow";
  return interval.low > asked ? "too wide" : "holds";
}

export type Knowledge = "knows more" | "knows no more" | "too few";

/** Against always saying how often it came. */
export function knowledgeOf({ n, skill }: Pick<ProbabilityKind, "n" | "skill">): Knowledge {
  if (n < MIN_SCORED || skill === null) return "too few";
  return skill > 0 ? "knows more" : "knows no more";
}
