/**
 * From hits of the index to what is handed over: scored, without what is unrelated, without twins, within a budget.
 *
 *   hits ─▶ floor ─▶ score ─▶ best first, each less what is like those before it ─▶ fits the budget? ─▶ K of them
 *
 * The order is by maximal marginal relevance (Carbonell and Goldstein, 1998): a second lesson that says what the
 * first says is worth less than one that says something else.
 */
import type { LessonScore, LessonWeights } from "../../../schema/wire/lesson.ts";
import { RELEVANCE_FLOOR } from "./floor.ts";
import { partsOf, scoreOf, type Parts } from "./score.ts";
import { overlap, wordSet } from "./words.ts";

export interface Candidate<L> {
  lesson: L;
  /** What is compared with other lessons. */
  text: string;
  used_at: number;
  importance: number;
  relevance: number;
  cosine: number | null;
  lexical: number;
  terms: string[];
  /** Its unit vector; null: it has none, and its words are compared. */
  vector: Float32Array | null;
  tokens: number;
}

export interface RankOptions {
  k: number;
  /** Budget of all that is handed over, in tokens. */
  tokens: number;
  /** They add up to 1. */
  weights: LessonWeights;
  now_ms: number;
  /** Below it nothing is delivered. */
  floor?: number;
}

export interface Ranked<L> {
  hits: (LessonScore & { lesson: L })[];
  left_out: { unrelated: number; alike: number; over_budget: number };
}

/** Share of the order that the score decides; the rest is how unlike it is to those before it. */
const SCORE_SHARE = 0.7;
/** As like as that two lessons are one. */
const ALIKE = 0.9;

interface Scored<L> {
  candidate: Candidate<L>;
  parts: Parts;
  score: number;
  words: ReadonlySet<string>;
  /** Likeness to the one of those taken that it is most like. */
  likeness: number;
}

export function rank<L>(candidates: readonly Candidate<L>[], options: RankOptions): Ranked<L> {
  const { k, weights, now_ms, floor = RELEVANCE_FLOOR } = options;
  const related = candidates.filter(({ relevance }) => relevance >= floor);
  let left: Scored<L>[] = related.map((candidate) => {
    const parts = partsOf(candidate, candidate.relevance, now_ms);
    const words = wordSet(candidate.text);
    return { candidate, parts, score: scoreOf(parts, weights), words, likeness: 0 };
  });
  const left_out = { unrelated: candidates.length - related.length, alike: 0, over_budget: 0 };
  const hits: Ranked<L>["hits"] = [];
  let tokens_left = options.tokens;
  while (hits.length < k && left.length > 0) {
    const best = left.reduce((a, b) => (worth(b) > worth(a) ? b : a));
    left = left.filter((other) => other !== best);
    if (best.candidate.tokens > tokens_left) {
      left_out.over_budget += 1;
      continue;
    }
    tokens_left -= best.candidate.tokens;
    const passed = hits.some(({ score }) => score < best.score);
    hits.push({ lesson: best.candidate.lesson, ...explain(best, hits.length + 1, weights, passed) });
    const before = left.length;
    for (const other of left) other.likeness = Math.max(other.likeness, likenessOf(best, other));
    left = left.filter(({ likeness }) => likeness < ALIKE);
    left_out.alike += before - left.length;
  }
  return { hits, left_out };
}

function worth({ score, likeness }: { score: number; likeness: number }): number {
  return SCORE_SHARE * score - (1 - SCORE_SHARE) * likeness;
}

function likenessOf<L>(a: Scored<L>, b: Scored<L>): number {
  const [u, v] = [a.candidate.vector, b.candidate.vector];
  if (u === null || v === null || u.length !== v.length) return overlap(a.words, b.words);
  let dot = 0;
  for (let n = 0; n < u.length; n += 1) dot += (u[n] ?? 0) * (v[n] ?? 0);
  return dot;
}

/** `passed`: one of a lower score came before it. */
function explain<L>(
  { candidate, parts, score, likeness }: Scored<L>,
  rank: number,
  weights: LessonWeights,
  passed: boolean,
): LessonScore {
  const { cosine, lexical, terms, tokens } = candidate;
  const words = terms.length === 0 ? "by meaning, with no word in common" : `by ${terms.join(", ")}`;
  const part = (name: keyof Parts) => `${name} ${parts[name].toFixed(2)} × ${weights[name].toFixed(2)}`;
  const lower = passed ? ` Others come first: it is ${likeness.toFixed(2)} like one above it.` : "";
  return {
    ...{ rank, score, ...parts, cosine, lexical, terms, tokens },
    why: `${score.toFixed(2)} = ${part("recency")} + ${part("importance")} + ${part("relevance")}; found ${words}.${lower}`,
  };
}
