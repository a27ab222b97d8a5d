/**
 * One lesson put into words by a language model, or left as it is.
 *
 *   draft ─▶ looks like an instruction? ─▶ may it be asked? ─▶ ask (twice, if nothing was done) ─▶ JSON ─▶ check ─▶ words
 *                    └──────────── any no on the way: the built-in text, and why ─────────────┘
 */
import { flagsOf } from "../guard/flag.ts";
import type { LessonDraft } from "../lesson/draft.ts";
import { wordsIn } from "./answer.ts";
import { objectionTo, evidenceText, type Evidence, type Objection, type Words } from "./check.ts";
import type { LanguageModel, Reply, Trouble, Usage } from "./contract.ts";
import { MAX_MODEL_TRIES, MODEL_PAUSE_MS } from "./limits.ts";
import { cutFacts, promptFor } from "./prompt.ts";

/** `model`, or why it is the built-in text. */
export type Wording = "model" | "flagged" | "not_asked" | "shape" | Trouble | Objection;

export interface Worded {
  /** Null: as the analyst wrote it. */
  words: Words | null;
  wording: Wording;
  /** Null: no provider says that it worked. */
  usage: (Usage & { duration_ms: number }) | null;
}

export interface Asking {
  model: LanguageModel;
  /** Whether it may be asked about this lesson: within the bounds of the day, and not before. Asked right before it is. */
  allowed: () => Promise<boolean>;
  now: () => number;
  pause: (ms: number) => Promise<void>;
}

export async function word(draft: LessonDraft, { model, allowed, now, pause }: Asking): Promise<Worded> {
  const { headline, explanation, context, pattern } = draft;
  const evidence: Evidence = { headline, explanation, context, facts: cutFacts(draft.facts) };
  // What somebody has to look at first is not sent anywhere either.
  if (flagsOf(evidenceText(evidence)).length > 0) return { words: null, wording: "flagged", usage: null };
  if (!(await allowed())) return { words: null, wording: "not_asked", usage: null };
  const prompt = promptFor(pattern, evidence);
  const began_ms = now();
  let reply: Reply = await model.ask(prompt);
  for (let tries = 1; !reply.ok && reply.again && tries < MAX_MODEL_TRIES; tries += 1) {
    await pause(MODEL_PAUSE_MS);
    reply = await model.ask(prompt);
  }
  const usage = reply.usage === null ? null : { ...reply.usage, duration_ms: Math.max(0, now() - began_ms) };
  if (!reply.ok) return { words: null, wording: reply.trouble, usage };
  const words = wordsIn(reply.text);
  if (words === null) return { words: null, wording: "shape", usage };
  const objection = objectionTo(words, evidence);
  return objection === null ? { words, wording: "model", usage } : { words: null, wording: objection, usage };
}
