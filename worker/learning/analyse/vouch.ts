/**
 * Who took part in a piece of work, and may say what became of it. What anybody else says of it somebody has to look at first: any
 * key of the project may tell of any task.
 *
 *   events by task ─▶ keys that took part before it was first finished ─▶ their events alone ─▶ what may be taught at once
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { byTask, type FeatureCase } from "./case.ts";
import { FINISHED } from "./closing.ts";
import type { Pattern } from "./pattern.ts";

/** What a key says of work that it takes part in. */
const TAKES_PART =
  /^(?:feature_requested|feature_planned|feature_started|task_created|task_claimed|task_started|task_progress|agent_submitted|coder_resubmitted|review_requested|reviewer_\w+)$/;
/** What else only shows at work: tests, lint, calls, and files that are held. */
const WORKS =
  /^(?:test_passed|test_failed|lint_error_found|tool_called|file_locked|lock_conflict|handoff|clarification_requested)$/;

/** Keys that took part in it before it was first finished. To say that it is finished is no part in it, unless that is all that is known. */
export function workersOf(own: readonly StoredEvent[]): ReadonlySet<string> {
  return before(own, ({ event_type }) => TAKES_PART.test(event_type));
}

/**
 * Of each piece of work what those say who took part in it; who took part in a task did in its feature. Whoever reports from
 * the work, as what runs its tests does, took part as well.
 */
function vouchedOf(events: readonly StoredEvent[]): StoredEvent[] {
  const workers = new Map(
    [...byTask(events)].map(([task_id, own]) => [
      task_id,
      before(own, ({ event_type }) => TAKES_PART.test(event_type) || WORKS.test(event_type)),
    ]),
  );
  const all = new Set([...workers.values()].flatMap((keys) => [...keys]));
  return events.filter(({ task_id, key_id }) =>
    (task_id === undefined ? all : workers.get(task_id))?.has(key_id),
  );
}

function before(
  own: readonly StoredEvent[],
  takesPart: (event: StoredEvent) => boolean,
): ReadonlySet<string> {
  const first = own.filter(({ event_type }) => FINISHED.has(event_type)).map(({ seq }) => seq);
  const finished = Math.min(...first);
  const took_part = own.filter((event) => takesPart(event) && event.seq < finished);
  const unknown = own.filter(({ seq }) => finished === Infinity || seq === finished);
  return new Set((took_part.length > 0 ? took_part : unknown).map(({ key_id }) => key_id));
}

/** What `look` finds, and whether those who took part say it; what they said is said once, in their words. */
export function vouching(one: FeatureCase, look: (one: FeatureCase) => Pattern[]): Pattern[] {
  const events = vouchedOf(one.events);
  const told = look({ ...one, events });
  if (events.length === one.events.length) return told;
  const others = look(one).filter((pattern) => !told.some((own) => isSame(own, pattern)));
  return [...told, ...others.map((pattern) => ({ ...pattern, is_unvouched: true as const }))];
}

/** Kinds of which one tells all that is to be told of its tasks. */
const ONE_OF_TASKS: ReadonlySet<Pattern["kind"]> = new Set(["reopened", "wordless", "redone", "review"]);

function isSame(own: Pattern, other: Pattern): boolean {
  if (own.kind !== other.kind) return false;
  if (subjectOf(own) === subjectOf(other)) return true;
  return (
    ONE_OF_TASKS.has(own.kind) &&
    own.facts["why"] === other.facts["why"] &&
    (own.tasks.length === 0 ? other.tasks.length === 0 : own.tasks.some((id) => other.tasks.includes(id)))
  );
}

/** What it names, without how often. */
const subjectOf = ({ facts }: Pattern): string =>
  JSON.stringify(Object.entries(facts).filter(([, fact]) => typeof fact === "string"));
