import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Held } from "../../schema/metric/ask.ts";
import { KeptMeasuring } from "./kept-measuring.ts";

const HOUR_MS = 3_600_000;
const capped = (usd: number): Held => ({ targets: new Map([["cost_per_hour", usd]]) });

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("is read once an hour, and is the same object while it is the same", async () => {
  let usd = 5;
  const read = vi.fn(() => Promise.resolve(capped(usd)));
  const kept = new KeptMeasuring(read);
  expect(kept.held).toEqual({});
  await kept.refresh(0);
  const first = kept.held;
  expect(first).toEqual(capped(5));
  await kept.refresh(HOUR_MS - 1);
  expect(read).toHaveBeenCalledTimes(1);
  await kept.refresh(HOUR_MS);
  expect(read).toHaveBeenCalledTimes(2);
  expect(kept.held).toBe(first);
  usd = 7;
  await kept.refresh(2 * HOUR_MS);
  expect(kept.held).toEqual(capped(7));
});

it("[B3] stays what it was where D1 fails or never answers, holds no look up for long, and asks again in a minute", async () => {
  const answers: (() => Promise<Held>)[] = [
    () => Promise.resolve(capped(5)),
    () => Promise.reject(new Error("D1 is away")),
    () => new Promise(() => undefined),
    () => Promise.resolve(capped(9)),
  ];
  const kept = new KeptMeasuring(() => answers.shift()?.() ?? expect.unreachable());
  await kept.refresh(0);
  await kept.refresh(HOUR_MS);
  expect(kept.held).toEqual(capped(5));
  const waits = kept.refresh(HOUR_MS + 60_000);
  await vi.advanceTimersByTimeAsync(5_000);
  await waits;
  expect(kept.held).toEqual(capped(5));
  await kept.refresh(HOUR_MS + 120_000);
  expect(kept.held).toEqual(capped(9));
});
