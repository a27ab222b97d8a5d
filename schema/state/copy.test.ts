import { describe, expect, it } from "vitest";
import { apply, createState } from "./apply.ts";
import { copyState } from "./copy.ts";
import { stateText } from "./encode.ts";
import { busyEvent } from "./testing.ts";

describe("a copy of a state", () => {
  it("[S1] equals its original byte for byte, and stays what it was while the original goes on", () => {
    const state = createState();
    for (let seq = 1; seq <= 600; seq++) {
      apply(state, busyEvent(seq));
      if (seq % 50 !== 0) continue;
      const text = stateText(state);
      const copy = copyState(state);
      expect(stateText(copy)).toBe(text);
      expect(copy.totals).toEqual(state.totals);
      const before = copyState(copy);
      for (let next = seq + 1; next <= seq + 60; next++) apply(state, busyEvent(next));
      expect(stateText(copy)).toBe(text);
      // A fold into the copy goes the same way, and leaves its own copy alone.
      for (let next = seq + 1; next <= seq + 60; next++) apply(copy, busyEvent(next));
      expect(stateText(copy)).toBe(stateText(state));
      expect(stateText(before)).toBe(text);
    }
  });
});
