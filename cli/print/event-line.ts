/**
 * One event on one line of a terminal: its sentence is the dashboard's own, its glyph tells what became of the work.
 *
 *   [14:23:28] ▶ coder-a (coder)  TASK-1  started by coder-a
 *   [14:23:40] ◔ coder-a          TASK-1  [████░░░░░░] 40% done
 *   [14:24:01] $ coder-a          TASK-1  12.3 k in, 480 out, $0.01 reported, claude-sonnet-5 · 3.2s
 */
import { describeEvent } from "../../schema/event/describe/describe.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { KnownType } from "../../schema/event/type.ts";
import { bar, clean } from "./terminal.ts";

/** Types that are not named here have a dot. */
const GLYPHS: { [T in KnownType]?: string } = {
  feature_requested: "✦",
  feature_planned: "✦",
  feature_started: "✦",
  feature_completed: "✔",
  feature_merged: "✔",
  feature_abandoned: "✖",
  feature_reopened: "↻",
  task_created: "+",
  task_claimed: "→",
  task_started: "▶",
  task_progress: "◔",
  task_blocked: "⏸",
  task_unblocked: "▶",
  task_completed: "✔",
  task_failed: "✖",
  task_merged: "✔",
  task_reopened: "↻",
  agent_submitted: "◇",
  agent_crashed: "✖",
  review_requested: "◇",
  reviewer_approved: "✔",
  reviewer_changes_requested: "↻",
  reviewer_rejected: "✖",
  coder_resubmitted: "◇",
  tokens_used: "$",
  test_passed: "✔",
  test_failed: "✖",
  lint_passed: "✔",
  lint_error_found: "✖",
  integration_passed: "✔",
  integration_failed: "✖",
  file_locked: "■",
  file_unlocked: "□",
  lock_conflict: "!",
  escalated_to_user: "!",
  escalated_to_board: "!",
  retry_budget_exhausted: "!",
  decision_recorded: "◆",
  lesson_learned: "◆",
};
/** A Map, because names are hostile text: `constructor` is a legal event type. */
const GLYPH_OF: ReadonlyMap<string, string> = new Map(Object.entries(GLYPHS));

const DIM = "\u001b[2m";
const RESET = "\u001b[0m";

export function eventLine(event: StoredEvent, colour: boolean): string {
  const when = new Date(event.timestamp);
  const clock = [when.getHours(), when.getMinutes(), when.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  const time = colour ? `${DIM}[${clock}]${RESET}` : `[${clock}]`;
  const glyph = GLYPH_OF.get(event.event_type) ?? "·";
  const role = event.agent_role === undefined ? "" : ` (${clean(event.agent_role, 24)})`;
  const agent = (clean(event.agent_id, 40) + role).padEnd(22);
  const subject = clean(event.task_id ?? event.feature_id ?? "", 40).padEnd(12);
  return `${time} ${glyph} ${agent}  ${subject}  ${sentence(event)}`;
}

/** The longest sentence, in characters: two lines of a wide terminal. */
const MAX_SENTENCE_CHARS = 240;

function sentence(event: StoredEvent): string {
  const text = clean(describeEvent(event).text, MAX_SENTENCE_CHARS);
  const share = event.event_type === "task_progress" ? shareDone(event) : null;
  const drawn = share === null ? text : `${bar(share)} ${text}`;
  const duration_ms = event.metrics?.["duration_ms"];
  return duration_ms === undefined ? drawn : `${drawn} · ${(duration_ms / 1000).toFixed(1)}s`;
}

function shareDone({ metadata = {} }: StoredEvent): number | null {
  const { progress, percent } = metadata;
  if (typeof progress === "number") return progress;
  return typeof percent === "number" ? percent / 100 : null;
}
