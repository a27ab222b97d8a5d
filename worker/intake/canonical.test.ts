import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "./canonical.ts";

/** The definition, slowly. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, part]): [string, string] => [key, plain(part)]);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${part}`).join(",")}}`;
}

it("[L2] is the text of RFC 8785 for any JSON, and reads back as the same value", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (json) => {
      const value: unknown = JSON.parse(json);
      const text = canonicalJson(value);
      expect(text).toBe(plain(value));
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: 20261122, numRuns: 500 },
  );
});

it("[L2] does not depend on the order of keys, few or many, numbers among them", () => {
  for (const count of [2, 9, 16, 17, 100]) {
    const entries = Array.from({ length: count }, (_, i): [string, number] => [i % 3 ? `k${i}` : `${i}`, i]);
    const text = canonicalJson(Object.fromEntries(entries));
    expect(canonicalJson(Object.fromEntries(entries.toReversed()))).toBe(text);
    const keys = Object.keys(Object.fromEntries(entries)).sort();
    expect([...text.matchAll(/"(\w+)":/g)].map(([, key]) => key)).toEqual(keys);
  }
});
