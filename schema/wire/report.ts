/**
 * `GET /v1/features/:id/report`: how a feature went. Times are ms since 1970, spans ms, money US dollars. What is
 * unknown is null with a `why`, never 0. The words are sentences of ours; in them, ids and labels of the sender are
 * text and no markup. Through a share link that hides costs, tokens and money are null and nothing is said of them.
 */
import type { Grade } from "../metric/grade.ts";
import type { Row } from "../metric/measure.ts";
import type { Unit } from "../metric/metric.ts";
import type { FeatureStatus } from "../state/entity/feature.ts";
import type { TaskStatus } from "../state/entity/task.ts";

/** What a figure is held against: what was foretold, or what like work took before. */
export interface ReportReference {
  basis: "forecast" | "similar";
  /** In the unit of the figure. */
  p50: number;
  p80: number | null;
  /** What is held against it: the figure itself, or that part of it that was foretold. */
  actual: number;
  /** Forecasts, or things that are alike. */
  n: number;
  words: string;
}

export interface ReportFigure {
  value: number | null;
  /** Why it is unknown; null: it is known. */
  why: string | null;
  reference: ReportReference | null;
}

/** `value` is what is known of it: of `calls`, those without a price are missing (M2). */
export interface ReportCost extends ReportFigure {
  reported_usd: number | null;
  priced_usd: number | null;
  calls: number;
  unpriced_calls: number;
}

export interface ReportTokens extends ReportFigure {
  input_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_tokens: number | null;
  output_tokens: number | null;
}

/** Waiting for somebody, or blocked; worked on, from its claim; waiting for its reviewer. */
export const REPORT_PHASES = ["waiting", "working", "review"] as const;
export type ReportPhase = (typeof REPORT_PHASES)[number];

export interface ReportTask {
  id: string;
  title: string | null;
  status: TaskStatus;
  kind: string | null;
  agent: string | null;
  role: string | null;
  model: string | null;
  created_at: number | null;
  closed_at: number | null;
  /** Null where nobody saw it. */
  waiting_ms: number | null;
  working_ms: number | null;
  review_ms: number | null;
  /** In order of time; `to` null: still so. */
  phases: { phase: ReportPhase; from: number; to: number | null }[];
  tokens: number | null;
  /** What is known of it. */
  cost_usd: number | null;
  unpriced_calls: number;
  /** Times that a reviewer sent it back. */
  cycles: number;
  attempts: number;
  approved: boolean;
  tests_passed: number;
  tests_failed: number;
  last_test: "passed" | "failed" | null;
  /** Known only from events that mention it. */
  partial: boolean;
}

export interface ReportTotals {
  tasks: number;
  finished: number;
  failed: number;
  open: number;
  cycles: number;
  /** Of the tasks of which it is known. */
  waiting_ms: number | null;
  working_ms: number | null;
  review_ms: number | null;
  /** Working time over the feature's own: how many were at work at once. */
  parallel: number | null;
  /** Distinct ones that its tasks named, or the most that one of them or an event about it counts. */
  files: number | null;
  /** There may be more: not all were named, or more than are told apart. */
  files_at_least: boolean;
  tests_passed: number | null;
  tests_failed: number | null;
}

/** A metric of the taxonomy for this feature alone, or a count of its own. */
export interface ReportQuality extends Pick<Row, "value" | "n" | "excluded" | "target" | "status"> {
  id: string;
  label: string;
  unit: Unit;
  /** Of a ratio: whether it is a share of a whole, and read in percent. */
  is_share: boolean;
  /** What it counts: "2 of 3 tasks"; null where the figure says it all. */
  counted: string | null;
  why: string | null;
}

/** Whether a bug comes up within seven days of the merge. */
export interface ReportBugs {
  /** `seen`: the seven days are over, or one came. */
  kind: "estimate" | "seen" | "unknown";
  /** How likely; 1 or 0 where it was seen. */
  probability: number | null;
  /** Wilson's interval, 95 %; null where nothing is estimated. */
  interval: { low: number; high: number } | null;
  /** Features that it rests on: merged here seven days ago or more, and those of them with a bug by then. */
  merged: number;
  escaped: number;
  words: string;
}

export interface ReportInsight {
  /** The rule that found it. */
  rule: string;
  tone: "better" | "worse" | "neutral";
  words: string;
  /** Ids of the tasks that it rests on. */
  tasks: string[];
}

export interface ReportRecommendation {
  rule: string;
  words: string;
  /** What like work would have taken less; null where the numbers carry none. */
  saving: { tokens: number | null; usd: number | null; ms: number | null };
  tasks: string[];
}

export interface ReportLesson {
  /** Of the event that says it. */
  seq: number;
  lesson_id: string;
  category: string | null;
  /** Null where a view does not show it. */
  headline: string | null;
  by: string;
  at: number;
}

export interface FeatureReport {
  seq: number;
  /** The moment that it is of: the feature's end, or, while it is open, now. */
  at: number;
  feature: {
    id: string;
    title: string | null;
    status: FeatureStatus;
    kind: string | null;
    requested_by: string | null;
    created_at: number | null;
    started_at: number | null;
    closed_at: number | null;
    /** Known only from events that mention it. */
    partial: boolean;
  };
  /** A view that hides tokens and money. */
  hides_cost: boolean;
  grade: Grade;
  overview: { duration: ReportFigure; cost: ReportCost; tokens: ReportTokens };
  tasks: ReportTask[];
  /** Further ones, the last to begin. */
  omitted_tasks: number;
  totals: ReportTotals;
  quality: ReportQuality[];
  bugs: ReportBugs;
  insights: ReportInsight[];
  recommendations: ReportRecommendation[];
  lessons: ReportLesson[];
  /** Why lessons may be missing; null: these are all. */
  lessons_why: string | null;
}
