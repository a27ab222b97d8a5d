import { describe, expect, it } from "vitest";
import { SPEEDS } from "./address.ts";
import { MAX_WAIT_MS, PlayClock } from "./play.ts";

describe("the playing clock", () => {
  it("runs as many times faster as its speed says", () => {
    for (const speed of SPEEDS) {
      const clock = new PlayClock(1_000);
      for (let frame = 0; frame < 30; frame++) clock.tick(16, speed, clock.time_ms + 1);
      expect(clock.time_ms).toBe(1_000 + 30 * 16 * speed);
    }
  });

  it("waits at most a second of the reader's time for the next event", () => {
    for (const speed of SPEEDS) {
      const next_ms = 8 * 60 * 60 * 1_000;
      const clock = new PlayClock(0);
      let waited_ms = 0;
      while (clock.time_ms < next_ms && waited_ms < 60_000) {
        clock.tick(20, speed, next_ms);
        waited_ms += 20;
      }
      expect(waited_ms).toBe(MAX_WAIT_MS);
    }
  });

  it("does not cut a wait that is short enough", () => {
    const clock = new PlayClock(0);
    clock.tick(16, 10, 9_000);
    expect(clock.time_ms).toBe(160);
  });

  it("stands while nobody knows what comes next", () => {
    const clock = new PlayClock(500);
    clock.tick(1_000, 1_000, null);
    expect(clock.time_ms).toBe(500);
  });
});
