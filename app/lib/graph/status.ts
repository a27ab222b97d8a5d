/** Tasks counted by the six shapes, and the words for features; the shapes themselves are lib/ui's. */
import type { FeatureStatus } from "../../../schema/state/entity/feature.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { type Glyph, GLYPH_OF } from "../ui/status.ts";

/** In the order of the legend. */
export const GLYPHS = [
  "done",
  "review",
  "progress",
  "pending",
  "failed",
  "blocked",
] as const satisfies readonly Glyph[];

export const GLYPH_LABEL: Record<Glyph, string> = {
  done: "Done",
  review: "In review",
  progress: "In progress",
  pending: "Pending",
  failed: "Failed",
  blocked: "Blocked",
};

/** What a lead should look at first. */
export const URGENCY: Record<Glyph, number> = {
  failed: 0,
  blocked: 1,
  review: 2,
  progress: 3,
  pending: 4,
  done: 5,
};

export const GLYPH_OF_FEATURE: Record<FeatureStatus, Glyph> = {
  requested: "pending",
  planned: "pending",
  in_progress: "progress",
  done: "done",
  merged: "done",
  abandoned: "failed",
};

export const FEATURE_LABEL: Record<FeatureStatus, string> = {
  requested: "Requested",
  planned: "Planned",
  in_progress: "In progress",
  done: "Done",
  merged: "Merged",
  abandoned: "Abandoned",
};

export type Counts = Record<Glyph, number> & { total: number };

export function countGlyphs(tasks: Iterable<Pick<Task, "status">>): Counts {
  const counts: Counts = { done: 0, review: 0, progress: 0, pending: 0, failed: 0, blocked: 0, total: 0 };
  for (const task of tasks) {
    counts[GLYPH_OF[task.status]]++;
    counts.total++;
  }
  return counts;
}

/** The same by feature; tasks of none are left out. */
export function countByFeature(
  tasks: Iterable<Pick<Task, "status" | "feature_id">>,
): ReadonlyMap<string, Counts> {
  const byFeature = new Map<string, Counts>();
  for (const { feature_id, status } of tasks) {
    if (feature_id === null) continue;
    let counts = byFeature.get(feature_id);
    if (counts === undefined) byFeature.set(feature_id, (counts = countGlyphs([])));
    counts[GLYPH_OF[status]]++;
    counts.total++;
  }
  return byFeature;
}

export function isGlyph(text: string): text is Glyph {
  return text in URGENCY;
}
