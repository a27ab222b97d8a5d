import { afterEach, expect, it, vi } from "vitest";
import { runAlarm } from "./alarm.ts";
import type { BackgroundJob } from "./gauges.ts";

afterEach(() => vi.restoreAllMocks());

it("[B3] fails ten times without throwing, each time comes again, and keeps no other job from its turn", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const failed: BackgroundJob[] = [];
  const drain = vi.fn();
  const again = vi.fn(async () => undefined);
  let broken = true;
  const publish = () => {
    if (broken) throw new Error("no such table: log: SQLITE_ERROR");
  };
  const audit = () => (broken ? Promise.reject(new Error("disk I/O error: SQLITE_IOERR")) : undefined);
  const alarm = () =>
    runAlarm(
      [
        ["publish", publish],
        ["drain", drain],
        ["audit", audit],
      ],
      (job) => failed.push(job),
      again,
    );
  for (let nth = 1; nth <= 10; nth += 1) {
    await alarm();
    expect([again.mock.calls.length, drain.mock.calls.length]).toEqual([nth, nth]);
  }
  expect(failed).toEqual(Array.from({ length: 10 }, () => ["publish", "audit"]).flat());
  broken = false;
  await alarm();
  // Healed, it is left to the jobs when it comes again.
  expect([again.mock.calls.length, drain.mock.calls.length]).toEqual([10, 11]);
});

it("[B3] throws when it cannot be set again, so that the runtime tries", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const broken = () => Promise.reject(new Error("disk"));
  await expect(runAlarm([["drain", broken]], () => undefined, broken)).rejects.toThrow("disk");
});
