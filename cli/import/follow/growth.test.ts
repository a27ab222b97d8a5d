import { describe, expect, it } from "vitest";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { untold, type Ledger } from "./growth.ts";

const call = (output_tokens: number, more: Record<string, number> = {}): OutgoingEvent => ({
  id: "req_1",
  timestamp: "2026-01-01T00:00:00.000Z",
  event_type: "tokens_used",
  agent_id: "a",
  metrics: { input_tokens: 3, output_tokens, duration_ms: 40, ...more },
});

describe("a call that grows after it was told", () => {
  it("[M1] is told once, and then only what it grew by, under ids of their own", () => {
    const ledger: Ledger = new Map();
    expect(untold(call(10), ledger)).toEqual(call(10));
    expect(untold(call(10), ledger)).toBeNull();
    expect(untold(call(25), ledger)).toEqual({ ...call(25), id: "req_1#1", metrics: { output_tokens: 15 } });
    expect(untold(call(25, { cost_usd: 0.5 }), ledger)).toMatchObject({
      id: "req_1#2",
      metrics: { cost_usd: 0.5 },
    });
    expect(untold(call(20), ledger)).toBeNull();
  });
});
