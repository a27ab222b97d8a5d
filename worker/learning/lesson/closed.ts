/** Lessons from how work was closed: opened again, done twice, and why it broke. */
import { durationWords } from "../../insight/forecast/words.ts";
import {
  areas,
  areaWords,
  MAX_CAUSE_CHARS,
  percent,
  quoted,
  short,
  sure,
  text,
  times,
  type Writer,
} from "./phrase.ts";

export const CLOSED_WRITERS = {
  reopened: ({ facts, effect, kind, time_ms }, context) => {
    // Trackers close and open work for many reasons; only where one was told is there something to learn.
    const told = facts["reason"] ?? facts["differed"];
    if (told === undefined) return null;
    const { claimed, missing } = facts;
    return {
      category: "pitfall",
      headline: `Before you close work like ${quoted(short(facts["title"]))}, check: ${quoted(short(told, MAX_CAUSE_CHARS))}`,
      explanation: `${times(effect.value)} it was opened again after it had been closed${claimed === undefined ? "" : ` as ${quoted(claimed)}`}${missing === undefined || missing === told ? "" : `; what closed it in the end: ${quoted(missing)}`}${time_ms === null ? "" : `, ${durationWords(time_ms)} later`}.`,
      context: `Before you close work like it${areaWords(context)}.`,
      tags: ["reopened", ...areas(context)],
      // Once is what happened to one piece of work; what comes back again and again is a habit.
      importance: effect.value > 1 ? 6 : 4,
      confidence: sure(kind, facts["reason"] === undefined ? 0.7 : 1),
      subject: text(told),
    };
  },
  wordless: ({ facts, effect, kind }, context) => ({
    category: "pitfall",
    headline: `Say what was done, and how you know, when you close a task${areaWords(context)}: those closed without a word are opened again`,
    explanation: `${String(effect.value)} of ${String(effect.samples ?? effect.value)} tasks that were opened again had been closed without a word; of all others ${percent(facts["usual_share"])}.`,
    context: `Before you close a task${areaWords(context)}.`,
    tags: ["reopened", "closing", ...areas(context)],
    importance: 6,
    confidence: sure(kind),
    subject: areas(context).join(" "),
  }),
  cause: ({ facts, kind }, context) => ({
    category: "pitfall",
    headline: `When something like ${quoted(short(subjectOf(facts["title"])))} breaks, look here first: ${quoted(short(facts["cause"], MAX_CAUSE_CHARS))}`,
    explanation: `Of ${quoted(facts["title"])} it was written ${text(facts["said"] ?? "when it was closed")}: ${quoted(facts["cause"])}.`,
    context: `When something like ${quoted(short(facts["title"]))} breaks again${areaWords(context)}.`,
    tags: ["root-cause", ...areas(context)],
    importance: 5,
    confidence: sure(kind, 0.8),
    subject: text(facts["cause"]),
  }),
  redone: ({ facts, effect, kind, time_ms }, context) => {
    const is_duplicate = facts["why"] === "duplicate";
    const all = String(effect.samples ?? effect.value);
    return {
      category: "pitfall",
      headline: is_duplicate
        ? `Search open and closed work before you file a task${areaWords(context)}: ${String(effect.value)} of ${all} were closed as duplicates`
        : `Look whether it is done already before you begin${areaWords(context)}: ${String(effect.value)} of ${all} tasks had nothing left to do`,
      explanation: `${is_duplicate ? "Filed twice" : "Taken up again"}, for example: ${quoted(facts["title"])}, closed as ${quoted(facts["said"])}${time_ms === null ? "" : `. From claim to closing they took ${durationWords(time_ms)} together`}.`,
      context: is_duplicate
        ? "When you are about to file a task."
        : "When you are given a task, before you change anything.",
      tags: [is_duplicate ? "duplicate" : "redone", ...areas(context)],
      importance: 6,
      confidence: sure(kind, 0.9),
      subject: `${text(facts["why"])} ${areas(context).join(" ")}`,
    };
  },
  recurrence: ({ facts, effect, kind }, context) => {
    const { test, mended } = facts;
    return {
      category: "pitfall",
      headline:
        mended === undefined
          ? `Look for ${quoted(test)} in open and closed work before you file it: it was filed ${String(effect.value)} times`
          : `Find out why the last fix of ${quoted(test)} did not hold before you write the next: it came back ${String(mended)} times`,
      explanation: `${String(effect.value)} tasks name it in their titles${mended === undefined ? "" : `; after ${String(mended)} of them had been closed as finished it was filed again`}.`,
      context: `When ${quoted(test)} fails.`,
      tags: ["test", "recurrence", ...areas(context)],
      importance: mended === undefined ? 5 : 6,
      confidence: sure(kind),
      subject: text(test),
    };
  },
} as const satisfies Record<string, Writer>;

/** A title without what it begins with in trackers: what breaks is not called "Fix". */
const subjectOf = (title: string | number | undefined): string => {
  const line = text(title);
  const bare = line.replace(
    /^(?:\[[\w ]+\]\s*|(?:fix(?:e[ds])?|bug|critical|gh#\d+|p\d)(?:\([^)]*\))?:\s+|fix\s+)+/i,
    "",
  );
  return bare === "" ? line : bare;
};
