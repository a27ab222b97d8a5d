import { describe, expect, it } from "vitest";
import { seeded } from "../../../schema/metric/statistic/random.ts";
import { MINUTE_MS, running, written } from "../work/written.ts";
import { Forecaster } from "./forecaster.ts";
import { durationWords, forecastWords } from "./words.ts";

/** Tasks of a log-normal time, one after the other; how many truths lay within what was said. */
function play(
  tasks: number,
  time: (task: number, normal: () => number) => number,
  title = (_task: number) => "",
) {
  const forecaster = new Forecaster("work");
  const random = seeded(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let now_ms = 0;
  const count = { n: 0, within: 0, neighbours: 0, error: 0 };
  for (let task = 0; task < tasks; task++) {
    const more = { id: `T${task}`, title: title(task), started_at: now_ms };
    const said = forecaster.begin(running(more), now_ms);
    now_ms += Math.max(1, time(task, normal)) * MINUTE_MS;
    const actual = forecaster.close(written({ ...more, closed_at: now_ms }), now_ms);
    if (said === null || said.interval === null || actual === null) continue;
    count.n += 1;
    count.within += actual >= said.interval.low && actual <= said.interval.high ? 1 : 0;
    count.neighbours += said.way === "neighbours" ? 1 : 0;
  }
  return { forecaster, count };
}

describe("a forecast", () => {
  it("is unknown before anything like it was finished, and has no interval before enough were scored", () => {
    const forecaster = new Forecaster("work");
    expect(forecaster.forecast(running())).toBeNull();
    for (let task = 0; task < 5; task++) forecaster.close(written({ id: `T${task}`, minutes: 10 + task }), 0);
    expect(forecaster.forecast(running())).toMatchObject({
      value: 12 * MINUTE_MS,
      interval: null,
      n: 5,
      way: "median",
    });
  });

  it("holds nine of ten truths, also when work becomes slower", () => {
    for (const slower of [0, 1 / 300]) {
      const { count } = play(1_500, (task, normal) => 30 * Math.exp(0.8 * normal() + task * slower));
      expect(count.n).toBeGreaterThan(1_400);
      // Four standard errors of 90 % at this n are three points.
      expect(Math.abs(count.within / count.n - 0.9)).toBeLessThan(0.031);
    }
  });

  it("asks the neighbours only where they have been nearer", () => {
    const words = ["add a button to the page", "migrate the database of bookings"];
    const alike = play(
      400,
      (task, normal) => (task % 2 === 0 ? 5 : 300) * Math.exp(0.1 * normal()),
      (task) => words[task % 2] ?? "",
    );
    expect(alike.count.neighbours).toBeGreaterThan(200);
    const blind = play(
      400,
      (_, normal) => 30 * Math.exp(0.5 * normal()),
      (task) => words[task % 2] ?? "",
    );
    expect(blind.count.neighbours).toBeLessThan(40);
  });

  it("takes no part of what is no measurement", () => {
    const { forecaster } = play(50, () => 10);
    const before = JSON.stringify(forecaster.forecast(running()));
    expect(forecaster.close(written({ minutes: -3 }), 0)).toBeNull();
    expect(forecaster.close(written({ minutes: 0 }), 0)).toBeNull();
    expect(JSON.stringify(forecaster.forecast(running()))).toBe(before);
    expect([...forecaster.pool.excluded]).toEqual([
      ["ends before it begins", 1],
      ["took no time", 1],
    ]);
  });
});

describe("in words", () => {
  it("a forecast says its middle, its interval and its sample", () => {
    const base = { way: "median" as const, stratum: "task", n: 23 };
    const time = {
      ...base,
      measure: "work" as const,
      value: 14 * MINUTE_MS,
      interval: { low: 9 * MINUTE_MS, high: 31 * MINUTE_MS, n: 23 },
    };
    const cost = { ...base, measure: "cost" as const, value: 0.42, interval: { low: 0.2, high: 0.9, n: 23 } };
    expect(forecastWords([time, cost], "task")).toBe(
      "about 14 min (9–31) and $0.42 ($0.20–0.90), from 23 similar tasks",
    );
    expect(forecastWords([null], "feature")).toBe("unknown: no finished feature to go by");
    expect(forecastWords([{ ...time, interval: null, n: 1 }], "task")).toBe(
      "about 14 min, from 1 similar task; too few forecasts scored yet for an interval",
    );
    const wide = { ...time, interval: { low: 5_000, high: 3 * 86_400_000, n: 23 } };
    expect(forecastWords([wide], "task")).toBe("about 14 min (5 s – 3 days), from 23 similar tasks");
    const tokens = {
      ...base,
      measure: "tokens" as const,
      value: 123_456,
      interval: { low: 900, high: 2_400_000, n: 23 },
    };
    expect(forecastWords([tokens], "task")).toBe("about 120 k tokens (900–2.4 M), from 23 similar tasks");
    expect([0, 59_000, 100_000, 5_400_000, 2 * 86_400_000].map(durationWords)).toEqual([
      "0 s",
      "59 s",
      "1.7 min",
      "1.5 h",
      "2 days",
    ]);
  });
});
