import { describe, expect, it } from "vitest";
import { bill, type Usage } from "./bill.ts";
import { check, figure, isMet, ratios, Untrue } from "./figure.ts";
import { LongLog } from "./long-log.ts";
import type { Machine } from "./machine.ts";
import { rewrite } from "./readme.ts";
import { runBenches } from "./run.ts";
import type { Bench } from "./suite.ts";
import { number, table } from "./table.ts";

const beside = { what: "bare", runs: [100, 50, 200] };
const machine: Machine = {
  cpu: "A processor",
  cores: 2,
  memory_gib: 4,
  kernel: "Linux 6",
  node: "v24",
  workerd: "1",
  date: "2026-11-22T12:00:00.000Z",
  commit: "abc1234",
};

describe("a figure", () => {
  it("takes its ratio run by run, and its verdict from the median", () => {
    const one = figure("append", "events/s", [80, 60, 100], {
      beside,
      target: { of: "ratio", at_least: 0.8 },
    });
    expect(ratios(one)).toEqual([0.8, 1.2, 0.5]);
    expect(isMet(one)).toBe(true);
    expect(isMet({ ...one, target: { of: "ratio", at_least: 0.81 } })).toBe(false);
    expect(isMet({ ...one, target: { of: "figure", at_most: 80 } })).toBe(true);
    expect(isMet({ ...one, target: { of: "figure", at_most: 79 } })).toBe(false);
    expect(isMet(figure("append", "events/s", [80]))).toBeNull();
  });

  it("is one line of an aligned table", () => {
    const one = figure("append", "events/s", [12_345.6], { target: { of: "figure", at_least: 20_000 } });
    const lines = table([one, figure("wake", "ms", [35.21])]).split("\n");
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[2]).toContain("| 12,346 events/s |");
    expect(lines[2]).toContain("| ≥ 20,000 | MISSED | 1 |");
    expect(number(0.0123456)).toBe("0.0123");
  });

  it("goes between the markers of the README, and nowhere else", () => {
    const from = "<!-- figures: written by `npm run bench -- --readme` -->";
    const readme = `before\n${from}\nold\n<!-- end of figures -->\nafter\n`;
    const written = rewrite(readme, [figure("wake", "ms", [35])], machine);
    expect(written).toMatch(/^before\n/);
    expect(written).toMatch(/\nafter\n$/);
    expect(written).not.toContain("old");
    expect(written).toContain("A processor, 2 cores, 4 GiB, Linux 6");
    expect(rewrite(written, [figure("wake", "ms", [35])], machine)).toHaveLength(written.length);
    expect(() => rewrite("no markers", [], machine)).toThrow(/markers/);
  });
});

describe("a run", () => {
  const bench = (run: Bench["run"]): Bench => ({ about: "a benchmark", in_suite: true, run });
  const plan = { runs: 1, log: new LongLog(1), say: () => undefined };

  it("goes on past a benchmark whose check fails, and names it; a missed target is no failure", async () => {
    const missed = figure("wake", "ms", [900], { target: { of: "figure", at_most: 200 } });
    const found = await runBenches(
      [
        ["untrue", bench(async () => check(false, "head 9, accepted 10") ?? [])],
        ["slow", bench(async () => [missed])],
      ],
      plan,
    );
    expect(found).toEqual({ figures: [missed], failed: ["untrue"] });
    expect(() => check(false, "head 9, accepted 10")).toThrow(Untrue);
  });
});

describe("the bill", () => {
  const nothing: Usage = {
    events: 2_000_000,
    worker_requests: 0,
    worker_cpu_ms: 0,
    room_requests: 0,
    room_messages: 0,
    room_active_s: 0,
    room_rows_written: 0,
    room_rows_read: 0,
    d1_rows_written: 0,
    d1_rows_read: 0,
  };

  it.each<[keyof Usage, number, number]>([
    // For two million events: a million requests at $0.30 are $0.15 for each million events.
    ["worker_requests", 1_000_000, 0.15],
    ["worker_cpu_ms", 5_000_000, 0.05],
    ["room_requests", 1_000_000, 0.075],
    // Twenty messages are one request.
    ["room_messages", 20_000_000, 0.075],
    // A day of 128 MB: 86,400 s × 0.128 GB = 11,059.2 GB-s, at $12.50 a million.
    ["room_active_s", 86_400, 0.06912],
    ["room_rows_written", 2_200_000, 1.1],
    ["room_rows_read", 2_000_000_000, 1],
    ["d1_rows_written", 300_000, 0.15],
    ["d1_rows_read", 2_000_000, 0.001],
  ])("charges %s by the list", (part, amount, usd) => {
    expect(bill({ ...nothing, [part]: amount }).total).toBeCloseTo(usd, 9);
  });

  it("adds them up for each million of events", () => {
    const usage = { ...nothing, events: 1_000_000, worker_requests: 10_000, room_requests: 10_000 };
    const { total, worker, room_requests, room_rows } = bill({ ...usage, room_rows_written: 1_020_000 });
    expect([worker, room_requests, room_rows]).toEqual([0.003, 0.0015, 1.02]);
    expect(total).toBeCloseTo(1.0245, 9);
  });
});
