/**
 * Event types grouped as DESIGN §3 groups them, for the feed's filter and for
 * the grey word before each sentence. A type that is in no group is `other`.
 */

export const CATEGORIES = [
  "lifecycle",
  "agent",
  "feedback",
  "resource",
  "quality",
  "escalation",
  "learning",
  "governance",
  "other",
] as const;
export type Category = (typeof CATEGORIES)[number];

export const CATEGORY_LABEL: Record<Category, string> = {
  lifecycle: "Lifecycle",
  agent: "Agents",
  feedback: "Reviews",
  resource: "Resources",
  quality: "Quality",
  escalation: "Escalation",
  learning: "Learning",
  governance: "Governance",
  other: "Other",
};

/** Names whose beginning does not tell the group. */
const BY_NAME: Record<string, Category> = {
  agent_escalated: "agent",
  clarification_requested: "agent",
  tool_called: "agent",
  handoff: "agent",
  review_requested: "feedback",
  coder_resubmitted: "feedback",
  tokens_used: "resource",
  context_window_filled: "resource",
  lock_conflict: "resource",
  bug_reported: "quality",
  retry_budget_exhausted: "escalation",
  human_intervened: "escalation",
  decision_recorded: "learning",
  target_recalibrated: "governance",
  model_assigned: "governance",
  board_met: "governance",
  gate_overridden: "governance",
};

const BY_PREFIX: [string, Category][] = [
  ["feature_", "lifecycle"],
  ["task_", "lifecycle"],
  ["sprint_", "lifecycle"],
  ["agent_", "agent"],
  ["reviewer_", "feedback"],
  ["file_", "resource"],
  ["test_", "quality"],
  ["lint_", "quality"],
  ["coverage_", "quality"],
  ["integration_", "quality"],
  ["escalated_", "escalation"],
  ["lesson_", "learning"],
  ["budget_", "governance"],
  ["alert_", "governance"],
  ["forecast_", "governance"],
  ["sop_", "governance"],
  ["directive_", "governance"],
  ["pip_", "governance"],
];

export function categoryOf(event_type: string): Category {
  if (Object.hasOwn(BY_NAME, event_type)) return BY_NAME[event_type] ?? "other";
  return BY_PREFIX.find(([prefix]) => event_type.startsWith(prefix))?.[1] ?? "other";
}

export function isCategory(text: string): text is Category {
  return (CATEGORIES as readonly string[]).includes(text);
}
