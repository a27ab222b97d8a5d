import { describe, expect, it } from "vitest";
import { ACK_EVERY_EVENTS, ACK_EVERY_MS, AckPolicy } from "./acknowledge.ts";

describe("AckPolicy", () => {
  it("is due at every 500 events, however fast they come", () => {
    const policy = new AckPolicy();
    policy.reset(0, 0);
    const acks: number[] = [];
    for (let seq = 1; seq <= 1_600; seq++) if (policy.due(seq, 1)) acks.push(seq);
    expect(acks).toEqual([ACK_EVERY_EVENTS, 2 * ACK_EVERY_EVENTS, 3 * ACK_EVERY_EVENTS]);
  });

  it("is due once per second of traffic, and not without any", () => {
    const policy = new AckPolicy();
    policy.reset(10, 0);
    expect(policy.due(11, ACK_EVERY_MS - 1)).toBe(false);
    expect(policy.due(11, ACK_EVERY_MS)).toBe(true);
    expect(policy.due(11, 10 * ACK_EVERY_MS)).toBe(false);
    expect(policy.due(12, 10 * ACK_EVERY_MS)).toBe(true);
  });

  it("counts anew after a reconnection", () => {
    const policy = new AckPolicy();
    policy.reset(700, 0);
    expect(policy.due(700, 5_000)).toBe(false);
    expect(policy.due(1_199, 10)).toBe(false);
    expect(policy.due(1_200, 10)).toBe(true);
  });
});
