/**
 * The lessons of a reflection, worded by a language model where the project wants it. Each is a step of its own, asked
 * about once at most; what it cost is in the log before its words are, under ids of the same cause.
 *
 *   Told ─▶ per lesson: step ─▶ asked before? its words of then ─────────────────────────────────────────────────────┐
 *    │                         └ word (worker/learning/model) ─▶ tokens_used in the log ─▶ its words, ───────┤
 *    │                                                                                        or the built-in ones
 *    └▶ the same events with the words in them, the calls, and how each lesson was worded ◀───────────────┘
 *
 * A run that was killed while it asked leaves a note that it did: the next one says in the log that it cost something, and
 * that nobody knows how much.
 */
import { hash } from "node:crypto";
import type { WorkflowStep, WorkflowStepConfig } from "cloudflare:workers";
import type { Json } from "../../../schema/event/event.ts";
import type { AppendPort, OwnEvent } from "../../../schema/event/own.ts";
import type { LessonDraft } from "../lesson/draft.ts";
import { objectionTo } from "../model/check.ts";
import type { LanguageModel } from "../model/contract.ts";
import { cutFacts } from "../model/prompt.ts";
import { word, type Worded } from "../model/word.ts";
import type { Allowance, Asking, KeptAsking, LessonWords } from "../query/book.ts";
import { ORGAN } from "./say.ts";

export interface ModelCall {
  model: string;
  provider: string;
  /** RFC 3339. */
  at: string;
  metrics: Record<string, number>;
}
export interface Cost {
  metadata: { cost_source?: Json | undefined; price_version?: Json | undefined };
  /** Null: nobody knows. */
  cost_usd: number | null;
}

/** What it needs of the project; `model` null: nobody asks one. */
export interface Wordsmith {
  model(): Promise<LanguageModel | null>;
  /** Within the bounds of the day, once per cause, and while no hard budget is used up. */
  mayAsk(cause: OwnEvent["cause"], asking: Asking): Promise<Allowance>;
  /** What came of it; its cost is in the log. */
  settle(cause: OwnEvent["cause"], words: LessonWords | null): Promise<void>;
  costOf(call: ModelCall): Cost;
}

export interface Told {
  at: string;
  /** Each lesson's, in the order of `drafts`, and then the reflection's own. */
  events: OwnEvent[];
  drafts: LessonDraft[];
}

/** Two tries of a model, and the log, ms. Whoever asked longer ago was killed. */
const ASKING_MS = 90_000;
/** One try: what was asked is not asked again, and what failed has the built-in words. */
const STEP: WorkflowStepConfig = {
  retries: { limit: 0, delay: 0 },
  timeout: ASKING_MS,
};

export async function wordLessons(
  { events, drafts, at }: Told,
  { smith, append, step }: { smith: Wordsmith; append: AppendPort; step: WorkflowStep },
): Promise<OwnEvent[]> {
  const model = drafts.length === 0 ? null : await smith.model();
  if (model === null) return events;
  const worded = await Promise.all(
    drafts.map(async (draft, n) => {
      const lesson = events[n];
      if (lesson === undefined) throw new Error("a lesson has no event");
      try {
        // As text: what a step answers is kept, and must be plain.
        const found = await step.do(`word lesson ${String(n + 1)}`, STEP, async () =>
          JSON.stringify(await wordOne(draft, lesson, model, smith, append)),
        );
        return JSON.parse(found) as WordedLesson;
      } catch (error) {
        console.error(`a lesson of ${at} keeps its built-in words`, error);
        return { lesson, wording: "failed", call: null };
      }
    }),
  );
  const made = events.slice(drafts.length).map((event) => ({
    ...event,
    metadata: { ...event.metadata, model: model.name, wording: worded.map(({ wording }) => wording) },
  }));
  return [
    ...worded.map(({ lesson }) => lesson),
    ...worded.flatMap(({ call }) => (call === null ? [] : [call])),
    ...made,
  ];
}

interface WordedLesson {
  lesson: OwnEvent;
  /** `kept`: the words of when it was asked before; `cut`: whoever asked was killed. */
  wording: Worded["wording"] | "kept" | "cut" | "failed";
  call: OwnEvent | null;
}

async function wordOne(
  draft: LessonDraft,
  lesson: OwnEvent,
  model: LanguageModel,
  smith: Wordsmith,
  append: AppendPort,
): Promise<WordedLesson> {
  const cause = aboutWords(draft, lesson);
  const { name, provider } = model;
  const asking: Asking = { model: name, provider, cause: lesson.cause, at: new Date().toISOString() };
  const asked: { before: KeptAsking | null } = { before: null };
  const { words, wording, usage } = await word(draft, {
    model,
    async allowed() {
      const allowance = await smith.mayAsk(cause, asking);
      if (!allowance.may) asked.before = allowance.before;
      return allowance.may;
    },
    now: Date.now,
    pause: (ms) => scheduler.wait(ms),
  });
  if (asked.before !== null) return askedBefore(asked.before, cause, { draft, lesson, smith, append });
  const call = usage === null ? null : callEvent(asking, usage, smith);
  if (call !== null) await append([call]);
  if (wording !== "flagged" && wording !== "not_asked") await settled(smith, cause, words);
  return { lesson: withWords(lesson, words, name), wording, call };
}

/** What its words were asked for, and who hears of it. */
type AskedFor = { draft: LessonDraft; lesson: OwnEvent; smith: Wordsmith; append: AppendPort };

async function askedBefore(
  before: KeptAsking,
  cause: OwnEvent["cause"],
  { draft, lesson, smith, append }: AskedFor,
): Promise<WordedLesson> {
  if (!before.is_settled) {
    // Another run may wait for its answer, and knows then what it cost: said now, "unknown" would stand for it (L2).
    if (Date.now() - Date.parse(before.at) < ASKING_MS) return { lesson, wording: "not_asked", call: null };
    // What was in the log before it was killed has the same id, and stands (L2).
    const call = callEvent(before, null, smith);
    await append([call]);
    await settled(smith, cause, null);
    return { lesson, wording: "cut", call };
  }
  const { words } = before;
  // What is checked may have become stricter since.
  if (words === null || objectionTo(words, { ...draft, facts: cutFacts(draft.facts) }) !== null)
    return { lesson, wording: "not_asked", call: null };
  return { lesson: withWords(lesson, words, before.model), wording: "kept", call: null };
}

/** Where it fails the words hold all the same; who looks back again finds it open, and says nothing twice. */
async function settled(smith: Wordsmith, cause: OwnEvent["cause"], words: LessonWords | null): Promise<void> {
  try {
    await smith.settle(cause, words);
  } catch (error) {
    console.error("what came of asking a language model was not noted", error);
  }
}

function withWords(lesson: OwnEvent, words: LessonWords | null, model: string): OwnEvent {
  return words === null ? lesson : { ...lesson, metadata: { ...lesson.metadata, ...words, model } };
}

/** The same words about the same thing are worded once, whatever made somebody look back on it again. */
function aboutWords(draft: LessonDraft, { feature_id }: OwnEvent): OwnEvent["cause"] {
  const { headline, explanation, context, facts, subject } = draft;
  const text = hash("sha256", JSON.stringify([headline, explanation, context, facts]), "hex");
  return ["words", feature_id ?? "", subject, text];
}

/** Of no feature: looking back is no part of its work, and what it cost is compared with what was foretold. */
function callEvent(
  { cause, model, provider, at }: Asking,
  usage: Worded["usage"],
  smith: Wordsmith,
): OwnEvent {
  const { input_tokens = null, output_tokens = null } = usage ?? {};
  const metrics = {
    ...(usage === null ? {} : { duration_ms: usage.duration_ms }),
    ...(input_tokens === null ? {} : { input_tokens }),
    ...(output_tokens === null ? {} : { output_tokens }),
  };
  const { metadata, cost_usd } = smith.costOf({ model, provider, at, metrics });
  // No tokens have no price: what was cut off cost something.
  const { cost_source, price_version }: Cost["metadata"] =
    usage === null ? { cost_source: "unknown" } : metadata;
  return {
    organ: ORGAN,
    cause: ["model", ...cause],
    event_type: "tokens_used",
    timestamp: at,
    metadata: {
      ...{ model, provider, operation: "chat" },
      ...(cost_source === undefined ? {} : { cost_source }),
      ...(price_version === undefined ? {} : { price_version }),
    },
    metrics: { ...metrics, ...(cost_usd === null || usage === null ? {} : { cost_usd }) },
  };
}
