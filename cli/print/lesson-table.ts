/** Lessons for people at a terminal. Names and words come from events and are cleaned (P2). */
import type {
  Lesson,
  LessonAcceptedResponse,
  LessonSearchResponse,
  LessonsQuarantinedResponse,
  LessonsReindexedResponse,
  LessonsResponse,
} from "../../schema/wire/lesson.ts";
import { table } from "./query-table.ts";
import { clean } from "./terminal.ts";

const SHOWN_HEADLINE_CHARS = 80;
const MAX_ID_CHARS = 60;
const HEAD = ["lesson", "status", "category", "imp.", "helped", "harmed", "given", "held back", "headline"];
const LEFT = new Set([0, 1, 2, 8]);
/** Whose count it is: of what senders say that they retrieved, nobody drew who is given it, so it measures nothing. */
const COUNTED =
  "Given and held back: by Clusterfork itself. What senders report as lesson_retrieved is in the log alone.";

export function lessonTable({ lessons, next }: LessonsResponse): string {
  if (lessons.length === 0) return "No lessons.";
  const rows = lessons.map((lesson) => [
    clean(lesson.id, MAX_ID_CHARS),
    lesson.status,
    lesson.category,
    String(lesson.importance),
    ...[lesson.helpful, lesson.harmful, lesson.delivered, lesson.withheld].map(String),
    clean(lesson.headline, SHOWN_HEADLINE_CHARS),
  ]);
  return [table(HEAD, rows, LEFT), "", COUNTED, ...(next === null ? [] : ["There are older ones."])].join(
    "\n",
  );
}

export function searchTable({ hits, left_out, semantic }: LessonSearchResponse): string {
  const lines = hits.flatMap(({ rank, why, lesson }) => [
    `${rank}. ${clean(lesson.headline, SHOWN_HEADLINE_CHARS)}  [${clean(lesson.id, MAX_ID_CHARS)}]`,
    `   ${clean(why)}`,
  ]);
  const { unrelated, alike, over_budget } = left_out;
  const left = unrelated + alike + over_budget;
  return [
    ...(hits.length === 0 ? ["No lesson is about that."] : lines),
    ...(left === 0
      ? []
      : [
          "",
          `Left out: ${unrelated} about something else, ${alike} that say the same, ${over_budget} too long.`,
        ]),
    ...(semantic ? [] : ["Meaning could not be compared: found by words alone."]),
  ].join("\n");
}

/** What was said of one, and what becomes of it. */
export function acceptedText({ id, status, next }: LessonAcceptedResponse): string {
  return `${clean(id, MAX_ID_CHARS)}: ${status}. ${clean(next)}`;
}

export function quarantinedText({ lessons }: LessonsQuarantinedResponse): string {
  if (lessons.length === 0) return "Nothing is given out that this key taught.";
  const names = lessons.map((id) => clean(id, MAX_ID_CHARS)).join(", ");
  return `In a moment nobody is given these, until somebody approves them: ${names}.`;
}

export function reindexedText({ left }: LessonsReindexedResponse): string {
  return left === 0
    ? "Every lesson of the team has its vector."
    : `Vectors of ${left} lessons are being made; until then they are found by their words.`;
}

/** All that is known of one. */
export function lessonWhy(lesson: Lesson): string {
  const { provenance, evidence, status, reason, scope, flags } = lesson;
  const lines: [string, string | null][] = [
    ["headline", lesson.headline],
    ["explanation", lesson.explanation],
    ["when", lesson.context],
    ["status", reason === null ? status : `${status}: ${reason}`],
    ["shared", lesson.wants_team ? `${scope}; waits for approval to be the team's` : scope],
    ["flags", flags.length === 0 ? null : flags.join(", ")],
    ["said by", `${provenance.by} (${provenance.kind}), events ${provenance.seqs.join(", ")}`],
    ["evidence", evidence.length === 0 ? null : `events ${evidence.join(", ")}`],
    ["task", lesson.source_task],
    ["feature", lesson.source_feature],
    ["importance", `${lesson.importance} of 10, learned ${lesson.times} times`],
    ["effect", `helped ${lesson.helpful}, did harm ${lesson.harmful}, applied ${lesson.applied}`],
    ["trial", `given to ${lesson.delivered}, held back from ${lesson.withheld}`],
  ];
  const known = lines.filter((line): line is [string, string] => line[1] !== null);
  return known.map(([name, text]) => `${name.padEnd(12)}${clean(text)}`).join("\n");
}
