import { expect, it } from "vitest";
import { rank, type Candidate } from "./rank.ts";
import { normalised, partsOf, scoreOf } from "./score.ts";
import { isWithheld } from "./withhold.ts";

const NOW = Date.UTC(2026, 10, 23);
const HOUR_MS = 3_600_000;
const WEIGHTS = { recency: 0.25, importance: 0.35, relevance: 0.4 };

function candidate(lesson: string, part: Partial<Candidate<string>> = {}): Candidate<string> {
  return {
    ...{ lesson, text: lesson, used_at: NOW, importance: 5, relevance: 0.5, cosine: null, lexical: 0.5 },
    ...{ terms: [], vector: null, tokens: 100 },
    ...part,
  };
}
const options = { k: 5, tokens: 1_000, weights: WEIGHTS, now_ms: NOW };
const names = (candidates: Candidate<string>[], part = {}) =>
  rank(candidates, { ...options, ...part }).hits.map(({ lesson }) => lesson);

it("adds up recency, importance and relevance by their weights, as computed by hand", () => {
  const parts = partsOf({ used_at: NOW - 24 * HOUR_MS, importance: 8 }, 0.6, NOW);
  expect(parts).toEqual({ recency: 0.995 ** 24, importance: 0.8, relevance: 0.6 });
  // 0.25 · 0.88665 + 0.35 · 0.8 + 0.4 · 0.6
  expect(scoreOf(parts, WEIGHTS)).toBeCloseTo(0.741663, 6);
  // Twice the weights are the same weights.
  expect(scoreOf(parts, normalised({ recency: 0.5, importance: 0.7, relevance: 0.8 }))).toBeCloseTo(
    0.741663,
    6,
  );
  expect(scoreOf(parts, normalised({ recency: 0, importance: 0, relevance: 0 }))).toBeCloseTo(0.741663, 6);
  // One that was used in the future by its clock is as recent as can be.
  expect(partsOf({ used_at: NOW + HOUR_MS, importance: 8 }, 2, NOW)).toMatchObject({
    recency: 1,
    relevance: 1,
  });
});

it("says nothing where nothing is related, and counts what it left out", () => {
  const far = [candidate("a", { relevance: 0.24, importance: 10 }), candidate("b", { relevance: 0.25 })];
  expect(names(far)).toEqual(["b"]);
  expect(rank(far, options).left_out).toEqual({ unrelated: 1, alike: 0, over_budget: 0 });
});

it("fills a budget of tokens with what fits, the best first", () => {
  const three = [
    candidate("long and best", { importance: 10, tokens: 900 }),
    candidate("middling words", { importance: 6, tokens: 200 }),
    candidate("short", { importance: 1, tokens: 100 }),
  ];
  expect(names(three)).toEqual(["long and best", "short"]);
  expect(names(three, { tokens: 250 })).toEqual(["middling words"]);
  expect(names(three, { k: 1 })).toEqual(["long and best"]);
  expect(rank(three, { ...options, tokens: 250 }).left_out.over_budget).toBe(2);
});

it("lets no twins fill the places, by vectors or by words", () => {
  const near = Float32Array.from([1, 0]);
  const twins = [
    candidate("one", { importance: 9, vector: near }),
    candidate("two", { importance: 8, vector: near }),
    candidate("else", { importance: 2, vector: Float32Array.from([0, 1]) }),
  ];
  expect(names(twins)).toEqual(["one", "else"]);
  const said = [
    candidate("same words here", { importance: 9 }),
    candidate("Same words, here!"),
    candidate("other"),
  ];
  expect(names(said)).toEqual(["same words here", "other"]);
});

it("says of whom a lower score passed why it stands there, and of nobody else", () => {
  const three = [
    candidate("best", { importance: 9, vector: Float32Array.from([1, 0]) }),
    candidate("much the same", { importance: 8, vector: Float32Array.from([0.8, 0.6]) }),
    candidate("else", { importance: 6, vector: Float32Array.from([0, 1]) }),
  ];
  const { hits } = rank(three, options);
  expect(hits.map(({ lesson }) => lesson)).toEqual(["best", "else", "much the same"]);
  expect(hits.map(({ why }) => /\. (Others .*)/.exec(why)?.[1])).toEqual([
    ...[undefined, undefined, "Others come first: it is 0.80 like one above it."],
  ]);
});

it("draws the same coin for the same lesson and task, and holds back the share that was asked for", () => {
  const withheld = Array.from({ length: 20_000 }, (_, n) => isWithheld("salt", `l${n % 7}`, `t${n}`, 0.2));
  // Four standard errors of 20,000 draws are 0.0113.
  expect(Math.abs(withheld.filter(Boolean).length / 20_000 - 0.2)).toBeLessThan(0.0113);
  expect(withheld.slice(0, 50)).toEqual(
    Array.from({ length: 50 }, (_, n) => isWithheld("salt", `l${n % 7}`, `t${n}`, 0.2)),
  );
  expect(withheld.slice(0, 200)).not.toEqual(
    Array.from({ length: 200 }, (_, n) => isWithheld("pepper", `l${n % 7}`, `t${n}`, 0.2)),
  );
  expect([0, 1].map((share) => isWithheld("salt", "l", "t", share))).toEqual([false, true]);
});
