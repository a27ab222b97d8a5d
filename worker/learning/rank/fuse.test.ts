import { expect, test } from "vitest";
import { fuse, idf } from "./fuse.ts";

const calibration = { floor: 0, highest: 0.6, lowest: 0.2 };
const found = (bm25: [string, number][], cosines: [string, number][] | null, k = 10) =>
  fuse({ bm25: new Map(bm25), idf_sum: 10, cosines: cosines && new Map(cosines) }, calibration, k);

test("words decide where a lesson holds most of them, meaning where none holds any", () => {
  const words = found(
    [["a", 6.6]],
    [
      ["a", 0.1],
      ["b", 0.9],
    ],
  );
  expect(words.alpha).toBeCloseTo(0.2);
  expect(words.ranked[0]).toMatchObject({
    key: "a",
    relevance: expect.closeTo(0.2 * 0.1 + 0.8 * 0.3) as number,
  });
  const meaning = found(
    [],
    [
      ["a", 0.1],
      ["b", 0.9],
    ],
  );
  expect(meaning.alpha).toBe(0.6);
  expect(meaning.ranked.map(({ key }) => key)).toEqual(["b", "a"]);
  expect(found([["a", 3.3]], []).alpha).toBeCloseTo(0.4);
});

test("without cosines the share of words is the relevance", () => {
  expect(found([["a", 11]], null)).toEqual({
    alpha: 0,
    ranked: [{ key: "a", relevance: 0.5, cosine: null, lexical: 0.5 }],
  });
});

test("keeps the best k in order, equals by their keys, and nothing that has no evidence", () => {
  const many = Array.from(
    { length: 500 },
    (_, n) => [`l${String(n).padStart(3, "0")}`, ((n * 37) % 100) / 100 - 0.2] as [string, number],
  );
  const all = many
    .filter(([, cosine]) => cosine > 0)
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([key]) => key);
  expect(found([], many, 1_000).ranked.map(({ key }) => key)).toEqual(all);
  expect(found([], many, 7).ranked.map(({ key }) => key)).toEqual(all.slice(0, 7));
});

test("an embedder's cosines are read on their own scale, and nothing leaves 0 to 1", () => {
  const bge = { floor: 0.5, highest: 0.8, lowest: 0.4 };
  const { ranked } = fuse(
    {
      bm25: new Map([["a", 1e9]]),
      idf_sum: 1,
      cosines: new Map([
        ["a", 1],
        ["b", 0.75],
        ["c", 0.4],
      ]),
    },
    bge,
    9,
  );
  expect(ranked).toMatchObject([
    { key: "a", relevance: 1, lexical: 1 },
    { key: "b", relevance: 0.2 },
  ]);
  expect(ranked).toHaveLength(2);
  expect(idf(10, 10)).toBeGreaterThan(0);
});
