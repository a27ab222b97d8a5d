/** The room's one alarm, for whoever in the room needs it: the earliest wish stands. */
export type WakeAt = (time_ms: number) => Promise<void>;

export function earliestAlarm(storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">): WakeAt {
  // One after the other: two that look at once would both set theirs, and the later one might stay.
  let before: Promise<void> = Promise.resolve();
  const wake: WakeAt = async (time_ms) => {
    const set = await storage.getAlarm();
    if (set === null || set > time_ms) await storage.setAlarm(time_ms);
  };
  return (time_ms) => {
    const mine = before.then(() => wake(time_ms));
    // Whoever asked hears of a failure; the next one is not to suffer from it.
    before = mine.catch(() => undefined);
    return mine;
  };
}
