import { describe, expect, it } from "vitest";
import { placeMarks } from "./marks.ts";
import { densityPath, placeOf, placeOfSeq, seqAtBar, seqAtPlace, spanOf } from "./scale.ts";
import { ticksOf } from "./tick.ts";

const FROM = Date.UTC(2026, 10, 22, 12);
const HOUR_MS = 3_600_000;
const span = (seqs: number[], hours = 4) => {
  const found = spanOf({
    seq: seqs.at(-1) ?? 0,
    from: FROM,
    to: FROM + hours * HOUR_MS,
    seqs,
    marks: [],
    checkpoints: [],
  });
  if (found === null) throw new Error("a timeline with events has a span");
  return found;
};

describe("the slider's axis", () => {
  it("has none while the log is empty", () => {
    expect(spanOf({ seq: 0, from: null, to: null, seqs: [], marks: [], checkpoints: [] })).toBeNull();
    expect(spanOf(null)).toBeNull();
  });

  it("finds the seq at each place and the place of each seq", () => {
    const timeline = span([10, 10, 10, 1_000, 1_010, 5_000]);
    expect(seqAtPlace(timeline, -1)).toBe(1);
    expect(seqAtPlace(timeline, 0)).toBe(1);
    expect(seqAtPlace(timeline, 1)).toBe(5_000);
    expect(seqAtPlace(timeline, 4 / 6)).toBe(1_000);
    expect(seqAtPlace(timeline, 0.4)).toBe(10);
    for (let seq = 1; seq <= 5_000; seq += 7)
      expect(Math.abs(seqAtPlace(timeline, placeOfSeq(timeline, seq)) - seq)).toBeLessThanOrEqual(1);
    expect(placeOf(timeline, FROM + HOUR_MS)).toBe(0.25);
    expect(placeOf(timeline, FROM - HOUR_MS)).toBe(0);
  });

  it("never goes back as the place goes on", () => {
    const timeline = span([3, 3, 900, 901, 901, 7_000, 7_000]);
    let last = 0;
    for (let place = 0; place <= 1; place += 0.001) {
      const seq = seqAtPlace(timeline, place);
      expect(seq).toBeGreaterThanOrEqual(last);
      last = seq;
    }
  });

  it("gives a busy day at the end of quiet years as much room as its events ask for", () => {
    // Two years of some events, then a day of ten thousand.
    const years = Array.from({ length: 99 }, (_, n) => 10 * (n + 1));
    const timeline = span([...years, 11_000], 24 * 730);
    expect(timeline.even).toBe(false);
    expect(placeOfSeq(timeline, 990)).toBeLessThan(0.6);
    expect(seqAtPlace(timeline, 0.99)).toBeGreaterThan(10_000);
    expect(seqAtPlace(timeline, 0.2)).toBeLessThan(500);
    for (let seq = 1; seq <= 11_000; seq += 13)
      expect(Math.abs(seqAtPlace(timeline, placeOfSeq(timeline, seq)) - seq)).toBeLessThanOrEqual(1);
    let last = 0;
    for (let place = 0; place <= 1; place += 0.001) {
      expect(seqAtPlace(timeline, place)).toBeGreaterThanOrEqual(last);
      last = seqAtPlace(timeline, place);
    }
    const ticks = ticksOf(timeline, 900);
    expect(ticks.length).toBeGreaterThan(2);
    ticks.forEach((tick, index) => {
      const before = ticks[index - 1];
      if (before !== undefined) expect((tick.place - before.place) * 900).toBeGreaterThanOrEqual(95);
    });
    expect(placeOf(timeline, timeline.from + (timeline.to - timeline.from) * 0.99)).toBeCloseTo(
      timeline.edges[99] ?? NaN,
      6,
    );
    expect(seqAtBar(timeline, 990, 1)).toEqual({ seq: 11_000, beyond: true });
    expect(seqAtBar(timeline, 990, -1).seq).toBe(980);
    expect(seqAtBar(timeline, 1, -5)).toEqual({ seq: 1, beyond: false });
    // Some events far apart are no crowd.
    expect(span(Array.from({ length: 100 }, (_, n) => (n < 50 ? 5 : 11))).even).toBe(true);
    // Even work keeps an even axis.
    expect(span(Array.from({ length: 100 }, (_, n) => 100 * (n + 1))).even).toBe(true);
  });

  it("stands at its end where everything happened at once", () => {
    const timeline = span([40], 0);
    expect(placeOf(timeline, FROM)).toBe(1);
    expect(seqAtPlace(timeline, 0.5)).toBe(21);
    expect(ticksOf(timeline, 900)).toEqual([]);
  });

  it("labels round times, few enough to be read", () => {
    for (const hours of [0.01, 0.2, 1, 4, 30, 24 * 20, 24 * 900])
      for (const width of [200, 760, 1_500]) {
        const ticks = ticksOf(span([5, 9], hours), width);
        expect(ticks.length).toBeLessThanOrEqual(Math.ceil(width / 96) + 1);
        expect(new Set(ticks.map(({ place }) => place)).size).toBe(ticks.length);
      }
    expect(ticksOf(span([5, 9]), 900).map(({ label }) => label)).toHaveLength(7);
  });

  it("draws one bar for each step in which something happened", () => {
    const path = densityPath(span([10, 10, 30, 30]), 100, 22, 15);
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path).toContain("v-15.0");
  });

  it("draws a step as wide as many as a row of bars, never as one block", () => {
    // All of an imported past came after a first event of today: it lies in one step.
    const timeline = span([5_000, ...Array.from({ length: 99 }, () => 5_000)]);
    expect(timeline.even).toBe(false);
    const widths = [...densityPath(timeline, 900, 22, 15).matchAll(/h([\d.]+)v/g)].map(([, px]) =>
      Number(px),
    );
    expect(widths.length).toBeGreaterThan(50);
    expect(Math.max(...widths)).toBeLessThanOrEqual(3);
  });
});

describe("the slider's marks", () => {
  const mark = (bucket: number, event_type: string, count = 1) => ({
    bucket,
    event_type,
    seq: bucket + 1,
    count,
  });

  it("keeps trouble where there is no room for everything", () => {
    const marks = Array.from({ length: 100 }, (_, bucket) => mark(bucket, "task_merged"));
    const placed = placeMarks([...marks, mark(50, "task_failed", 3)], (at) => (at + 0.5) / 100, 500);
    expect(placed.filter(({ shape }) => shape === "failed")).toHaveLength(1);
    expect(placed.length).toBeLessThanOrEqual(500 / 44 + 2);
    expect(placed.find(({ shape }) => shape === "failed")?.title).toBe("task failed, 3 times, event 51");
  });

  it("leaves out what it has no shape for", () => {
    expect(placeMarks([mark(1, "something_new")], (at) => at / 10, 500)).toEqual([]);
  });
});
