import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Job, pauseAfter, type Work } from "./job.ts";
import { RETRY_MS } from "./limits.ts";

const NOW_MS = Date.UTC(2026, 10, 22);
const TIMEOUT_MS = 5_000;

/** A job whose alarm is noted, and not rung by itself. */
function jobOf(work: Pick<Work, "run"> & Partial<Work>) {
  const alarms: number[] = [];
  const job = new Job(
    { waitUntil: (promise) => void promise },
    async (time_ms) => {
      alarms.push(time_ms);
    },
    { name: "the work", due: () => NOW_MS, timeout_ms: TIMEOUT_MS, ...work },
  );
  return { job, alarms };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW_MS });
  vi.stubGlobal("scheduler", { wait: () => Promise.resolve() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a job", () => {
  it("[B3] whose run had nothing to do runs again when it is due", async () => {
    const run = vi.fn(async () => undefined);
    const { job } = jobOf({ run });
    await job.alarm();
    await vi.waitFor(() => expect(job.is_running).toBe(false));
    await job.alarm();
    expect(run).toHaveBeenCalledTimes(2);
  });

  it("[B1] that never ends holds up no alarm, and runs once at a time", async () => {
    const run = vi.fn(() => new Promise<void>(() => undefined));
    const { job, alarms } = jobOf({ run });
    await job.alarm();
    await job.alarm();
    expect(run).toHaveBeenCalledTimes(1);
    expect(alarms).toEqual([NOW_MS + TIMEOUT_MS + RETRY_MS, NOW_MS + TIMEOUT_MS + RETRY_MS]);
  });

  it("[B3] that throws is looked at again at its time-out, not at once", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { job, alarms } = jobOf({ run: () => Promise.reject(new Error("the disk is full")) });
    await job.alarm();
    await vi.waitFor(() => expect(job.is_running).toBe(false));
    expect(told).toHaveBeenCalledTimes(1);
    expect(alarms).toEqual([NOW_MS + TIMEOUT_MS + RETRY_MS]);
  });

  it("[B2] woken too early looks, and asks again for its own moment", async () => {
    const run = vi.fn(async () => undefined);
    const { job, alarms } = jobOf({ run, due: () => NOW_MS + 1 });
    await job.alarm();
    expect(run).not.toHaveBeenCalled();
    expect(alarms).toEqual([NOW_MS + 1]);
  });

  it("with nothing due is not armed, whatever it was armed for before", async () => {
    let due: number | null = NOW_MS + 60_000;
    const { job } = jobOf({ run: async () => undefined, due: () => due });
    await job.look();
    expect(job.is_armed).toBe(true);
    due = null;
    await job.look();
    expect(job.is_armed).toBe(false);
  });
});

it("pauses twice as long after each failure, up to the most", () => {
  expect([1, 2, 3, 20].map((failures) => pauseAfter(failures, 60_000))).toEqual([
    RETRY_MS,
    2 * RETRY_MS,
    4 * RETRY_MS,
    60_000,
  ]);
});
