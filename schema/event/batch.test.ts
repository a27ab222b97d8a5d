import fc from "fast-check";
import { expect, it } from "vitest";
import { linesOf, packEvents } from "./batch.ts";

it("unpacks what it packed, and nothing else", () => {
  const events = ['{"id":"a"}', '{"id":"b\\n"}'].map((json) => ({ json, body_hash: "ab".repeat(32) }));
  const batch = packEvents(events);
  expect(linesOf(batch)).toEqual(events.map(({ json }) => json));
  expect(linesOf(packEvents([]))).toEqual([]);
  expect(() => linesOf({ ...batch, lines: `${batch.lines}\n{}` })).toThrow("another number");
});

it("gives back whatever JSON.stringify wrote, in order", () => {
  const json = fc.jsonValue({ stringUnit: "binary" }).map((value) => JSON.stringify({ value }));
  fc.assert(
    fc.property(fc.array(json), (texts) => {
      const batch = packEvents(
        texts.map((each, i) => ({ json: each, body_hash: String(i).padEnd(64, "0") })),
      );
      expect(linesOf(batch)).toEqual(texts);
    }),
  );
});
