import fc from "fast-check";
import { expect, it } from "vitest";
import { batchOf, lineOf, writeLine } from "./line.ts";

const text = fc.string({ unit: "binary", maxLength: 300 });

it("writes one line of JSON that says what was given, and its bytes", () => {
  fc.assert(
    fc.property(
      fc.record({ id: text, metadata: fc.dictionary(text, fc.jsonValue()), agent_id: fc.constant("a") }),
      (event) => {
        const line = writeLine(event, {}, 0);
        expect(line.text).not.toMatch(/[\n\r]/);
        expect(line.bytes).toBe(Buffer.byteLength(line.text) + 1);
        expect(JSON.parse(line.text)).toEqual({
          timestamp: "1970-01-01T00:00:00.000Z",
          ...(JSON.parse(JSON.stringify(event)) as object),
        });
      },
    ),
  );
});

it("takes the first lines within both bounds, never none, and nothing out of order", () => {
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1 }),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(2_000),
      (texts, events, bytes) => {
        const lines = texts.map(lineOf);
        const batch = batchOf(lines, events, bytes);
        expect(batch).toEqual(lines.slice(0, batch.length));
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(events);
        const size = (count: number) => lines.slice(0, count).reduce((sum, line) => sum + line.bytes, 0);
        if (batch.length > 1) expect(size(batch.length)).toBeLessThanOrEqual(bytes);
        if (batch.length < Math.min(events, lines.length))
          expect(size(batch.length + 1)).toBeGreaterThan(bytes);
      },
    ),
  );
});
