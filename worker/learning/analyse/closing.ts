/** What the words say with which work was closed. */
import { eventTime, type StoredEvent } from "../../../schema/event/event.ts";
import { textOf } from "./case.ts";

/** What closes work as finished; opened again after a failure it is a new attempt, and no surprise. */
export const FINISHED: ReadonlySet<string> = new Set([
  "task_completed",
  "task_merged",
  "feature_completed",
  "feature_merged",
]);

/** What opens closed work again. */
const OPENED: ReadonlySet<string> = new Set(["task_reopened", "feature_reopened"]);

/**
 * Without what was sent once more under another id: the same said by one key of the same work at the same instant is one, the
 * first. What another key says at that instant takes nobody's place.
 */
export function withoutResent(events: readonly StoredEvent[]): StoredEvent[] {
  const met = new Set<string>();
  return events.filter((event) => {
    const { event_type, task_id, feature_id, key_id } = event;
    if (!FINISHED.has(event_type) && !OPENED.has(event_type)) return true;
    const of = task_id === undefined ? ["feature", feature_id] : ["task", task_id];
    const key = JSON.stringify([event_type, eventTime(event), key_id, ...of]);
    const is_first = !met.has(key);
    met.add(key);
    return is_first;
  });
}

/** The words of a closing event; null where there are none, or none but that it is closed. */
export function closingWords({ metadata = {} }: StoredEvent): string | null {
  const words = textOf(metadata["reason"]) ?? textOf(metadata["summary"]);
  return words === null || EMPTY.test(words) ? null : words;
}
const EMPTY = /^\W*(?:closed?|done|completed?|fixed|finished|merged|implemented|ok|yes|n\/a)\W*$/i;

/** What somebody wrote down while work went on: agents say it as progress, trackers as notes and comments. */
export function noteOf({ event_type, metadata = {} }: StoredEvent): string | null {
  const note = event_type === "task_progress" ? metadata["message"] : metadata["text"];
  const is_note =
    event_type === "task_progress" ||
    event_type === "task_reopened" ||
    /\.(?:noted|commented)$/.test(event_type);
  return is_note && typeof note === "string" && note.trim() !== "" ? note : null;
}

const DUPLICATE = /\bduplicates?(?: of\b|:|$)|\bsame (?:issue|bug|task) as\b/i;
const DONE_ALREADY =
  /\balready (?:been )?(?:fixed|merged|done|implemented|completed|resolved|on main|in main)\b|\bno (?:code )?changes? (?:is |are |were )?(?:needed|required|necessary)\b/i;
/** Of rounds of inspection, which find nothing most of the time and are not meant to. */
const ROUND = /\b(?:patrol|cycle|heartbeat)\b/i;

/** Why closed work changed nothing; null where its words do not say so. */
export function needless(event: StoredEvent): "duplicate" | "done already" | null {
  const words = closingWords(event);
  if (words === null || ROUND.test(words)) return null;
  if (DUPLICATE.test(words)) return "duplicate";
  return DONE_ALREADY.test(words) ? "done already" : null;
}
