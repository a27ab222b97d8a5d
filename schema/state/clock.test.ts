import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventTime } from "../event/event.ts";
import { NOON_MS, play, written, type Step } from "../../test/replay/play.ts";
import { foldTime } from "./clock.ts";

const [event] = written([{ type: "tool_called" }]);
const at = (timestamp: string, received_at: string) => {
  if (event === undefined) throw new Error("no event was written");
  return foldTime({ ...event, timestamp, received_at }, 7);
};

it("is the earlier of the two for every pair of clocks, as is eventTime", () => {
  const clock = fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
  const text = fc.oneof(
    clock.map((date) => date.toISOString()),
    clock.map((date) => date.toISOString().replace(/\.\d+Z/, "+05:30")),
  );
  fc.assert(
    fc.property(text, text, (timestamp, received_at) => {
      const earlier_ms = Math.min(Date.parse(timestamp), Date.parse(received_at));
      expect(at(timestamp, received_at)).toBe(earlier_ms);
      expect(eventTime({ timestamp, received_at })).toBe(earlier_ms);
    }),
  );
});

it("[S3] goes by the clock that can be read, else by the state's own time", () => {
  expect(at("never", "2026-11-22T12:00:00.000Z")).toBe(Date.UTC(2026, 10, 22, 12));
  expect(at("2026-11-22T12:00:00.000Z", "")).toBe(Date.UTC(2026, 10, 22, 12));
  expect(at("2026-99-22T12:00:00.000Z", "2026-11-22T12:00:00.000Z")).toBe(Date.UTC(2026, 10, 22, 12));
  expect(at("", "never")).toBe(7);
});

describe("the log's own clock", () => {
  const set: Step = { type: "budget_set", agent: "clusterfork:budget", at: 9_000 };
  const silent: Step = { type: "alert_raised", agent: "clusterfork:alerts", at: 9_100 };
  const timeOf = (steps: readonly Step[]) =>
    play(steps).time === 0 ? 0 : (play(steps).time - NOON_MS) / 1_000;

  it("begins with work: a budget that was set before it moves nothing", () => {
    expect(timeOf([set])).toBe(0);
    expect(timeOf([set, { type: "task_started", task: "T", at: 5 }])).toBe(5);
  });

  it("is moved by work alone, though Clusterfork speaks between two batches of an import", () => {
    const work = [5, 7, 6, 9].map((at): Step => ({ type: "task_progress", task: "T", at }));
    const [first, ...later] = work;
    if (first === undefined) throw new Error("no work");
    expect(timeOf([first, silent])).toBe(5);
    expect(timeOf([first, silent, ...later])).toBe(timeOf(work));
  });

  it("leaves the earliest and the latest event of all counted", () => {
    const { counters } = play([{ type: "task_started", task: "T", at: 5 }, set]);
    expect(counters).toMatchObject({ first_time: NOON_MS + 5_000, last_time: NOON_MS + 9_000_000 });
  });

  it("keeps a budget's month: what is spent counts in the month of its own time", () => {
    const spent: Step = { type: "tokens_used", at: 5, metrics: { cost_usd: 2 } };
    const terms = { budget_id: "b", scope: "project", period: "month", unit: "usd" };
    const before = play([{ ...set, metadata: terms, metrics: { limit_usd: 9 } }, spent]);
    expect(before.spending.budgets.get("b")?.accounts).toMatchObject([
      { from: Date.UTC(2026, 10), usage: { reported_usd: 2 } },
    ]);
  });
});
