import { expect, it } from "vitest";
import { metadataSchema, metricsSchema } from "../../schema/event/taxonomy.ts";
import { createUsage } from "../../schema/state/usage.ts";
import type { HistoryHour } from "../../schema/wire/http.ts";
import { pseudonymOf, reportOf } from "./report.ts";

const SECRET = "key-secret-of-the-tests-0123456789abcdef";
const hour = (part: Partial<HistoryHour> = {}): HistoryHour => ({
  time: Date.UTC(2026, 10, 22, 14),
  events: 9,
  by_type: [
    ["tokens_used", 4],
    ["zebra.deployed", 2],
    ["zebra_eaten", 1],
    ["other", 1],
    ["constructor", 1],
  ],
  usage: { ...createUsage(), calls: 4, input_tokens: 12, reported_calls: 3, reported_usd: 0.1 + 0.2 },
  ...part,
});

it("[P1] holds sums of known types alone, under a pseudonym", () => {
  const report = reportOf(pseudonymOf(SECRET, "pzebra"), hour());
  expect(report.agent_id).toMatch(/^source-[0-9a-f]{16}$/);
  expect(report.metadata).toEqual({
    hour: "2026-11-22T14:00:00.000Z",
    by_type: { other: 5, tokens_used: 4 },
  });
  expect(report.timestamp).toBe("2026-11-22T15:00:00.000Z");
  expect(report.metrics).toMatchObject({ events: 9, calls: 4, input_tokens: 12, reported_usd: 0.3 });
  expect(JSON.stringify(report)).not.toMatch(/zebra/i);
});

it("is an event that a receiver understands", () => {
  const report = reportOf(pseudonymOf(SECRET, "p"), hour());
  expect(metadataSchema("usage_reported").safeParse(report.metadata).success).toBe(true);
  expect(metricsSchema("usage_reported").safeParse(report.metrics).success).toBe(true);
});

it("[B2] is the same event for the same sums, and another one after a late event", () => {
  const source = pseudonymOf(SECRET, "p");
  const [once, again] = [
    reportOf(source, hour()),
    reportOf(source, hour({ by_type: hour().by_type.toReversed() })),
  ];
  expect(again).toEqual(once);
  const late = reportOf(source, hour({ events: 10 }));
  expect(late.id).not.toBe(once.id);
  expect(late.metadata.hour).toBe(once.metadata.hour);
});

it("a pseudonym is of one project and one installation", () => {
  const names = [pseudonymOf(SECRET, "p1"), pseudonymOf(SECRET, "p2"), pseudonymOf(`${SECRET}x`, "p1")];
  expect(new Set(names).size).toBe(3);
  expect(pseudonymOf(SECRET, "p1")).toBe(names[0]);
});
