/** The backtest itself: that nothing it says knows what comes later, and that the authored miniature gives figures. */
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { Detectors } from "../../worker/insight/anomaly/detect.ts";
import { Forecaster } from "../../worker/insight/forecast/forecaster.ts";
import { finishRows } from "./finishes.ts";
import { live } from "./history.ts";
import { intervalRows } from "./intervals.ts";
import { miniature } from "./miniature.ts";
import { rewrite } from "./readme.ts";
import { isMet, table } from "./row.ts";
import { stored } from "./source.ts";
import { targetRows } from "./targets.ts";

const log = { name: "miniature", events: stored(miniature()), is_recorded: false };

/** All that was said while the events were lived through, as text. */
function saidOf(events: readonly StoredEvent[]): string[] {
  const said: string[] = [];
  const forecaster = new Forecaster("work");
  const detectors = new Detectors();
  live(events, {
    moment({ what, record, time_ms }) {
      if (record.is !== "task") return;
      if (what === "started") said.push(JSON.stringify(forecaster.begin(record, time_ms)));
      if (what === "closed") said.push(JSON.stringify(forecaster.close(record, time_ms)));
    },
    event(event, state, time_ms) {
      detectors.note(event, state);
      if (event.seq % 50 === 0) said.push(JSON.stringify(detectors.detect({ state, now_ms: time_ms })));
    },
  });
  return said;
}

describe("the backtest", () => {
  it("says of the first half of a log what it would have said had the second never come", () => {
    const half = saidOf(log.events.slice(0, Math.floor(log.events.length / 2)));
    expect(half.length).toBeGreaterThan(500);
    expect(saidOf(log.events).slice(0, half.length)).toEqual(half);
  });

  it("finds targets and intervals near what they claim on made-up work that becomes slower", () => {
    const [adapted] = targetRows(log);
    expect(adapted?.n).toBeGreaterThan(500);
    expect(adapted?.value).toBeGreaterThan(3.5);
    expect(adapted?.value).toBeLessThan(6.5);
    const covered = intervalRows(log, true).find(
      ({ what }) => what.includes("tasks") && what.includes("claimed"),
    );
    expect(covered?.value).toBeGreaterThan(87);
    expect(covered?.value).toBeLessThan(93);
    const [finished] = finishRows([log]);
    expect(finished?.n).toBeGreaterThan(100);
    expect(finished?.value).toBeGreaterThan(70);
  });

  it("writes its table between the markers of a README, and shows what is missed", () => {
    const row = {
      data: "x",
      what: "y",
      value: 2,
      unit: "%" as const,
      n: 3,
      target: { low: 0, high: 1, words: "≤ 1 %" },
    };
    expect(isMet(row)).toBe(false);
    expect(isMet({ ...row, value: Number.NaN })).toBeNull();
    const begin = "<!-- backtest: written by `npm run backtest -- --readme` -->";
    const end = "<!-- end of backtest -->";
    expect(rewrite(`a\n${begin}\nold\n${end}\nb`, [row], "about")).toBe(
      `a\n${begin}\n\nabout\n\n${table([row])}\n\n${end}\nb`,
    );
    expect(table([row])).toContain("MISSED");
    expect(() => rewrite("", [row], "")).toThrow("markers");
  });
});
