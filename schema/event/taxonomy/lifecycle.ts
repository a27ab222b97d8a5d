/** Features, sprints and tasks: how work comes into being, moves and ends. */
import {
  amount,
  anyNumber,
  cost,
  count,
  duration_ms,
  eventType,
  flag,
  fraction,
  label,
  labels,
  moment,
  name,
  percent,
  prose,
  structure,
  text,
  title,
  tokens,
  usd,
} from "../field.ts";

/** What features and tasks share. */
const workItem = {
  title: title(label),
  /** True where nobody named it and the sender made this up: any other description counts before it. */
  title_guessed: structure(flag),
  description: text(prose),
  /** Ids of tasks or features that must be finished first. */
  dependencies: structure(labels),
  /** The task or feature that this one is a part of. */
  parent_id: structure(label),
  /** `task`, `bug`, `chore`, `epic`, … */
  kind: structure(label),
  /** 0 is the most urgent. */
  priority: structure(anyNumber, "Send a number, 0 the most urgent; a word belongs into `labels`."),
  labels: text(labels),
  complexity: structure(label),
  /** Where the sender keeps it. */
  url: text(prose),
};

const estimate = {
  estimated_tokens: cost(tokens),
  estimated_cost_usd: cost(usd),
  estimated_duration_ms: structure(amount),
};

const ending = {
  reason: text(prose),
  commit: structure(label),
  branch: name(label),
  pull_request: text(label),
};

const change = {
  files_changed: structure(count),
  insertions: structure(count),
  deletions: structure(count),
  duration_ms,
};

const reopening = { reason: text(prose) };

const sprint = {
  sprint_id: structure(label),
  title: title(label),
  goal: text(prose),
  reason: text(prose),
  /** What is to be done in it; none: whatever is open. */
  features: structure(labels),
};
/** When it is to end. */
const ends_at = structure(moment, 'Send RFC 3339 with a time zone, like "2026-11-27T18:00:00Z".');

export const lifecycle = {
  feature_requested: eventType(
    "Somebody asked for a feature.",
    { ...workItem, requested_by: name(label) },
    estimate,
  ),
  feature_planned: eventType(
    "The plan of a feature stands: its tasks, its cost, its time.",
    { ...workItem, requested_by: name(label), files: name(labels), tasks: structure(labels) },
    { ...estimate, task_count: structure(count), file_count: structure(count) },
  ),
  feature_started: eventType("Work on a feature began, where no task of it says so.", {
    reason: text(prose),
  }),
  feature_completed: eventType("A feature is finished; no merge is recorded.", ending, change),
  feature_merged: eventType("A feature is in the main branch.", ending, change),
  feature_abandoned: eventType("A feature will not be built.", ending),
  feature_reopened: eventType("Work on a closed feature goes on.", reopening),
  sprint_started: eventType("A sprint began, or is to be another: what it names anew counts.", {
    ...sprint,
    ends_at,
  }),
  sprint_ended: eventType("A sprint ended: the one of `sprint_id`, else the current one.", sprint),
  task_created: eventType(
    "A task exists.",
    { ...workItem, assignee: name(label), files: name(labels) },
    estimate,
  ),
  task_claimed: eventType("An agent took a task: `assignee`, else the event's agent.", {
    assignee: name(label),
    files: name(labels),
    attempt: structure(count),
  }),
  task_started: eventType("Work on a task began.", {
    assignee: name(label),
    files: name(labels),
    branch: name(label),
    attempt: structure(count),
  }),
  task_progress: eventType("How far a task is, as `progress` (0 to 1) or `percent` (0 to 100).", {
    progress: structure(fraction, "Send 0 to 1, or a percentage as `percent`."),
    percent: structure(percent),
    message: text(prose),
    files: name(labels),
  }),
  task_blocked: eventType("A task cannot go on.", { reason: text(prose), blocked_by: structure(labels) }),
  task_unblocked: eventType("What blocked a task is gone.", { reason: text(prose) }),
  task_completed: eventType(
    "A task is done.",
    { ...ending, summary: text(prose), files: name(labels) },
    change,
  ),
  task_failed: eventType(
    "A task failed.",
    {
      reason: text(prose),
      error: text(prose),
      error_type: structure(label),
      attempt: structure(count),
      retryable: structure(flag),
    },
    { duration_ms },
  ),
  task_merged: eventType(
    "The change of a task is in the main branch.",
    { ...ending, files: name(labels) },
    change,
  ),
  task_reopened: eventType("Work on a closed task goes on.", reopening),
};
