/**
 * The event types that this version understands, by category and by name alone:
 * the browser folds, filters and describes with this list and need not load the
 * schemas. `taxonomy.ts` gives each its schema; neither compiles without the other.
 * Any other well-formed name is stored, counted and shown, but not folded (S4).
 */
const TYPES = {
  lifecycle: [
    "feature_requested",
    "feature_planned",
    "feature_started",
    "feature_completed",
    "feature_merged",
    "feature_abandoned",
    "feature_reopened",
    "sprint_started",
    "sprint_ended",
    "task_created",
    "task_claimed",
    "task_started",
    "task_progress",
    "task_blocked",
    "task_unblocked",
    "task_completed",
    "task_failed",
    "task_merged",
    "task_reopened",
  ],
  agent: [
    "agent_initialized",
    "agent_heartbeat",
    "agent_reasoning_started",
    "agent_submitted",
    "agent_escalated",
    "agent_idle",
    "agent_stopped",
    "agent_crashed",
    "agent_recovered",
    "clarification_requested",
    "tool_called",
    "handoff",
  ],
  feedback: [
    "review_requested",
    "reviewer_approved",
    "reviewer_changes_requested",
    "reviewer_rejected",
    "coder_resubmitted",
  ],
  resource: [
    "tokens_used",
    "context_window_filled",
    "file_locked",
    "file_unlocked",
    "lock_conflict",
    "usage_reported",
  ],
  quality: [
    "test_passed",
    "test_failed",
    "lint_passed",
    "lint_error_found",
    "coverage_measured",
    "coverage_increased",
    "integration_passed",
    "integration_failed",
    "bug_reported",
  ],
  escalation: ["escalated_to_user", "escalated_to_board", "retry_budget_exhausted", "human_intervened"],
  learning: [
    "decision_recorded",
    "lesson_learned",
    "lesson_retrieved",
    "lesson_withheld",
    "lesson_applied",
    "lesson_rated",
    "lesson_quarantined",
    "lesson_retired",
  ],
  governance: [
    "budget_set",
    "budget_reserved",
    "budget_settled",
    "budget_released",
    "budget_warned",
    "budget_exceeded",
    "alert_raised",
    "alert_acknowledged",
    "alert_snoozed",
    "alert_assigned",
    "alert_cleared",
    "target_recalibrated",
    "forecast_made",
    "forecast_scored",
    "sop_proposed",
    "sop_adopted",
    "model_assigned",
    "board_met",
    "directive_issued",
    "directive_closed",
    "gate_overridden",
    "pip_opened",
    "pip_closed",
    "events_forgotten",
    "lesson_approved",
    "lessons_purged",
    "reflection_made",
  ],
} as const;

export type Category = keyof typeof TYPES;
export type TypeOf<C extends Category> = (typeof TYPES)[C][number];
export type KnownType = TypeOf<Category>;
/** The types that a sender's key may send (T5). */
export type SenderType = Exclude<KnownType, TypeOf<"governance">>;

/** What ends a task, however. */
export const TASK_ENDS = [
  "task_completed",
  "task_merged",
  "task_failed",
] as const satisfies readonly KnownType[];
const ENDING: ReadonlySet<string> = new Set(TASK_ENDS);

export function endsTask(event_type: string): boolean {
  return ENDING.has(event_type);
}

/** A Map, because names are hostile text: `constructor` is a legal event type. */
const CATEGORY_OF: ReadonlyMap<string, Category> = new Map(
  entries().flatMap(([category, types]) => types.map((type): [string, Category] => [type, category])),
);

function entries(): [Category, readonly string[]][] {
  return Object.entries(TYPES) as [Category, readonly string[]][];
}

export const CATEGORIES: readonly Category[] = entries().map(([category]) => category);

/** Every known type, by category, in the order of the documentation. */
export const KNOWN_TYPES: readonly KnownType[] = Object.values(TYPES).flat();

export function isKnownType(event_type: string): event_type is KnownType {
  return CATEGORY_OF.has(event_type);
}

export function categoryOf(event_type: string): Category | undefined {
  return CATEGORY_OF.get(event_type);
}

/** Governance, and what is named after Clusterfork, is its own: no sender's key may send it (T5). */
export function isReservedType(event_type: string): boolean {
  return CATEGORY_OF.get(event_type) === "governance" || /^clusterfork(?:\.|$)/.test(event_type);
}
