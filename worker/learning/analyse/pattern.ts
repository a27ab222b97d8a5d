/**
 * What the built-in analyst can find. Each kind has a threshold, and says how often it speaks of ordinary work.
 */

export interface PatternRule {
  /** What it is, for a person. */
  words: string;
  threshold: string;
  /** How often it is said of work where nothing was out of the ordinary: at most this share, or 0 where it states what the log holds. */
  false_alarm: number;
}

export const PATTERN_RULES = {
  outlier: {
    words: "A task took far longer, or cost far more, than its like.",
    threshold: "Modified z-score of the logarithm above 3.5 (more for fewer than 58 values; ten at least).",
    false_alarm: 0.001,
  },
  better: {
    words: "A task took far less than its like, and something about it was different.",
    threshold:
      "The same score below its negative, and a trait of the task that at most one in ten of its like has.",
    false_alarm: 0.001,
  },
  review: {
    words: "Reviewers sent work back again and again, mostly for the same reason.",
    threshold:
      "Three rounds or more on one task, or a category of comments in three reviews and over half of them.",
    false_alarm: 0.05,
  },
  retry: {
    words: "A task used up all its attempts.",
    threshold: "One retry_budget_exhausted.",
    false_alarm: 0,
  },
  flaky: {
    words: "The same test passed and failed with no change between.",
    threshold: "Two turns of one named test without a commit, an edit or a submission between.",
    false_alarm: 0.01,
  },
  contention: {
    words: "Agents waited for the same file.",
    threshold:
      "Three refusals of one path, or waiting of a tenth of the feature's work and a quarter of an hour.",
    false_alarm: 0,
  },
  context: {
    words: "The context window was full before the work failed or was sent back.",
    threshold: "A full window in two tasks that failed or came back, or in one that failed for good.",
    false_alarm: 0.05,
  },
  loop: {
    words: "An agent made the same call with the same arguments over and over.",
    threshold: "Ten of twenty calls, with no commit and no changed test between.",
    false_alarm: 0.01,
  },
  clarification: {
    words: "Agents had to ask before they could go on.",
    threshold: "A question that stopped work for ten minutes, or was asked in two tasks.",
    false_alarm: 0,
  },
  defect: {
    words: "Lint, or bugs after the merge, gathered in one type of file.",
    threshold:
      "Three at least, and more than the type's share of the files touched explains: binomial tail of 1 % at most.",
    false_alarm: 0.01,
  },
  handoff: {
    words: "Work that was handed over came back.",
    threshold: "Two hand-overs to the same agent or role and back on one task, or one in each of two tasks.",
    false_alarm: 0.05,
  },
  reopened: {
    words: "Work that was called done was opened again.",
    threshold: "One task or feature reopened after it was closed as finished.",
    false_alarm: 0,
  },
  wordless: {
    words: "Work that was opened again had been closed without saying what was done.",
    threshold:
      "Three tasks, and more than the share of silent closings explains: binomial tail of 0.5 % at most, over 30 other closings at least.",
    false_alarm: 0.01,
  },
  cause: {
    words: "Somebody wrote down why it broke.",
    threshold:
      "A sentence that names a cause, of 40 characters at least, when finished work was closed, on the way, or in the report of a bug; none that only supposes one.",
    false_alarm: 0,
  },
  redone: {
    words: "Tasks were taken up with nothing to do: done already, or filed twice.",
    threshold: "Three tasks whose closing words say so, and one in twenty of those that were finished.",
    false_alarm: 0,
  },
  recurrence: {
    words: "The same test was filed as broken again and again.",
    threshold: "Three tasks whose titles name it.",
    false_alarm: 0,
  },
} as const satisfies Record<string, PatternRule>;

export type PatternKind = keyof typeof PATTERN_RULES;

/** Seqs that show a pattern: the first ones, enough to look it up. */
export const MAX_EVIDENCE = 12;

/** How large it is, against what is usual. `usual` and `samples` are null where nothing is compared. */
export interface EffectSize {
  value: number;
  usual: number | null;
  unit: "ms" | "tokens" | "usd" | "times";
  samples: number | null;
}

export interface Pattern {
  kind: PatternKind;
  /** Whether it is something to do again. */
  is_good: boolean;
  tasks: string[];
  /** Ascending. */
  evidence: number[];
  effect: EffectSize;
  /** What it is about: names and texts out of events, hostile until escaped. */
  facts: Readonly<Record<string, string | number>>;
  /** Time that it cost, or saved, ms, where the log tells; null: not told. */
  time_ms: number | null;
  /** Its words are those of a key that took no part in the work: somebody has to look at them first. */
  is_unvouched?: true;
}

export function evidenceOf(seqs: Iterable<number>): number[] {
  return [...new Set(seqs)].sort((a, b) => a - b).slice(0, MAX_EVIDENCE);
}
