/** `GET /v1/forecast`: what work will take, when features will be done, and how such words held before. What is unknown is null, with a `why`. */

import type { FeatureStatus } from "../state/entity/feature.ts";

export interface MeasureForecast {
  /** Of the whole task, not of what is left of it. */
  metric: "work" | "tokens" | "cost";
  unit: "ms" | "tokens" | "usd";
  predicted: number | null;
  low: number | null;
  high: number | null;
  /** The share of truths that low to high is to hold; null without an interval. */
  coverage: number | null;
  /** Finished tasks that it rests on. */
  samples: number;
  method: "median" | "neighbours" | null;
  /** Why something of it is unknown; null: nothing is. */
  why: string | null;
}

export interface TaskForecast {
  seq: number;
  task_id: string;
  words: string;
  measures: MeasureForecast[];
  /** That it will take longer than its target, in ms of work. 1 once it has. */
  breach: { probability: number | null; target: number | null; samples: number; why: string | null };
  /** Of work that waits for its reviewer. `reasons`: the weightiest first; none where only the rate is known. */
  changes_requested: {
    probability: number | null;
    reasons: string[];
    /** Verdicts. */
    samples: number;
    why: string | null;
  };
}

/** Times are RFC 3339. */
export interface FeatureFinishInfo {
  feature_id: string;
  title: string | null;
  open_tasks: number;
  p50_at: string | null;
  p80_at: string | null;
  words: string;
  /** Finished tasks that the times are drawn from. */
  samples: number;
  /** Features whose finish was foretold and came, by which this one was corrected; 0: not calibrated. */
  calibrated_by: number;
  /** Its open tasks that have lasted longer than any that is known: how long they still take is told by their age alone. */
  beyond_sample: number;
  why: string | null;
}

export interface FeatureForecast extends FeatureFinishInfo {
  seq: number;
  status: FeatureStatus;
  /** Not null: nothing of it is foretold, and `words` say so; its report tells how it went. */
  closed_at: string | null;
  /** Open tasks that decided the end in half of the imagined futures or more, each after those it waits for. */
  critical_path: string[];
  /** When its open tasks will be done, the earliest first, by the same futures; further ones are left out. */
  tasks: { task_id: string; p50_at: string | null; p80_at: string | null }[];
  /** Dependencies left out because they form a cycle: the waiting task, and what it waits for. */
  cycles_broken: [string, string][];
  /**
   * US dollars. `spent`: of the calls whose price is known, null where there is none; `unpriced_calls` are the others.
   * `predicted`: in all, spent ones included: the middle forecasts of its open tasks added up.
   */
  cost: { spent: number | null; unpriced_calls: number; predicted: number | null; why: string | null };
  /** That it is done after the moment that was asked for; null: none was. */
  late: { by: string; probability: number | null; word: string } | null;
}

/**
 * In words, that something ends after a moment: below one in ten `negligible`, from there `low`, from one in five
 * `medium`, from one half `high` (worker/insight/forecast/sprint.ts has the reasons).
 */
export const LATE_WORDS = ["negligible", "low", "medium", "high", "unknown"] as const;
export type LateWord = (typeof LATE_WORDS)[number];

/** That something ends after the sprint's end: the share of imagined futures in which it does. */
export interface Lateness {
  probability: number | null;
  word: LateWord;
}

export interface SprintFeature extends FeatureFinishInfo {
  /** Null: no event has named it yet. */
  status: FeatureStatus | null;
  closed_at: string | null;
  /** Of a closed one what came: 0 or 1. Of an abandoned one unknown. */
  late: Lateness;
}

/** The current sprint: when all of it will be done, and each of its features, by its end. */
export interface SprintForecast {
  sprint_id: string;
  title: string | null;
  goal: string | null;
  started_at: string;
  /** Null: nobody said; nothing can be late then. */
  ends_at: string | null;
  /** When the last of its features will be done, of futures in which its agents do them all. */
  p50_at: string | null;
  p80_at: string | null;
  late: Lateness;
  words: string;
  why: string | null;
  /** In the sprint's order; where it names none, the open ones. */
  features: SprintFeature[];
  /** Further ones, to be asked for one by one. */
  omitted_features: number;
}

/** What was foretold against what came, of the newest scored forecasts. */
export interface Calibration {
  metric: string;
  scored: number;
  /** Scored ones with an interval, and those whose truth lay in it. */
  with_interval: number;
  inside: number;
  coverage_asked: number | null;
  coverage_seen: number | null;
  /** Median of ln(actual / predicted): above 0, things took more than was said. */
  bias: number | null;
}

export interface ForecastOverview {
  seq: number;
  /** Null: none is going on. */
  sprint: SprintForecast | null;
  calibration: Calibration[];
  /** The open ones with open tasks, the most recently touched first. */
  features: FeatureFinishInfo[];
  /** Further ones, to be asked for one by one. */
  omitted_features: number;
}

/** What is foretold and scored: intervals of tasks, the P80 of a feature's finish, and the probability that something comes. */
export const FORETOLD_KINDS = ["work", "tokens", "cost", "finish", "changes", "breach"] as const;
export type ForetoldKind = (typeof FORETOLD_KINDS)[number];

export interface CalibrationBin {
  /** Median of what was said; of probabilities their mean. */
  predicted: number;
  /** Median of what came; of probabilities the share that came. */
  actual: number;
  n: number;
}

export interface ScoredForecast {
  task_id: string | null;
  feature_id: string | null;
  predicted: number;
  low: number | null;
  high: number | null;
  /** Of a probability 1 where it came, else 0. */
  actual: number;
  scored_at: string | null;
}

/** How the newest scored forecasts of one kind held. Null: too little is known, or it is not asked of this kind. */
export interface CalibrationKind {
  kind: ForetoldKind;
  unit: "ms" | "tokens" | "usd" | "probability";
  /** Scored ones that the figures rest on. */
  n: number;
  /** The share of truths that low to high (of a finish: up to high) is to hold. */
  asked: number | null;
  covered: number | null;
  /** Of `covered`: Wilson's, 95 %. */
  interval: { low: number; high: number } | null;
  /** Of probabilities: the mean squared distance from what came, and that of always saying how often it came. */
  brier: number | null;
  brier_base: number | null;
  /** Median of ln(actual / predicted): above 0, things took more than was said. */
  bias: number | null;
  bins: CalibrationBin[];
  /** The newest first. */
  recent: ScoredForecast[];
}

export interface CalibrationResponse {
  seq: number;
  kinds: CalibrationKind[];
}
