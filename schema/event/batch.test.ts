import { expect, it } from "vitest";
import { linesOf, packEvents } from "./batch.ts";

it("unpacks what it packed, and nothing else", () => {
  const events = ['{"id":"a"}', '{"id":"b\\n"}'].map((json) => ({ json, body_sha256: "ab".repeat(32) }));
  const batch = packEvents(events);
  expect(linesOf(batch)).toEqual(events.map(({ json }) => json));
  expect(linesOf(packEvents([]))).toEqual([]);
  expect(() => linesOf({ ...batch, lines: `${batch.lines}\n{}` })).toThrow("another number");
});
