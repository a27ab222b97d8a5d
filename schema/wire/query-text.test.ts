import fc from "fast-check";
import { expect, it } from "vitest";
import { COMPARE_PARAMETERS, QUERY_PARAMETERS, readComparison, readQuery } from "./query-text.ts";

const NOW_MS = Date.UTC(2026, 10, 22);

/** What such a text is made of, put together in no order; and anything. */
const part = fc.constantFrom(
  ...'[]",:=!<>~^-0159 ._%'.split(""),
  "event_type",
  "metadata.",
  " in ",
  " not in ",
  "p95:",
  "count",
  "key",
  "24h",
  "1e999",
  "2026-11-22T00:00:00Z",
  '["a","eq","b"]',
  "null",
  "__proto__",
  "\ud800",
  "\u0000",
);
const text = fc.oneof(
  fc.array(part, { maxLength: 8 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary" }),
);
const asked = (names: readonly string[]) =>
  fc.array(fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, text), text), {
    maxLength: 5,
  });

it("has an answer for every text: a question, or what is wrong with it", () => {
  let read = 0;
  fc.assert(
    fc.property(asked(QUERY_PARAMETERS), asked(COMPARE_PARAMETERS), (query, comparison) => {
      for (const answer of [readQuery(query, NOW_MS), readComparison(comparison, NOW_MS)]) {
        if (answer.ok) read += 1;
        else expect(answer.message).not.toBe("");
      }
    }),
    { numRuns: 2_000 },
  );
  // Control: it did not refuse all of them.
  expect(read).toBeGreaterThan(0);
});
