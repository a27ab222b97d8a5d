/** Why something broke, in the words of whoever found out: when it was closed, noted on the way, or reported. */
import type { Json, StoredEvent } from "../../../schema/event/event.ts";
import { byTask, textOf, type FeatureCase } from "./case.ts";
import { FINISHED, needless, noteOf } from "./closing.ts";
import type { Pattern } from "./pattern.ts";
import { workersOf } from "./vouch.ts";

/** How a person begins to say why something broke. */
const CAUSE =
  /\b(root[- ]cause|turned out|turns out|was caused by|lesson learned|the real (?:bug|problem|issue|failure)|actual (?:failure|cause))\b/i;
/** Of words that say where else to look, or that nobody knows yet. */
const ELSEWHERE = /\b(duplicate|superseded|moved to|same root cause|patrol cycle)\b/i;
const GUESSED =
  /\b(unknown|unclear|hypothesis|candidates?|suspects?|suspected|investigation|possibly|probably|likely|may have|might|appears|seems|either|alternatively|tbd|find (?:the|out|root)|root[- ]cause fixed|nudged)\b|\bproblem:|\?$/i;
/** It speaks of something that was said before it, or names what it is the cause of and not what it is. */
const POINTING = /^\W*(?:(?:this|that|these|it|which)\b|root[- ]cause of (?!.*(?::|\b(?:is|was|were)\b)))/i;
const LEAST_CHARS = 40;

/** Root causes that were written down about work that was finished. */
export function causes({ events, tasks, feature }: FeatureCase): Pattern[] {
  const known = new Map(tasks.map((task) => [task.id, task]));
  const found: Pattern[] = [];
  for (const [task_id, own] of byTask(events)) {
    const task = task_id === null ? feature : known.get(task_id);
    const workers = workersOf(own);
    const closings = own.filter(({ event_type }) => FINISHED.has(event_type));
    const last = closings.at(-1);
    // What anybody may say after it takes nothing from the words of who took part.
    const closed = closings.findLast(({ key_id }) => workers.has(key_id)) ?? last;
    // Without a title nobody could tell when to think of it.
    if (closed === undefined || needless(closed) !== null || !task?.title) continue;
    // Closing words know the most; what was noted on the way knows more than the report. First the
    // words of those who took part.
    const told = [
      ...wordsOf([...new Set([closed, last ?? closed])], "when it was closed", ["reason", "summary"]),
      ...own.toReversed().flatMap((event) => said(event, "while it was worked on", noteOf(event))),
      ...(task.kind === "bug" ? wordsOf(own.filter(isReport), "when it was reported", ["description"]) : []),
    ].sort((a, b) => Number(workers.has(b.event.key_id)) - Number(workers.has(a.event.key_id)));
    for (const { event, when, words } of told) {
      const is_unvouched = !workers.has(event.key_id);
      const cause = causeIn(words);
      if (cause === null) continue;
      found.push({
        kind: "cause",
        is_good: false,
        tasks: task_id === null ? [] : [task_id],
        evidence: [...new Set([event.seq, closed.seq])].sort((a, b) => a - b),
        effect: { value: 1, usual: null, unit: "times", samples: null },
        facts: { title: task.title, cause, said: when },
        time_ms: null,
        ...(is_unvouched ? { is_unvouched } : {}),
      });
      break;
    }
  }
  return found;
}

const isReport = ({ event_type }: StoredEvent): boolean =>
  event_type === "task_created" || event_type === "feature_requested";

interface Told {
  event: StoredEvent;
  when: string;
  words: string;
}

const said = (event: StoredEvent, when: string, words: Json | null | undefined): Told[] =>
  typeof words === "string" ? [{ event, when, words }] : [];

const wordsOf = (events: readonly StoredEvent[], when: string, fields: readonly string[]): Told[] =>
  events.flatMap((event) => fields.flatMap((field) => said(event, when, event.metadata?.[field])));

/** The sentence that says why; under a heading that only announces it, the one after it. */
export function causeIn(told: string): string | null {
  if (ELSEWHERE.test(told)) return null;
  const sentences = told
    .split(/(?<=[.!?])\s+(?=[\p{Lu}\d"`(])|\n+/u)
    .map((part) => part.replace(/^[\s#>*-]+|\*\*/gu, "").trim())
    .filter((part) => part !== "");
  for (const [index, sentence] of sentences.entries()) {
    if (!CAUSE.test(sentence) || GUESSED.test(sentence) || POINTING.test(sentence)) continue;
    const is_heading = sentence.length < LEAST_CHARS && !/[.!]$/u.test(sentence);
    const next = sentences[index + 1] ?? "";
    if (is_heading && (GUESSED.test(next) || POINTING.test(next))) continue;
    const text = textOf(is_heading ? `${sentence.replace(/:$/u, "")}: ${next}` : sentence);
    // One that ends with a colon announces what is not in it.
    if (text !== null && text.length >= LEAST_CHARS && !text.endsWith(":")) return text;
  }
  return null;
}
