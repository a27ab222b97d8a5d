/** What several metrics need: events of which any will do. */
import { TASK_ENDS } from "../../event/type.ts";
import { needs, type Need } from "../metric.ts";

export const DONE = needs("task_completed", "task_merged");
export const CLOSED = needs(...TASK_ENDS);
export const SUBMITTED = needs("agent_submitted", "review_requested", "coder_resubmitted");
export const JUDGED = needs("reviewer_approved", "reviewer_changes_requested", "reviewer_rejected");

/** Without which the share of verdicts that approved says nothing: see `approved.ts`. */
export const APPROVED: Need = {
  any: ["reviewer_approved"],
  otherwise: "Not enough is told: reviewers' refusals are, and no approval.",
};

const CHECKED = [
  "test_passed",
  "test_failed",
  "lint_passed",
  "lint_error_found",
  "coverage_measured",
  "coverage_increased",
] as const;

/** What a quality score is made of. */
export const QUALITY_TOLD = needs(...JUDGED.any, ...CHECKED, "feature_merged");

/** Of those who are told of more than that tasks open and close: see `told.ts`. */
export const WORK_TOLD: Need = {
  any: [
    "escalated_to_user",
    "retry_budget_exhausted",
    "tokens_used",
    ...SUBMITTED.any,
    ...JUDGED.any,
    ...CHECKED,
    "integration_passed",
    "integration_failed",
    "agent_heartbeat",
    "agent_crashed",
    "agent_recovered",
  ],
  otherwise:
    "Nothing is told but that tasks open and close, as of an imported tracker: no trouble in it says nothing of whether there was any.",
};
