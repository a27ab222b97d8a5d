/** Work that was called done and was opened again: what was missing, and whether its closing had said what was done. */
import { eventTime, type StoredEvent } from "../../../schema/event/event.ts";
import { binomialAtMost } from "../../../schema/metric/statistic/binomial.ts";
import { byTask, textOf, type FeatureCase } from "./case.ts";
import { closingWords, FINISHED, needless, noteOf, OPENED } from "./closing.ts";
import { evidenceOf, type Pattern } from "./pattern.ts";

const TROUBLE = new Set(["bug_reported", "integration_failed"]);

interface Reopened {
  task_id: string | null;
  closed: StoredEvent | undefined;
  again: StoredEvent[];
  mended: StoredEvent | undefined;
  own: readonly StoredEvent[];
}

export function reopenings(one: FeatureCase): Pattern[] {
  const opened = reopenedIn(one.events);
  return [...opened.map((each) => patternOf(each, one)), ...wordless(opened, one.events)];
}

function reopenedIn(events: readonly StoredEvent[]): Reopened[] {
  const found: Reopened[] = [];
  for (const [task_id, own] of byTask(events)) {
    const ends = own.filter(({ event_type }) => FINISHED.has(event_type) || OPENED.has(event_type));
    const again = ends.filter(
      ({ event_type }, index) => OPENED.has(event_type) && FINISHED.has(ends[index - 1]?.event_type ?? ""),
    );
    const [first] = again;
    if (first === undefined) continue;
    const last = ends.findLast(({ event_type }) => FINISHED.has(event_type));
    const mended = last !== undefined && last.seq > first.seq ? last : undefined;
    found.push({ task_id, closed: ends[ends.indexOf(first) - 1], again, mended, own });
  }
  return found;
}

function patternOf({ task_id, closed, again, mended, own }: Reopened, one: FeatureCase): Pattern {
  const first = again[0]?.seq ?? 0;
  const trouble = own.findLast(({ event_type, seq }) => TROUBLE.has(event_type) && seq < first);
  // From then on: what was still to be done.
  const noted = own.find((event) => event.seq >= first && noteOf(event) !== null);
  const claimed = closed === undefined ? null : textOf(closed.metadata?.["reason"]);
  const why =
    textOf(trouble?.metadata?.["title"]) ??
    textOf(trouble?.metadata?.["error"]) ??
    textOf(again[0]?.metadata?.["reason"]);
  const missing =
    (mended === undefined ? null : closingWords(mended)) ??
    (noted === undefined ? null : textOf(noteOf(noted) ?? undefined)) ??
    textOf(mended?.metadata?.["reason"]);
  // What was claimed and what it came to: where one of them says nothing, nobody knows what differed.
  const differed =
    closed === undefined || closingWords(closed) === null || mended === undefined || needless(mended) !== null
      ? null
      : substance(missing);
  return {
    kind: "reopened",
    is_good: false,
    tasks: task_id === null ? [] : [task_id],
    evidence: evidenceOf([closed, trouble, ...again, noted, mended].flatMap((event) => event?.seq ?? [])),
    effect: { value: again.length, usual: null, unit: "times", samples: null },
    facts: {
      title:
        (task_id === null ? one.feature.title : one.tasks.find(({ id }) => id === task_id)?.title) ||
        (task_id ?? one.feature.id),
      ...(claimed === null ? {} : { claimed }),
      ...(why === null ? {} : { reason: why }),
      ...(missing === null || missing === claimed ? {} : { missing }),
      ...(differed === null || missing === claimed ? {} : { differed }),
    },
    time_ms: mended === undefined || again[0] === undefined ? null : eventTime(mended) - eventTime(again[0]),
  };
}

/** That something was merged says where it is, not what it was. */
const WHERE = /^\W*(?:direct(?:ly)? )?(?:merged?|pushed|landed|shipped|committed)\b/i;
const LEAST_CHARS = 30;

const substance = (words: string | null): string | null =>
  words === null || words.length < LEAST_CHARS || WHERE.test(words) ? null : words;

/** Tasks that were opened again though they had been closed without a word. */
const LEAST_WORDLESS = 3;
/** Closings that stayed closed, by which is told how usual it is to say nothing. */
const LEAST_OTHERS = 30;
/** Chance of so many, were they as silent as all the others. */
const MAX_CHANCE = 0.005;

function wordless(opened: readonly Reopened[], events: readonly StoredEvent[]): Pattern[] {
  const again = new Set(opened.map(({ task_id }) => task_id));
  const others = events.filter(
    ({ event_type, task_id }) => FINISHED.has(event_type) && task_id !== undefined && !again.has(task_id),
  );
  const closed = opened.flatMap(({ closed, task_id }) => (task_id === null || !closed ? [] : [closed]));
  const silent = closed.filter((event) => closingWords(event) === null);
  if (silent.length < LEAST_WORDLESS || others.length < LEAST_OTHERS) return [];
  const usual = (others.filter((event) => closingWords(event) === null).length + 1) / (others.length + 1);
  if (1 - binomialAtMost(silent.length - 1, closed.length, Math.min(1, usual)) > MAX_CHANCE) return [];
  return [
    {
      kind: "wordless",
      is_good: false,
      tasks: silent.flatMap(({ task_id }) => task_id ?? []),
      evidence: evidenceOf(silent.map(({ seq }) => seq)),
      effect: {
        value: silent.length,
        usual: usual * closed.length,
        unit: "times",
        samples: closed.length,
      },
      facts: { usual_share: usual },
      time_ms: null,
    },
  ];
}
