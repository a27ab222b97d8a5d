/**
 * The lessons of a reflection, worded by a language model where the project wants it. Each is a step of its own, asked
 * about once at most; what it cost is in the log before its words are, under ids of the same cause.
 *
 *   Told ─▶ per lesson: step ─▶ word (worker/learning/model) ─▶ tokens_used in the log ─▶ its words, or the built-in ones
 *        ─▶ the same events with the words in them, the calls, and how each lesson was worded
 */
import { hash } from "node:crypto";
import type { WorkflowStep, WorkflowStepConfig } from "cloudflare:workers";
import type { Json } from "../../../schema/event/event.ts";
import type { AppendPort, OwnEvent } from "../../../schema/event/own.ts";
import type { LessonDraft } from "../lesson/draft.ts";
import type { LanguageModel } from "../model/contract.ts";
import { word, type Worded } from "../model/word.ts";
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
  mayAsk(cause: OwnEvent["cause"]): Promise<boolean>;
  costOf(call: ModelCall): Cost;
}

export interface Told {
  at: string;
  /** Each lesson's, in the order of `drafts`, and then the reflection's own. */
  events: OwnEvent[];
  drafts: LessonDraft[];
}

/** One try: what was asked is not asked again, and what failed has the built-in words. */
const STEP: WorkflowStepConfig = {
  retries: { limit: 0, delay: 0 },
  // Two tries of a model, and the log.
  timeout: 90_000,
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
  wording: Worded["wording"] | "failed";
  call: OwnEvent | null;
}

async function wordOne(
  draft: LessonDraft,
  lesson: OwnEvent,
  model: LanguageModel,
  smith: Wordsmith,
  append: AppendPort,
): Promise<WordedLesson> {
  const { words, wording, usage } = await word(draft, {
    model,
    allowed: () => smith.mayAsk(aboutWords(draft, lesson)),
    now: Date.now,
    pause: (ms) => scheduler.wait(ms),
  });
  const call = usage === null ? null : callEvent(lesson, model, usage, smith);
  if (call !== null) await append([call]);
  const metadata = words === null ? lesson.metadata : { ...lesson.metadata, ...words, model: model.name };
  return { lesson: { ...lesson, ...(metadata === undefined ? {} : { metadata }) }, wording, call };
}

/** The same words about the same thing are worded once, whatever made somebody look back on it again. */
function aboutWords(draft: LessonDraft, { feature_id }: OwnEvent): OwnEvent["cause"] {
  const { headline, explanation, context, facts, subject } = draft;
  const text = hash("sha256", JSON.stringify([headline, explanation, context, facts]), "hex");
  return ["words", feature_id ?? "", subject, text];
}

/** Of no feature: looking back is no part of its work, and what it cost is compared with what was foretold. */
function callEvent(
  { cause }: OwnEvent,
  { name: model, provider }: LanguageModel,
  { input_tokens, output_tokens, duration_ms }: NonNullable<Worded["usage"]>,
  smith: Wordsmith,
): OwnEvent {
  const at = new Date().toISOString();
  const metrics = {
    duration_ms,
    ...(input_tokens === null ? {} : { input_tokens }),
    ...(output_tokens === null ? {} : { output_tokens }),
  };
  const { metadata, cost_usd } = smith.costOf({ model, provider, at, metrics });
  const { cost_source, price_version } = metadata;
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
    metrics: { ...metrics, ...(cost_usd === null ? {} : { cost_usd }) },
  };
}
