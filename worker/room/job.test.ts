import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Job, pauseAfter, type Work } from "./job.ts";
import { RETRY_MS } from "./limits.ts";

const NOW_MS = Date.UTC(2026, 10, 22);
const TIMEOUT_MS = 5_000;
const DUE_MS = NOW_MS + 60_000;

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

  it("[B3] that cannot be scheduled, or looked at, looks again by itself until it can", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const waits: (() => void)[] = [];
    vi.stubGlobal("scheduler", { wait: () => new Promise<void>((wake) => waits.push(wake)) });
    const set = vi.fn((_time_ms: number) => Promise.reject(new Error("database is locked: SQLITE_BUSY")));
    const due = vi.fn(() => DUE_MS);
    const job = new Job({ waitUntil: (promise) => void promise }, set, {
      name: "the work",
      due,
      run: async () => undefined,
      timeout_ms: TIMEOUT_MS,
    });
    await job.look();
    // Once at a time, however often it fails meanwhile.
    await job.look();
    expect([waits.length, job.is_armed]).toEqual([1, false]);
    due.mockImplementationOnce(() => {
      throw new Error("disk I/O error: SQLITE_IOERR");
    });
    waits.shift()?.();
    await vi.waitFor(() => expect(waits.length).toBe(1));
    set.mockImplementation(() => Promise.resolve() as never);
    waits.shift()?.();
    await vi.waitFor(() => expect(job.is_armed).toBe(true));
    expect(set).toHaveBeenLastCalledWith(DUE_MS);
    expect([waits.length, told.mock.calls.length]).toEqual([0, 3]);
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
