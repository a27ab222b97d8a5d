/** Lines of a rollout that hold nothing for an event. */
export const SILENT = new Set([
  "event_msg/account/rateLimits/updated",
  "event_msg/agent_message",
  "event_msg/agent_reasoning",
  "event_msg/agent_reasoning_raw_content",
  "event_msg/codex/event/raw_item",
  "event_msg/collab_agent_interaction_end",
  "event_msg/collab_close_end",
  "event_msg/collab_waiting_end",
  "event_msg/context_compacted",
  "event_msg/dynamic_tool_call_request",
  "event_msg/entered_review_mode",
  "event_msg/exited_review_mode",
  "event_msg/guardian_assessment",
  "event_msg/item_completed",
  "event_msg/sub_agent_activity",
  "event_msg/task_started",
  "event_msg/thread_goal_updated",
  "event_msg/thread_settings_applied",
  "event_msg/turn_started",
  "event_msg/undo_completed",
  "event_msg/view_image_tool_call",
  "inter_agent_communication_metadata",
  "response_item/agent_message",
  "response_item/compaction",
  "response_item/ghost_snapshot",
  "response_item/reasoning",
  "world_state",
]);

/** Why a line gives nothing. */
export function reasonFor(type: string): string {
  return SILENT.has(type) ? `nothing to tell in "${type}"` : `type "${type.slice(0, 60)}" is not known`;
}
