/** Reviews: what was asked, what was answered, what came back. */
import {
  count,
  duration_ms,
  eventType,
  label,
  labels,
  name,
  prose,
  someProse,
  structure,
  text,
} from "../field.ts";

const review = {
  reviewer: name(label),
  author: name(label),
  comments: text(someProse),
  summary: text(prose),
  /** What it was about: `style`, `correctness`, `tests`, … */
  category: structure(label),
  severity: structure(label),
  files: name(labels),
  pull_request: text(label),
  commit: structure(label),
  /** From 1. */
  cycle: structure(count),
};
const measures = { comment_count: structure(count), suggestion_count: structure(count), duration_ms };

export const feedback = {
  review_requested: eventType("Work waits for a reviewer.", review),
  reviewer_approved: eventType("A reviewer accepted the work.", review, measures),
  reviewer_changes_requested: eventType(
    "A reviewer asked for changes.",
    { ...review, reason: text(prose) },
    measures,
  ),
  reviewer_rejected: eventType("A reviewer refused the work.", { ...review, reason: text(prose) }, measures),
  coder_resubmitted: eventType("The author answered a review with new work.", {
    ...review,
    changes: text(prose),
  }),
};
