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
