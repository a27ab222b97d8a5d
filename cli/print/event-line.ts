/**
 * One event on one line of a terminal:
 *
 *   [14:23:28] ▶ coder-a (coder)  TASK-1  started
 *   [14:23:40] ◔ coder-a          TASK-1  [████░░░░░░] 40%
 *   [14:24:01] $ coder-a          TASK-1  claude-sonnet-5, 12.3k in, 480 out, $0.01 · 3.2s
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import { bar, clean, count } from "./terminal.ts";

/** Event type → glyph and verb; others show their own name. */
const WORDS: Record<string, [glyph: string, words: string]> = {
  feature_requested: ["✦", "feature requested"],
  feature_planned: ["✦", "feature planned"],
  feature_started: ["✦", "feature started"],
  feature_completed: ["✔", "feature completed"],
  feature_merged: ["✔", "feature merged"],
  feature_abandoned: ["✖", "feature abandoned"],
  task_created: ["+", "created"],
  task_claimed: ["→", "claimed"],
  task_started: ["▶", "started"],
  task_progress: ["◔", ""],
  task_blocked: ["⏸", "blocked"],
  task_unblocked: ["▶", "unblocked"],
  task_completed: ["✔", "done"],
  task_failed: ["✖", "failed"],
  task_merged: ["✔", "merged"],
  task_reopened: ["↻", "reopened"],
  agent_submitted: ["◇", "submitted for review"],
  review_requested: ["◇", "review requested"],
  reviewer_approved: ["✔", "approved"],
  reviewer_changes_requested: ["↻", "changes requested"],
  reviewer_rejected: ["✖", "rejected"],
  coder_resubmitted: ["◇", "resubmitted"],
  tokens_used: ["$", ""],
  tool_called: ["·", "tool"],
  test_passed: ["✔", "tests passed"],
  test_failed: ["✖", "tests failed"],
  lint_passed: ["✔", "lint passed"],
  lint_error_found: ["✖", "lint errors"],
  file_locked: ["■", "locked"],
  file_unlocked: ["□", "unlocked"],
  lock_conflict: ["!", "waits for"],
  escalated_to_user: ["!", "asks for a person"],
  escalated_to_board: ["!", "asks the Board"],
  retry_budget_exhausted: ["!", "retry budget exhausted"],
  decision_recorded: ["◆", "decided"],
  lesson_learned: ["◆", "lesson"],
};

const DIM = "\u001b[2m";
const RESET = "\u001b[0m";

export function eventLine(event: StoredEvent, colour: boolean): string {
  const [glyph, words] = WORDS[event.event_type] ?? ["·", clean(event.event_type, 64)];
  const when = new Date(event.timestamp);
  const clock = [when.getHours(), when.getMinutes(), when.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  const role = event.agent_role === undefined ? "" : ` (${clean(event.agent_role, 24)})`;
  const subject = clean(event.task_id ?? event.feature_id ?? "", 40);
  const parts = [words, ...details(event)].filter((part) => part !== "");
  const time = colour ? `${DIM}[${clock}]${RESET}` : `[${clock}]`;
  return `${time} ${glyph} ${(clean(event.agent_id, 40) + role).padEnd(22)}  ${subject.padEnd(12)}  ${parts.join(", ")}`.trimEnd();
}

function details(event: StoredEvent): string[] {
  const { metadata = {}, metrics = {} } = event;
  const out: string[] = [];
  const text = (key: string, limit = 120): void => {
    const value = metadata[key];
    if (typeof value === "string" && value !== "") out.push(clean(value, limit));
  };
  text("title");
  if (event.event_type === "task_progress") {
    const share =
      typeof metadata["progress"] === "number"
        ? metadata["progress"]
        : typeof metadata["percent"] === "number"
          ? metadata["percent"] / 100
          : null;
    if (share !== null) out.push(bar(share));
  }
  for (const key of ["model", "tool", "name", "path", "reason", "message", "headline"]) text(key);
  const input =
    (metrics["input_tokens"] ?? 0) +
    (metrics["cache_read_tokens"] ?? 0) +
    (metrics["cache_write_tokens"] ?? 0);
  if (input > 0) out.push(`${count(input)} in`);
  if (metrics["output_tokens"] !== undefined) out.push(`${count(metrics["output_tokens"])} out`);
  if (metrics["passed"] !== undefined) out.push(`${metrics["passed"]} passed`);
  if (metrics["failed"] !== undefined) out.push(`${metrics["failed"]} failed`);
  if (metrics["cost_usd"] !== undefined) {
    const usd = metrics["cost_usd"];
    out.push(
      `${metadata["cost_source"] === "priced" ? "~" : ""}$${usd >= 0.01 ? usd.toFixed(2) : usd.toPrecision(2)}`,
    );
  } else if (event.event_type === "tokens_used") out.push("cost unknown");
  if (metrics["duration_ms"] !== undefined) out.push(`${(metrics["duration_ms"] / 1000).toFixed(1)}s`);
  return out;
}
