import { describe, expect, it } from "vitest";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { stampNow, typeHints } from "./send.ts";

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

describe("a type that is not known", () => {
  const typed = (event_type: string) => ({ event_type, agent_id: "coder-a" }) as OutgoingEvent;

  it("gets a word where it is one slip from a known one, once for all its events", () => {
    expect(typeHints([typed("task_creatd"), typed("task_creatd")])).toEqual([
      '"task_creatd" is no known type: it is stored and counted only. Did you mean "task_created"?',
    ]);
  });

  it("is left alone where it is known, or the sender's own", () => {
    expect(
      typeHints([typed("task_created"), typed("deploy.started"), 7 as unknown as OutgoingEvent]),
    ).toEqual([]);
  });
});
