/**
 * A pattern in the words of a lesson. Names, paths and comments come out of events: they stand between quotation marks,
 * cut to a line, and are data wherever a lesson is shown or handed over (P2).
 */
import type { LessonCategory } from "../../../schema/wire/lesson.ts";
import { durationWords } from "../../insight/forecast/words.ts";
import { fileType } from "../analyse/case.ts";
import { PATTERN_RULES, type Pattern, type PatternKind } from "../analyse/pattern.ts";
import type { LessonContext } from "./draft.ts";

export interface Written {
  category: LessonCategory;
  headline: string;
  explanation: string;
  context: string;
  tags: string[];
  /** Weight of the kind, before cost and frequency, 1 to 10. */
  importance: number;
  confidence: number;
  subject: string;
}

type Writer = (pattern: Pattern, context: LessonContext) => Written | null;

export const WRITERS: Readonly<Record<PatternKind, Writer>> = {
  // That it was slow says nothing of what to do: the report tells it.
  outlier: () => null,
  better: ({ facts, effect, kind }, context) => ({
    category: "optimization",
    headline: `${sentence(quoted(facts["title"]))} took ${ratio(effect)} of what ${text(facts["like"])} take: ${text(facts["trait"])}`,
    explanation: `${measureWords(facts["measure"])} ${amount(effect.value, effect.unit)} against a median of ${amount(effect.usual ?? 0, effect.unit)} over ${String(effect.samples ?? 0)} ${text(facts["like"])}. Of these ${percent(facts["trait_share"])} share that ${text(facts["trait"])}.`,
    context: `When you plan ${text(facts["like"])}${areaWords(context)}.`,
    tags: ["estimate", ...areas(context)],
    importance: 4,
    confidence: sure(kind, 0.6),
    subject: `${text(facts["like"])} ${text(facts["trait"])}`,
  }),
  review: ({ facts, effect, kind }, context) => {
    const category = facts["category"];
    if (category === undefined) return null;
    const said = [facts["comment_1"], facts["comment_2"]].filter((one) => one !== undefined).map(quoted);
    return {
      category: "pitfall",
      headline: `Check ${text(category)} before you ask for review: it is what reviewers send back${areaWords(context)}`,
      explanation: `${String(effect.value)} of ${text(facts["reviews"])} reviews that sent work back were about ${text(category)}${said.length === 0 ? "" : `, in the reviewers' words: ${said.join(", ")}`}.`,
      context: `Before handing in work${areaWords(context)}.`,
      tags: ["review", tag(text(category)), ...areas(context)],
      importance: 6,
      confidence: sure(kind),
      subject: `${text(category)} ${areas(context).join(" ")}`,
    };
  },
  retry: ({ facts, effect, kind }, context) => ({
    category: "pitfall",
    headline: `${sentence(quoted(facts["title"]))} used up its attempts: change the approach, or ask, before the last one`,
    explanation: `${times(effect.value)} tried${effect.usual === null ? "" : ` of ${String(effect.usual)} allowed`}${facts["error"] === undefined ? "" : `; what failed each time: ${quoted(facts["error"])}`}${facts["reason"] === undefined ? "" : `; given up because ${quoted(facts["reason"])}`}.`,
    context: `When a second attempt fails like the first${areaWords(context)}.`,
    tags: ["retry", ...areas(context)],
    importance: 7,
    confidence: sure(kind),
    subject: `${text(facts["error"] ?? facts["reason"] ?? facts["title"])}`,
  }),
  flaky: ({ facts, effect, kind }) => ({
    category: "pitfall",
    headline: `The test ${quoted(facts["test"])} is flaky: run it again before you change code for it`,
    explanation: `It turned between passed and failed ${times(effect.value)} with no commit, edit or submission between.`,
    context: "When this test fails, or when you touch what it covers: mend the test itself.",
    tags: ["test", "flaky"],
    importance: 6,
    confidence: sure(kind),
    subject: text(facts["test"]),
  }),
  contention: ({ facts, effect, kind, time_ms }) => ({
    category: "architecture",
    headline: `${quoted(facts["path"])} is wanted by several agents at once: let one task own its changes, or split it`,
    explanation: `${times(effect.value)} somebody was refused it while another held it${agents(facts["agents"])}${time_ms === null ? "" : `; they waited ${durationWords(time_ms)} together`}.`,
    context: `When you plan tasks that touch ${quoted(facts["path"])}: put them one after the other.`,
    tags: ["planning", "lock", ...tagsOfPath(text(facts["path"]))],
    importance: 5,
    confidence: sure(kind),
    subject: text(facts["path"]),
  }),
  context: ({ facts, effect, kind, tasks }, context) => ({
    category: "pitfall",
    headline: `Cut tasks${areaWords(context)} smaller: the context window was full before the work came back`,
    explanation: `In ${String(effect.value)} of ${String(effect.samples ?? tasks.length)} tasks the window was full${facts["used_tokens"] === undefined ? "" : ` (${Number(facts["used_tokens"]).toLocaleString("en")} tokens)`} before work failed or was sent back${Number(facts["failed"]) > 0 ? `, ${String(facts["failed"])} of them failed for good` : ""}.`,
    context: `When you plan work${areaWords(context)}.`,
    tags: ["planning", "context-window", ...areas(context)],
    importance: 5,
    confidence: sure(kind),
    subject: areas(context).join(" "),
  }),
  loop: ({ facts, effect, kind, time_ms }, context) => ({
    category: "pitfall",
    headline: `Stop when ${quoted(facts["tool"])} with the same arguments fails twice: repeating it led nowhere`,
    explanation: `${times(effect.value)} of ${String(effect.samples ?? effect.value)} calls were the same, with no commit and no changed test between${time_ms === null ? "" : `, for ${durationWords(time_ms)}`}.`,
    context: `When a call gives the same answer again${areaWords(context)}: read the error, change one thing, or ask.`,
    tags: ["loop", tag(text(facts["tool"])), ...areas(context)],
    importance: 6,
    confidence: sure(kind),
    subject: text(facts["tool"]),
  }),
  clarification: ({ facts, effect, kind, time_ms }, context) => ({
    category: "pitfall",
    headline: `Settle before work begins${areaWords(context)}: ${quoted(facts["question"])}`,
    explanation: `${facts["title"] === undefined ? "Work" : sentence(quoted(facts["title"]))} ${effect.value > 1 ? `and ${String(effect.value - 1)} more ` : ""}stopped for this question${facts["role"] === undefined ? "" : ` to the ${text(facts["role"])}`}${time_ms === null ? "" : ` and went on after ${durationWords(time_ms)}`}.`,
    context: `When you plan or describe work${areaWords(context)}: answer it in the description.`,
    tags: ["planning", "question", ...areas(context)],
    importance: 3,
    confidence: sure(kind),
    subject: text(facts["question"]),
  }),
  defect: ({ facts, effect, kind }, context) => ({
    category: "pitfall",
    headline: `${sentence(text(facts["what"]))} gather in ${text(facts["type"])} files${facts["rules"] === undefined ? "" : `: mind ${text(facts["rules"])}`}`,
    explanation: `${String(effect.value)} of ${String(effect.samples ?? effect.value)} were in ${text(facts["type"])} files, where their share of the files touched lets ${rounded(effect.usual ?? 0)} be expected.`,
    context: `When you touch ${text(facts["type"])} files${areaWords(context)}.`,
    tags: [tag(text(facts["what"])), tag(text(facts["type"])), ...areas(context)],
    importance: 6,
    confidence: sure(kind),
    subject: `${text(facts["what"])} ${text(facts["type"])}`,
  }),
  handoff: ({ facts, effect, kind }, context) => ({
    category: "pitfall",
    headline: `Work that ${quoted(facts["from"])} hands to ${quoted(facts["to"])} comes back: say when it is done, and what is missing`,
    explanation: `${times(effect.value)} a hand-over was handed back.`,
    context: `When you hand work over${areaWords(context)}.`,
    tags: ["handoff", ...areas(context)],
    importance: 5,
    confidence: sure(kind),
    subject: `${text(facts["from"])} ${text(facts["to"])}`,
  }),
  reopened: ({ facts, effect, kind, time_ms }, context) => {
    // Trackers close and open work for many reasons; only where one was told is there something to learn.
    const told = facts["reason"];
    if (told === undefined) return null;
    return {
      category: "pitfall",
      headline: `${sentence(quoted(facts["title"]))} was called done and opened again: ${quoted(told)}`,
      explanation: `${times(effect.value)} it was opened again after it had been closed${facts["claimed"] === undefined ? "" : ` as ${quoted(facts["claimed"])}`}${facts["missing"] === undefined ? "" : `; what closed it in the end: ${quoted(facts["missing"])}`}${time_ms === null ? "" : `, ${durationWords(time_ms)} later`}.`,
      context: `Before you close work like it${areaWords(context)}: check this first.`,
      tags: ["reopened", ...areas(context)],
      // Once is what happened to one piece of work; what comes back again and again is a habit.
      importance: effect.value > 1 ? 6 : 4,
      confidence: sure(kind),
      subject: text(told),
    };
  },
  cause: ({ facts, kind }, context) => ({
    category: "pitfall",
    headline: quoted(facts["cause"]),
    explanation: `Written down when ${quoted(facts["title"])} was closed.`,
    context: `When something like ${quoted(facts["title"])} breaks again${areaWords(context)}.`,
    tags: ["root-cause", ...areas(context)],
    importance: 5,
    confidence: sure(kind, 0.8),
    subject: text(facts["cause"]),
  }),
};

/** Folders that most of the files lie in, two at most: where a lesson belongs. */
function areas({ files }: LessonContext): string[] {
  const counted = new Map<string, number>();
  for (const path of files) {
    const parts = path.split("/").slice(0, -1).slice(0, 2);
    if (parts.length > 0) counted.set(parts.join("/"), (counted.get(parts.join("/")) ?? 0) + 1);
    const type = fileType(path);
    if (type !== null) counted.set(type, (counted.get(type) ?? 0) + 1);
  }
  return [...counted]
    .filter(([, count]) => count * 2 > files.length)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, 2)
    .map(([area]) => tag(area));
}

function areaWords(context: LessonContext): string {
  const [area] = areas(context);
  return area === undefined ? "" : ` in ${quoted(area)}`;
}

const tagsOfPath = (path: string): string[] => {
  const type = fileType(path);
  return type === null ? [] : [tag(type)];
};

/** A tag has no more characters than these. */
const MAX_TAG_CHARS = 40;
const tag = (text: string): string => text.toLowerCase().replace(/\s+/gu, "-").slice(0, MAX_TAG_CHARS);

const text = (fact: string | number | undefined): string => (fact === undefined ? "" : String(fact));
/** What is quoted cannot end its quotation. */
const quoted = (fact: string | number | undefined): string => `“${text(fact).replace(/[“”]/gu, '"')}”`;
const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
const times = (count: number): string => (count === 1 ? "Once" : `${count.toLocaleString("en")} times`);
const agents = (count: string | number | undefined): string =>
  Number(count) > 1 ? `, ${String(count)} agents in all` : "";
const rounded = (value: number): string => (Math.round(value * 10) / 10).toLocaleString("en");
const percent = (share: string | number | undefined): string => `${rounded(Number(share ?? 0) * 100)} %`;
const ratio = ({ value, usual }: Pattern["effect"]): string =>
  usual === null || usual <= 0 ? "less" : percent(value / usual);

function amount(value: number, unit: Pattern["effect"]["unit"]): string {
  if (unit === "ms") return durationWords(value);
  if (unit === "usd") return `$${value.toFixed(2)}`;
  return `${Math.round(value).toLocaleString("en")} ${unit}`;
}
const measureWords = (measure: string | number | undefined): string =>
  measure === "work" ? "It was worked on for" : measure === "cost" ? "It cost" : "It used";

/** One less the rate at which the rule speaks of ordinary work, and less where a cause is only guessed. */
const sure = (kind: PatternKind, guess = 1): number => (1 - PATTERN_RULES[kind].false_alarm) * guess;
