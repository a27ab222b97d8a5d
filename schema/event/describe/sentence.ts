/** One sentence for each type that senders may send; `governance.ts` has those of Clusterfork's own. */
import type { StoredEvent } from "../event.ts";
import type { SenderType } from "../type.ts";
import { listIn, numberIn, textIn } from "./field.ts";
import { moneyText, tokenText } from "./figure.ts";
import type { Phrasing, Unseen } from "./phrasing.ts";

/** `head`, and the sender's own words after a colon where there are any. */
const withWords =
  (head: string, ...names: string[]) =>
  (event: StoredEvent) => {
    const words = textIn(event, ...names);
    return words === null ? head : `${head}: ${words}`;
  };
const withReason = (head: string) => withWords(head, "reason", "message", "summary");
const who = (event: StoredEvent) => textIn(event, "assignee") ?? event.agent_id;
const lesson = (event: StoredEvent) => textIn(event, "headline", "title", "lesson_id") ?? "";
const joined = (...parts: (string | null)[]) =>
  parts.filter((part) => part !== null && part !== "").join(", ");

function progress(event: StoredEvent): string {
  const fraction = numberIn(event, "progress");
  const percent = numberIn(event, "percent") ?? (fraction === null ? null : fraction * 100);
  return joined(
    percent === null ? "progress" : `${String(Math.round(percent))}% done`,
    textIn(event, "message"),
  );
}

function test(word: string): (event: StoredEvent) => string {
  return (event) => {
    const passed = numberIn(event, "passed");
    const failed = numberIn(event, "failed");
    const name = textIn(event, "suite", "name") ?? "tests";
    if (passed === null && failed === null) return `${name} ${word}`;
    return `${name}: ${joined(passed === null ? null : `${String(passed)} passed`, failed === null ? null : `${String(failed)} failed`)}`;
  };
}

function coverage(head: string): (event: StoredEvent) => string {
  return (event) => {
    const percent = numberIn(event, "coverage_percent");
    return percent === null ? head : `${head}: ${percent.toFixed(1)}%`;
  };
}

function tokens(event: StoredEvent, unseen: Unseen): string {
  const cost = numberIn(event, "cost_usd");
  const source = textIn(event, "cost_source");
  // A link that hides them, or a sender that never knew: no count is not a count of none.
  if (cost === null && COUNTED.every((name) => numberIn(event, name) === null))
    return joined(
      unseen.cost ? "amount and cost hidden by who shared this" : "amount and cost not told",
      textIn(event, "model"),
    );
  return joined(
    `${tokenText(tokensIn(event))} in`,
    `${tokenText(numberIn(event, "output_tokens") ?? 0)} out`,
    cost === null ? "cost unknown" : `${moneyText(cost)}${source === null ? "" : ` ${source}`}`,
    textIn(event, "model"),
  );
}

const INPUTS = ["input_tokens", "cache_read_tokens", "cache_write_tokens"];
const COUNTED = [...INPUTS, "output_tokens"];

function tokensIn(event: StoredEvent): number {
  return INPUTS.reduce((sum, name) => sum + (numberIn(event, name) ?? 0), 0);
}

function reported(event: StoredEvent): string {
  const hour = textIn(event, "hour")?.slice(0, 16).replace("T", " ");
  const calls = numberIn(event, "calls") ?? 0;
  return joined(
    `elsewhere in the hour from ${hour ?? "an unknown time"} UTC: ${String(numberIn(event, "events") ?? 0)} events`,
    calls === 0
      ? null
      : `${tokenText(tokensIn(event))} in, ${tokenText(numberIn(event, "output_tokens") ?? 0)} out`,
  );
}

function conflict(event: StoredEvent): string {
  const path = textIn(event, "path") ?? "a file";
  const holder = textIn(event, "holder_agent_id", "holder_task_id");
  return `${event.agent_id} waits on ${path}${holder === null ? "" : `, held by ${holder}`}`;
}

function blocked(event: StoredEvent): string {
  const by = listIn(event, "blocked_by");
  return joined(withReason("blocked")(event), by.length > 0 ? `by ${by.join(", ")}` : null);
}

export const SENTENCES: Record<SenderType | "model_assigned", Phrasing> = {
  feature_requested: ["plan", withWords("feature requested", "title")],
  feature_planned: ["plan", withWords("feature planned", "title")],
  feature_started: ["status", withReason("work on the feature began")],
  feature_completed: ["status", withReason("feature completed")],
  feature_merged: ["merge", withReason("feature merged")],
  feature_abandoned: ["status", withReason("feature abandoned")],
  feature_reopened: ["status", withReason("feature reopened")],
  sprint_started: ["plan", withWords("sprint started", "title", "sprint_id")],
  sprint_ended: ["plan", withWords("sprint ended", "title", "sprint_id")],
  task_created: ["task", withWords("created", "title")],
  task_claimed: ["claim", (event) => `claimed by ${who(event)}`],
  task_started: ["status", (event) => `started by ${who(event)}`],
  task_progress: ["status", progress],
  task_blocked: ["status", blocked],
  task_unblocked: ["status", withReason("unblocked")],
  task_completed: ["status", withReason("completed")],
  task_failed: ["status", withReason("failed")],
  task_merged: ["merge", withReason("merged")],
  task_reopened: ["status", withReason("reopened")],
  agent_initialized: [
    "agent",
    (event) => joined(`${event.agent_id} is ready`, textIn(event, "role"), textIn(event, "model")),
  ],
  agent_heartbeat: ["agent", (event) => `${event.agent_id} is alive`],
  agent_reasoning_started: ["agent", withWords("thinking", "about")],
  agent_submitted: ["submit", withWords("work submitted", "summary")],
  agent_escalated: ["agent", withReason("asked another agent for help")],
  agent_idle: ["agent", (event) => `${event.agent_id} is idle`],
  agent_stopped: ["agent", (event) => `${event.agent_id} stopped`],
  agent_crashed: ["agent", (event) => withWords(`${event.agent_id} crashed`, "reason", "error")(event)],
  agent_recovered: ["agent", (event) => `${event.agent_id} recovered`],
  clarification_requested: ["help", withWords("clarification requested", "question")],
  tool_called: [
    "tool",
    (event) =>
      joined(
        textIn(event, "tool") ?? "a tool",
        textIn(event, "path", "command"),
        textIn(event, "error_type"),
      ),
  ],
  handoff: [
    "handoff",
    (event) =>
      `handed from ${textIn(event, "from_agent") ?? event.agent_id} to ${textIn(event, "to_agent") ?? "another agent"}`,
  ],
  review_requested: ["review", (event) => `waits for ${textIn(event, "reviewer") ?? "a reviewer"}`],
  reviewer_approved: [
    "review",
    (event) => withWords(`approved by ${textIn(event, "reviewer") ?? event.agent_id}`, "summary")(event),
  ],
  reviewer_changes_requested: [
    "review",
    (event) => withReason(`changes requested by ${textIn(event, "reviewer") ?? event.agent_id}`)(event),
  ],
  reviewer_rejected: [
    "review",
    (event) => withReason(`rejected by ${textIn(event, "reviewer") ?? event.agent_id}`)(event),
  ],
  coder_resubmitted: ["submit", withWords("resubmitted", "changes", "summary")],
  tokens_used: ["tokens", tokens],
  context_window_filled: ["tokens", () => "context window filled"],
  file_locked: ["lock", (event) => `acquired ${textIn(event, "path") ?? "a file"}`],
  file_unlocked: ["lock", (event) => `released ${textIn(event, "path") ?? "a file"}`],
  lock_conflict: ["lock", conflict],
  usage_reported: ["tokens", reported],
  test_passed: ["test", test("passed")],
  test_failed: ["test", test("failed")],
  lint_passed: ["check", () => "lint passed"],
  lint_error_found: ["check", withWords("lint error", "message", "rule")],
  coverage_measured: ["test", coverage("coverage measured")],
  coverage_increased: ["test", coverage("coverage increased")],
  integration_passed: ["test", withWords("integration passed", "name", "suite")],
  integration_failed: ["test", withWords("integration failed", "name", "suite", "reason")],
  bug_reported: ["check", withWords("bug reported", "title", "description")],
  escalated_to_user: ["help", withReason("a person is asked to look")],
  escalated_to_board: ["help", withReason("the Board is asked to decide")],
  retry_budget_exhausted: ["help", withReason("no attempts are left")],
  human_intervened: ["person", withWords("a person stepped in", "action", "comment", "reason")],
  decision_recorded: ["choice", withWords("decided", "title", "rationale")],
  lesson_learned: ["note", (event) => `lesson learned: ${lesson(event)}`],
  lesson_retrieved: ["note", (event) => `lesson retrieved: ${lesson(event)}`],
  lesson_withheld: ["note", (event) => `lesson withheld: ${lesson(event)}`],
  lesson_applied: ["note", (event) => `lesson applied: ${lesson(event)}`],
  lesson_rated: ["note", (event) => `lesson rated: ${lesson(event)}`],
  lesson_quarantined: ["note", (event) => `lesson quarantined: ${lesson(event)}`],
  lesson_retired: ["note", (event) => `lesson retired: ${lesson(event)}`],
  model_assigned: [
    "model",
    (event) => `${textIn(event, "agent") ?? "an agent"} runs on ${textIn(event, "model") ?? "another model"}`,
  ],
};
