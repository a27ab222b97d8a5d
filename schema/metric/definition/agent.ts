/** How one agent, or one role, works. Coverage, uptime and escalation rate are those of the other tables, of its own work. */
import { mean, needs, type Metric } from "../metric.ts";
import { APPROVED, CLOSED, DONE, JUDGED, SUBMITTED } from "./need.ts";
import { perActiveHour } from "./velocity.ts";

export const AGENT: readonly Metric[] = [
  {
    id: "throughput",
    label: "Throughput",
    category: "agent",
    unit: "per_hour",
    direction: "up",
    target: null,
    words: "Tasks completed per hour in which there was work.",
    formula:
      "tasks closed as done or merged ÷ clock hours with work, the first and the current one as far as the log spans them, at least one",
    needs: [DONE],
    read: (ledger) => perActiveHour(ledger.sums.completed_tasks, ledger),
  },
  {
    id: "reviewer_pass_rate",
    label: "Reviewer pass rate",
    category: "agent",
    unit: "ratio",
    direction: "up",
    target: null,
    words: "The share of reviewers' verdicts that approved the work.",
    formula:
      "reviewer_approved ÷ (approved + changes requested + rejected), of the task's assignee; unknown while no approval was ever told",
    excludes: "refusals of a log that tells no approval",
    needs: [JUDGED, APPROVED],
    read: ({ sums, is_approved }) =>
      is_approved
        ? mean(sums.approvals, sums.approvals + sums.refusals)
        : { value: null, n: 0, excluded: sums.refusals },
  },
  {
    id: "error_to_fix_ratio",
    label: "Errors per fix",
    category: "agent",
    unit: "ratio",
    direction: "down",
    target: null,
    words:
      "Failed checks for each one that was made to pass again: 1 means that each error was fixed at the first try.",
    formula:
      "(test_failed + lint_error_found) ÷ passes of the same check on the same task right after a failure",
    needs: [needs("test_failed", "lint_error_found"), needs("test_passed", "lint_passed")],
    read: ({ sums }) => mean(sums.errors, sums.fixes),
  },
  {
    id: "tokens_per_task",
    label: "Tokens per task",
    category: "agent",
    unit: "tokens",
    direction: "down",
    target: null,
    is_cost: true,
    learned: "tokens",
    words: "Tokens of all kinds that a closed task took, on average, whoever spent them.",
    formula: "Σ tokens ÷ closed tasks; without a model call that says its tokens: excluded",
    excludes: "tasks without a model call that says its tokens",
    needs: [needs("tokens_used"), CLOSED],
    read: ({ sums }) => mean(sums.task_tokens, sums.token_tasks, sums.token_tasks_excluded),
  },
  {
    id: "resubmissions",
    label: "Resubmissions",
    category: "agent",
    unit: "count",
    direction: "down",
    target: null,
    words: "How often work was submitted again, for each task submitted for the first time.",
    formula: "submissions after the first ÷ first submissions; those that name no task: excluded",
    excludes: "submissions that name no task",
    needs: [SUBMITTED],
    read: ({ sums }) =>
      mean(sums.resubmissions, sums.submissions - sums.resubmissions, sums.loose_submissions),
  },
  {
    id: "retry_budget_used",
    label: "Retries",
    category: "agent",
    unit: "count",
    direction: "down",
    target: null,
    words: "Attempts after the first that a closed task took, on average.",
    formula: "Σ (attempts − 1) ÷ closed tasks; without a recorded attempt: excluded",
    excludes: "tasks without a recorded attempt",
    needs: [needs("task_claimed", "task_started", "task_progress", "agent_submitted"), CLOSED],
    read: ({ sums }) =>
      mean(
        sums.retries,
        sums.completed_tasks + sums.failed_tasks - sums.retried_tasks_unknown,
        sums.retried_tasks_unknown,
      ),
  },
];
