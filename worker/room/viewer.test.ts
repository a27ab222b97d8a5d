import { describe, expect, it } from "vitest";
import { BEHIND_AFTER_MS, CLOSE_AFTER_MS, MAX_UNACKED_EVENTS, MAX_UNACKED_LENGTH } from "./limits.ts";
import { acknowledge, deadline, due, restarted, sent, viewerAt } from "./viewer.ts";

describe("[V2] a viewer's window", () => {
  it("is full by count, and opens by acknowledgement", () => {
    const viewer = viewerAt(0);
    expect(due(viewer, 0, 0, true)).toBe("nothing");
    sent(viewer, MAX_UNACKED_EVENTS - 1, 10);
    expect(due(viewer, 5_000, 0, true)).toBe("send");
    sent(viewer, MAX_UNACKED_EVENTS, 10);
    expect(due(viewer, 5_000, 0, true)).toBe("wait");
    expect(acknowledge(viewer, 500)).toBe(true);
    expect(due(viewer, 5_000, 0, true)).toBe("send");
  });

  it("is full by length, and counts exactly once all is acknowledged", () => {
    const viewer = viewerAt(10);
    sent(viewer, 12, MAX_UNACKED_LENGTH);
    expect(due(viewer, 20, 0, true)).toBe("wait");
    acknowledge(viewer, 11);
    expect(viewer.unacked_length).toBe(MAX_UNACKED_LENGTH / 2);
    acknowledge(viewer, 12);
    expect(viewer.unacked_length).toBe(0);
  });

  it("is full when the room has no frame left for it", () => {
    const viewer = viewerAt(0);
    expect(due(viewer, 5_000, 0, false)).toBe("wait");
    expect(due(viewer, 0, 0, false)).toBe("nothing");
  });

  it("leads to a snapshot, then to the close, at named times", () => {
    const viewer = viewerAt(0);
    sent(viewer, MAX_UNACKED_EVENTS, 10);
    viewer.waiting_since = 1_000;
    expect(deadline(viewer)).toBe(1_000 + BEHIND_AFTER_MS);
    expect(due(viewer, 5_000, 999 + BEHIND_AFTER_MS, true)).toBe("wait");
    expect(due(viewer, 5_000, 1_000 + BEHIND_AFTER_MS, true)).toBe("snapshot");
    restarted(viewer, 5_000, 10, 20_000);
    expect(due(viewer, 6_000, 19_999 + CLOSE_AFTER_MS, true)).toBe("wait");
    expect(due(viewer, 6_000, 20_000 + CLOSE_AFTER_MS, true)).toBe("close");
  });

  it("after a snapshot only an acknowledgement of it counts", () => {
    const viewer = viewerAt(0);
    restarted(viewer, 5_000, 10, 0);
    expect(acknowledge(viewer, 4_999)).toBe(true);
    expect(due(viewer, 6_000, 1, true)).toBe("wait");
    expect(acknowledge(viewer, 5_000)).toBe(true);
    expect(due(viewer, 6_000, 1, true)).toBe("send");
    expect(deadline(viewer)).toBeNull();
  });

  it("takes repeated and late acknowledgements, and refuses impossible ones", () => {
    const viewer = viewerAt(0);
    sent(viewer, 10, 100);
    expect([5, 5, 3].map((seq) => acknowledge(viewer, seq))).toEqual([true, true, true]);
    expect(viewer.acked).toBe(5);
    expect([11, -1, 1.5, NaN].map((seq) => acknowledge(viewer, seq))).toEqual([false, false, false, false]);
  });
});
