/** What lessons do, for people at a terminal: each with its bounds, or with what is missing to say it. */
import type { LessonEffectInfo, LessonEffectsResponse, Lift } from "../../schema/wire/lesson-effect.ts";
import { table } from "./query-table.ts";
import { clean } from "./terminal.ts";

const MAX_ID_CHARS = 60;
const HEAD = ["lesson", "verdict", "tasks", "with", "without", "success", "tokens", "time", "rounds"];
const LEFT = new Set([0, 1]);

export function effectTable({ overall, lessons, excluded, waiting, is_full }: LessonEffectsResponse): string {
  if (lessons.length === 0)
    return "No coin was tossed yet: lessons are drawn for tasks that ask for their context.";
  const rows = [
    row("all together", overall),
    ...lessons
      .toSorted((a, b) => b.tasks - a.tasks)
      .map((lesson) => row(clean(lesson.lesson_id, MAX_ID_CHARS), lesson)),
  ];
  const { delivered, searched, lifts } = overall;
  const { handed, withheld } = lifts.success;
  return [
    table(HEAD, rows, LEFT),
    "",
    "With a lesson against without it, by the coin alone; in brackets bounds that hold at every look.",
    `Of ${handed} tasks that were to get one ${delivered} were answered in time; of ${withheld} without it ${searched} found it by a search.`,
    ...(waiting === 0 ? [] : [`Draws that do not count yet, as a task is open: ${waiting}.`]),
    ...(excluded === 0 ? [] : [`Left out, since no coin was tossed or the task is gone: ${excluded}.`]),
    ...(is_full ? ["As many draws as are kept: no coin is tossed any more, all that fits is given."] : []),
  ].join("\n");
}

function row(name: string, { verdict, tasks, lifts }: LessonEffectInfo): string[] {
  const { handed, withheld } = lifts.success;
  const { success, tokens, work, cycles } = lifts;
  return [
    ...[name, verdict, String(tasks), String(handed), String(withheld)],
    ...[told(success, points, " points"), told(tokens, percent, " %")],
    ...[told(work, percent, " %"), told(cycles, rounds, "")],
  ];
}

/** Nothing is said where an arm is empty: its bounds are all that there is. */
function told({ estimate, low, high }: Lift, words: (value: number) => string, unit: string): string {
  if (estimate === null) return "unknown";
  return `${words(estimate)}${unit} [${words(low)}, ${words(high)}]`;
}

const points = (share: number): string => signed(Math.round(share * 100));
/** A ratio has no upper end; thousands of per cent say that nothing is known. */
const percent = (ratio: number): string => (ratio > 9.99 ? "> +999" : points(ratio));
const rounds = (count: number): string => signed(Math.round(count * 10) / 10);

function signed(value: number): string {
  if (value === 0) return "0";
  return value > 0 ? `+${value}` : `−${-value}`;
}
