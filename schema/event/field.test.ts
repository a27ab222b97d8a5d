import fc from "fast-check";
import { expect, it } from "vitest";
import type { Field } from "./field.ts";
import { MAX_LABEL_CHARS, MAX_METRIC, MAX_TOKENS_PER_CALL, MAX_USD_PER_CALL } from "./limits.ts";
import { definedTypes, definitionOf } from "./taxonomy.ts";

const fields = definedTypes().flatMap((event_type): [string, Field][] => {
  const { metadata = {}, metrics = {} } = definitionOf(event_type) ?? {};
  return Object.entries({ ...metadata, ...metrics }).map(([key, field]) => [`${event_type}.${key}`, field]);
});

/** Where the bounds of fields lie, on both sides. */
const edges = [0, 1, 100, MAX_METRIC, MAX_TOKENS_PER_CALL, MAX_USD_PER_CALL, 2 ** 53].flatMap((edge) => [
  edge,
  -edge,
  edge + 1,
  edge - 1,
  edge + 0.5,
]);
const value = fc.oneof(
  fc.constantFrom<unknown>(...edges, NaN, Infinity, -Infinity, null, undefined, true, 1n),
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.constantFrom(MAX_LABEL_CHARS, MAX_LABEL_CHARS + 1).map((length) => "é".repeat(length)),
  fc.anything(),
);

it("a field that accepts a value has a schema that accepts it, unchanged", () => {
  fc.assert(
    fc.property(fc.constantFrom(...fields), value, ([, { accepts, schema }], drawn) => {
      if (accepts?.(drawn) !== true) return;
      expect(schema.safeParse(drawn)).toEqual({ success: true, data: drawn });
    }),
    { numRuns: 20_000 },
  );
});

it("texts and numbers of known fields need no schema", () => {
  const slow = fields.filter(([, { accepts, schema }]) =>
    [0, 1, "a", true].some((one) => schema.safeParse(one).success && accepts?.(one) !== true),
  );
  // One text or a list of them.
  const unions = slow.filter(([, { schema }]) => schema.safeParse(["a"]).success);
  expect(unions).toEqual(slow);
});
