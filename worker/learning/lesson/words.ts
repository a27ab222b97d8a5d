/**
 * A pattern in the words of a lesson. Names, paths and comments come out of events: they stand between quotation marks,
 * cut to a line, and are data wherever a lesson is shown or handed over (P2).
 */
import { durationWords } from "../../insight/forecast/words.ts";
import type { PatternKind } from "../analyse/pattern.ts";
import { CLOSED_WRITERS } from "./closed.ts";
import {
  agents,
  amount,
  areas,
  areaWords,
  MAX_CAUSE_CHARS,
  measureWords,
  percent,
  quoted,
  ratio,
  rounded,
  sentence,
  short,
  sure,
  tag,
  tagsOfPath,
  text,
  times,
  type Writer,
} from "./phrase.ts";

/** Tasks of one feature that went much better for the same reason. */
const LEAST_ALIKE = 2;
/** Of the median, below which a time is none of the same kind of work. */
const LEAST_SHARE = 0.05;

export const WRITERS: Readonly<Record<PatternKind, Writer>> = {
  // That it was slow says nothing of what to do: the report tells it.
  outlier: () => null,
  better: ({ facts, effect, kind }, context) => {
    // One task that was fast is an anecdote, and for the report.
    if (Number(facts["alike"] ?? 0) < LEAST_ALIKE) return null;
    // What usually takes so much longer lay about: the figures say nothing of the work.
    if (effect.usual === null || effect.value < LEAST_SHARE * effect.usual) return null;
    return {
      category: "optimization",
      headline: `${sentence(quoted(facts["title"]))} took ${ratio(effect)} of what ${quoted(short(facts["like"]))} take: ${text(facts["trait"])}`,
      explanation: `${measureWords(facts["measure"])} ${amount(effect.value, effect.unit)} against a median of ${amount(effect.usual ?? 0, effect.unit)} over ${String(effect.samples ?? 0)} ${quoted(facts["like"])}. Of these ${percent(facts["trait_share"])} share that ${text(facts["trait"])}.`,
      context: `When you plan ${quoted(facts["like"])}${areaWords(context)}.`,
      tags: ["estimate", ...areas(context)],
      importance: 4,
      confidence: sure(kind, 0.6),
      subject: `${text(facts["like"])} ${text(facts["trait"])}`,
    };
  },
  review: ({ facts, effect, kind }, context) => {
    const category = facts["category"];
    if (category === undefined) return null;
    const said = [facts["comment_1"], facts["comment_2"]].filter((one) => one !== undefined).map(quoted);
    return {
      category: "pitfall",
      headline: `Check ${quoted(short(category))} before you ask for review: it is what reviewers send back${areaWords(context)}`,
      explanation: `${String(effect.value)} of ${text(facts["reviews"])} reviews that sent work back were about ${quoted(category)}${said.length === 0 ? "" : `, in the reviewers' words: ${said.join(", ")}`}.`,
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
    explanation: `${facts["title"] === undefined ? "Work" : sentence(quoted(facts["title"]))} ${effect.value > 1 ? `and ${String(effect.value - 1)} more ` : ""}stopped for this question${facts["role"] === undefined ? "" : ` to ${quoted(facts["role"])}`}${time_ms === null ? "" : ` and went on after ${durationWords(time_ms)}`}.`,
    context: `When you plan or describe work${areaWords(context)}: answer it in the description.`,
    tags: ["planning", "question", ...areas(context)],
    importance: 3,
    confidence: sure(kind),
    subject: text(facts["question"]),
  }),
  defect: ({ facts, effect, kind }, context) => ({
    category: "pitfall",
    headline: `${sentence(text(facts["what"]))} gather in ${text(facts["type"])} files${facts["rules"] === undefined ? "" : `: mind ${quoted(short(facts["rules"], MAX_CAUSE_CHARS))}`}`,
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
  ...CLOSED_WRITERS,
};
