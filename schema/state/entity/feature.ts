import type { Usage } from "./usage.ts";

/** `done` is a feature closed as finished without a recorded merge. */
export const FEATURE_STATUSES = [
  "requested",
  "planned",
  "in_progress",
  "done",
  "merged",
  "abandoned",
] as const;

export type FeatureStatus = (typeof FEATURE_STATUSES)[number];

export interface FeaturePast {
  /** As of a task; the codes are those of `feature-course.ts`. */
  moves: number[];
  titled_at: number | null;
  described_at: number | null;
  /** Event time at which the requester was named; null where the first request alone lets it be guessed. */
  requested_at: number | null;
  /** What tells the files apart that its tasks named (schema/event/file-mark.ts): the first `MAX_FEATURE_FILES`. */
  files: number[];
}

export interface Feature {
  id: string;
  title: string | null;
  /** A feature that this one is a part of. */
  parent_id: string | null;
  kind: string | null;
  priority: number | null;
  status: FeatureStatus;
  dependencies: string[];
  /** Who asked for it: an agent or a person. */
  requested_by: string | null;
  /** Distinct files that its tasks named, or the most that one of them or an event about it counts, if more; null while unknown. */
  file_count: number | null;
  /** They are at least as many: more than `MAX_FEATURE_FILES` were named, or a task counted files without naming them. */
  file_count_is_least: boolean;
  /** The first bug that was reported within seven days of a merge of it, also when it was merged again since. */
  bug_at: number | null;
  created_at: number | null;
  /** When work on it was first seen. */
  started_at: number | null;
  closed_at: number | null;
  updated_at: number;
  status_at: number;
  first_seq: number;
  last_seq: number;
  events: number;
  usage: Usage;
  partial: boolean;
  past: FeaturePast;
}
