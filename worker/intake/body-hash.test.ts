import fc from "fast-check";
import { expect, it } from "vitest";
import { BODY_HASH_DIGITS, STRUCTURAL_MARK } from "../../schema/event/batch.ts";
import { BodyHash } from "./body-hash.ts";
import { canonicalJson } from "./canonical.ts";

const hash = new BodyHash();
const bytesOf = (value: unknown) => new TextEncoder().encode(canonicalJson(value)).length;

/** With the keys of every object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, reversed(part)]),
  );
}

it("[L2] tells bodies apart exactly as their canonical texts do, and is never below their size", () => {
  const texts = new Map<string, string>();
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (json) => {
      const value: unknown = JSON.parse(json);
      const text = canonicalJson(value);
      const found = hash.of(value);
      expect(hash.max_bytes).toBeGreaterThanOrEqual(bytesOf(value));
      expect(texts.get(found) ?? text).toBe(text);
      texts.set(found, text);
      expect(hash.of(reversed(value))).toBe(found);
      expect(hash.of(JSON.parse(text))).toBe(found);
    }),
    { seed: 20261122, numRuns: 1_000 },
  );
});

it("[L2] is another one for every small change", () => {
  const base = { id: "e1", metadata: { a: "x", b: ["x", "y"], c: { d: 1 } }, metrics: { a: 1, b: 2 } };
  const others: unknown[] = [
    { ...base, id: "e2" },
    { ...base, metadata: { ...base.metadata, a: "y" } },
    { ...base, metadata: { ...base.metadata, b: ["y", "x"] } },
    { ...base, metadata: { ...base.metadata, b: ["xy"] } },
    { ...base, metadata: { ...base.metadata, c: { d: "1" } } },
    { ...base, metadata: { a: "x", b: ["x", "y"], d: 1 } },
    { ...base, metrics: { a: 2, b: 1 } },
    { ...base, metrics: { a: 1 } },
    { ...base, metrics: { a: 1, b: 2.5 } },
    { ...base, metrics: { a: 1, b: null } },
    {
      ...base,
      metrics: [
        ["a", 1],
        ["b", 2],
      ],
    },
    ["", " ", "0", 0, -1, 1e300, 5e-324, null, true, false, [], {}, [[]], [null], [0, 0], { "": 0 }],
  ].flat();
  expect(new Set([base, ...others].map((value) => hash.of(value))).size).toBe(others.length + 1);
});

it("meets no more often than chance would among short texts, numbers and swapped values", () => {
  const found = new Set<string>();
  for (let i = 0; i < 50_000; i += 1) {
    for (const value of [
      i,
      i / 1_000,
      `t${i}`,
      { a: i, b: -i },
      { a: -i - 1, b: i + 1 },
      [i, 1],
      [1, -i - 2],
    ]) {
      found.add(hash.of(value).slice(0, BODY_HASH_DIGITS / 2));
    }
  }
  // i and i / 1,000 are equal 50 times.
  expect(found.size).toBe(50_000 * 7 - 50);
});

it("has the length that rooms keep, ends with its mark, and holds for what JSON leaves out or changes", () => {
  expect(hash.of({})).toMatch(new RegExp(`^[0-9a-f]{${BODY_HASH_DIGITS / 2}}${STRUCTURAL_MARK}$`));
  expect(hash.of({ a: undefined, b: -0, c: [undefined, NaN] })).toBe(hash.of({ b: 0, c: [null, null] }));
});
