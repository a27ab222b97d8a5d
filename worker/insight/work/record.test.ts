import { describe, expect, it } from "vitest";
import { complexityOf } from "../../../schema/metric/complexity.ts";
import { createState, apply } from "../../../schema/state/apply.ts";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { findTask } from "../../../schema/state/select.ts";
import { measured, recordOfTask, soFar, type WorkRecord } from "./record.ts";
import { MINUTE_MS, running, written } from "./written.ts";

const events = (...steps: [string, string, Partial<StoredEvent>?][]): StoredEvent[] =>
  steps.map(([time, event_type, more], index) => ({
    id: `e${index}`,
    seq: index + 1,
    timestamp: `2026-01-01T${time}:00.000Z`,
    received_at: "2026-01-02T00:00:00.000Z",
    event_type,
    agent_id: "coder-a",
    task_id: "T",
    source: "api",
    key_id: "k",
    v: 1,
    ...more,
  }));
function recordAfter(...steps: Parameters<typeof events>): WorkRecord {
  const state = createState();
  for (const event of events(...steps)) apply(state, event);
  const task = findTask(state, "T");
  if (task === undefined) throw new Error("no task");
  return recordOfTask(task);
}
const value = (record: WorkRecord, measure: Parameters<typeof measured>[1]) => {
  const found = measured(record, measure);
  return found.ok ? found.value : found.why;
};

describe("what a task measured", () => {
  it("is the time since its creation, since its claim, and what its calls used", () => {
    const record = recordAfter(
      ["10:00", "task_created", { metadata: { kind: "bug", files: ["a.ts", "b.ts"] } }],
      ["10:10", "task_claimed"],
      [
        "10:12",
        "tokens_used",
        {
          metrics: { input_tokens: 100, output_tokens: 20, cost_usd: 0.5 },
          metadata: { cost_source: "reported" },
        },
      ],
      ["10:30", "task_completed"],
    );
    expect(record).toMatchObject({
      kind: "bug",
      complexity: "simple",
      outcome: "finished",
      agent_id: "coder-a",
    });
    expect(value(record, "lead")).toBe(30 * MINUTE_MS);
    expect(value(record, "work")).toBe(20 * MINUTE_MS);
    expect(value(record, "tokens")).toBe(120);
    expect(value(record, "cost")).toBe(0.5);
  });

  it("is unknown with a reason, never a made-up number", () => {
    expect(value(running(), "work")).toBe("not finished");
    expect(value(written({ outcome: "failed" }), "work")).toBe("not finished");
    expect(value(written({ started_at: null }), "work")).toBe("no beginning known");
    expect(value(written({ created_at: 99 * MINUTE_MS }), "lead")).toBe("ends before it begins");
    expect(value(written({ minutes: 0 }), "lead")).toBe("took no time");
    expect(value(written(), "tokens")).toBe("no call seen");
    expect(value(written({ tokens: 10 }), "cost")).toBe("price of a call unknown");
    expect(value(written({ tokens: 10, cost_usd: 0 }), "cost")).toBe("no amount");
    const early = recordAfter(["10:00", "task_completed"], ["11:00", "task_created"]);
    expect(value(early, "lead")).toBe("ends before it begins");
    const unpriced = recordAfter(
      ["10:00", "tokens_used", { metrics: { input_tokens: 1 } }],
      ["10:01", "task_completed"],
    );
    expect(unpriced).toMatchObject({ tokens: 1, cost_usd: null });
  });

  it("has a complexity by files: below 5 simple, to 20 medium, above complex, none unknown", () => {
    expect([null, 1, 4, 5, 20, 21].map((files) => complexityOf(files))).toEqual([
      null,
      "simple",
      "simple",
      "medium",
      "medium",
      "complex",
    ]);
    expect(complexityOf(3, { medium_from: 2, medium_to: 3 })).toBe("medium");
  });

  it("is counted up while it runs, and a clock that jumps back counts nothing", () => {
    expect(soFar(running(), "work", 5 * MINUTE_MS)).toBe(5 * MINUTE_MS);
    expect(soFar(running({ started_at: 9 * MINUTE_MS }), "work", 5 * MINUTE_MS)).toBe(0);
    expect(soFar(running({ started_at: null }), "work", 5)).toBeNull();
    expect(soFar(running({ tokens: 7 }), "cost", 5)).toBeNull();
  });
});
