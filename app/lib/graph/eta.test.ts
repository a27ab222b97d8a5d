import { describe, expect, it } from "vitest";
import type { FeatureForecast } from "../../../schema/wire/forecast.ts";
import { clockTime } from "../ui/duration.ts";
import { whenText } from "../ui/when.ts";
import { etaPhrase, etasOf, featureEta, waveText } from "./eta.ts";
import { taskKey } from "./model.ts";

const NOON = new Date(2026, 10, 23, 12).getTime();
const HOUR_MS = 3_600_000;
const iso = (hours: number) => new Date(NOON + hours * HOUR_MS).toISOString();
const FORECAST: FeatureForecast = {
  ...{
    seq: 9,
    feature_id: "f",
    title: null,
    open_tasks: 2,
    words: "",
    samples: 12,
    calibrated_by: 0,
    why: null,
  },
  ...{ p50_at: iso(2), p80_at: iso(3), critical_path: [], cycles_broken: [], beyond_sample: 0 },
  ...{ status: "in_progress", closed_at: null },
  tasks: [
    { task_id: "a", p50_at: iso(1), p80_at: iso(1.5) },
    { task_id: "b", p50_at: iso(2), p80_at: iso(3) },
    { task_id: "c", p50_at: null, p80_at: null },
    { task_id: "d", p50_at: "+275760-09-13T00:00:00.000Z", p80_at: "+275760-09-13T00:00:00.000Z" },
  ],
  ...{ cost: { spent: null, unpriced_calls: 0, predicted: null, why: null }, late: null },
};

describe("ETA", () => {
  it("leaves out what is unknown or beyond all calendars", () => {
    expect([...etasOf(FORECAST).keys()]).toEqual([taskKey("a"), taskKey("b")]);
    expect(etasOf(null).size).toBe(0);
    expect(featureEta({ ...FORECAST, p80_at: null })).toBeNull();
    expect(featureEta({ ...FORECAST, p50_at: "soon" })).toBeNull();
  });
  it("stands beside a wave only where all of its open tasks have one", () => {
    const etas = new Map(etasOf(FORECAST));
    const closed = new Map([[taskKey("done"), NOON - HOUR_MS]]);
    const text = (...ids: string[]) =>
      waveText(ids.map(taskKey), etas, (key) => closed.get(key) ?? null, NOON);
    expect(text("a", "b", "done")).toBe(`P50 ${clockTime(NOON + 2 * HOUR_MS, false)}`);
    expect(text("done")).toBe(clockTime(NOON - HOUR_MS, false));
    expect(text("a", "c")).toBeNull();
    etas.set(taskKey("c"), { p50: NOON + 9_000 * 24 * HOUR_MS, p80: NOON + 9_000 * 24 * HOUR_MS });
    expect(text("a", "c")).toBe("too far to say");
    expect(text()).toBeNull();
  });
  it("is told no surer than earlier features bear out", () => {
    expect(etaPhrase(FORECAST, NOON)?.text).toContain(
      "likely by 15:00; from 12 finished, not calibrated yet.",
    );
    expect(etaPhrase({ ...FORECAST, calibrated_by: 3 }, NOON)?.text).toBe(
      " Expected 14:00, 80% sure by 15:00.",
    );
    const far = { p50_at: "2034-10-10T00:00:00Z", p80_at: "2034-10-16T00:00:00Z" };
    expect(etaPhrase({ ...FORECAST, ...far, calibrated_by: 3 }, NOON)?.text).toBe(
      " When it is done is too far ahead to say.",
    );
    expect(etaPhrase({ ...FORECAST, p80_at: far.p80_at, calibrated_by: 3 }, NOON)?.text).toBe(
      " Expected about 14:00; how late it may be is too far ahead to say.",
    );
    expect(etaPhrase({ ...FORECAST, p50_at: null }, NOON)).toBeNull();
    expect(etaPhrase(null, NOON)).toBeNull();
  });
  it("says the day when it is another, and no hour where it is far", () => {
    expect(whenText(NOON + 24 * HOUR_MS, NOON)).toBe("24 Nov, 12:00");
    expect(whenText(NOON + 10 * 24 * HOUR_MS, NOON)).toBe("3 Dec");
    expect(whenText(NOON + 100 * 24 * HOUR_MS, NOON)).toBe("3 Mar 2027");
    expect(whenText(NOON + 300 * 24 * HOUR_MS, NOON)).toBe("Sep 2027");
    expect(whenText(NOON + 3_000 * 24 * HOUR_MS, NOON)).toBe("too far to say");
    expect(whenText(NOON - 700 * 24 * HOUR_MS, NOON)).toBe("23 Dec 2024");
  });
});
