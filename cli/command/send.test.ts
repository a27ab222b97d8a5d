import { describe, expect, it } from "vitest";
import type { OutgoingEvent } from "../import/outgoing.ts";
import { stampNow } from "./send.ts";

describe("an event typed as JSON", () => {
  const event = { id: "e", event_type: "task_started", agent_id: "coder-a" };

  it("happens now where it does not say when, and else when it says", () => {
    const before = Date.now();
    const stamped = stampNow(event as OutgoingEvent);
    expect(Date.parse(stamped.timestamp)).toBeGreaterThanOrEqual(before);
    const told = { ...event, timestamp: "2026-01-01T12:00:00Z" };
    expect(stampNow(told)).toBe(told);
  });

  it("is left to the server's words where it is no event at all", () => {
    expect(stampNow(7 as unknown as OutgoingEvent)).toBe(7);
  });
});
