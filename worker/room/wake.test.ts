import { expect, it } from "vitest";
import { createWakeAt } from "./wake.ts";

/** An alarm as a Durable Object has it: both calls take their time. */
function slowAlarm() {
  let set_ms: number | null = null;
  return {
    getAlarm: async () => {
      await Promise.resolve();
      return set_ms;
    },
    setAlarm: async (time_ms: number | Date) => {
      await Promise.resolve();
      set_ms = Number(time_ms);
    },
    at: () => set_ms,
  };
}

it("[B3] the earliest of several moments asked for at once stands, whatever their order", async () => {
  for (const times of [
    [60, 62],
    [62, 60],
    [90, 60, 75],
  ]) {
    const alarm = slowAlarm();
    const wakeAt = createWakeAt(alarm);
    await Promise.all(times.map((time_ms) => wakeAt(time_ms)));
    expect(alarm.at()).toBe(60);
  }
});

it("[B3] one that failed does not keep the next from being set", async () => {
  const alarm = slowAlarm();
  let failing = true;
  const wakeAt = createWakeAt({
    getAlarm: alarm.getAlarm,
    setAlarm: (time_ms) => (failing ? Promise.reject(new Error("disk")) : alarm.setAlarm(time_ms)),
  });
  const failed = expect(wakeAt(60)).rejects.toThrow("disk");
  await failed;
  failing = false;
  await wakeAt(70);
  expect(alarm.at()).toBe(70);
});
