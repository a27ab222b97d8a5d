import fc from "fast-check";
import { expect, it } from "vitest";
import { frames } from "./frame.ts";
import { MAX_FRAME_EVENTS, MAX_FRAME_LENGTH } from "./limits.ts";

const lines = (from: number, to: number, text = "{}") =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ seq: from + i, text }));

it("[V1] frames are dense and bounded by count", () => {
  const cut = [...frames(lines(7, 7 + MAX_FRAME_EVENTS), MAX_FRAME_LENGTH)];
  expect(cut.map(({ from, to }) => [from, to])).toEqual([
    [7, 6 + MAX_FRAME_EVENTS],
    [7 + MAX_FRAME_EVENTS, 7 + MAX_FRAME_EVENTS],
  ]);
});

it("[V2] frames are bounded by length, but an event is never split", () => {
  const text = `"${"x".repeat(MAX_FRAME_LENGTH - 10)}"`;
  expect([...frames(lines(1, 3, text), MAX_FRAME_LENGTH)]).toHaveLength(3);
});

it("[V1] forgotten events leave their seqs, also when a frame has nothing else", () => {
  expect(
    [...frames(lines(1, 2, ""), MAX_FRAME_LENGTH)].map(({ text }) => JSON.parse(text) as unknown),
  ).toEqual([{ type: "events", from: 1, to: 2, events: [] }]);
  expect([...frames([], MAX_FRAME_LENGTH)]).toEqual([]);
});

it("[V1] whatever the texts, frames follow each other without a gap and hold each event once", () => {
  const text = fc.oneof(
    fc.constant(""),
    fc.nat(3_000).map((n) => `"${"x".repeat(n)}"`),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 1_200 }), fc.nat(4_000), (texts, max_length) => {
      const cut = [
        ...frames(
          texts.map((one, i) => ({ seq: i + 1, text: one })),
          max_length,
        ),
      ];
      let at = 0;
      const shown: unknown[] = [];
      for (const frame of cut) {
        expect(frame.from).toBe(at + 1);
        expect(frame.to - frame.from).toBeLessThan(MAX_FRAME_EVENTS);
        at = frame.to;
        shown.push(...(JSON.parse(frame.text) as { events: unknown[] }).events);
      }
      expect(at).toBe(texts.length);
      expect(shown).toEqual(texts.filter((one) => one !== "").map((one) => JSON.parse(one) as unknown));
    }),
  );
});
