/**
 * A room has one alarm and several jobs that need it: it stands at the earliest moment that any of them asked
 * for. Whoever is woken early looks, finds nothing due, and asks again.
 */
type Alarm = Pick<DurableObjectStorage, "getAlarm" | "setAlarm">;

export type WakeAt = (time_ms: number) => Promise<void>;

export function createWakeAt(alarm: Alarm): WakeAt {
  let asked: Promise<void> = Promise.resolve();
  return (time_ms) => {
    const set = async (): Promise<void> => {
      const at = await alarm.getAlarm();
      if (at === null || at > time_ms) await alarm.setAlarm(time_ms);
    };
    // One after the other: two that look at once would both set it, and the later moment could win.
    const done = asked.then(set, set);
    asked = done;
    return done;
  };
}
