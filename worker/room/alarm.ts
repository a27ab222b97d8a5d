/**
 * The room's alarm, which must not throw: the runtime tries a failed one six times more and then forgets it, and
 * nothing would come of the backlog until somebody asks (B3).
 */
import type { BackgroundJob } from "./gauges.ts";

/** Jobs in the order of their turns. `again` sees to it that the alarm comes once more. */
export async function runAlarm(
  jobs: readonly [name: BackgroundJob, run: () => unknown][],
  failed: (job: BackgroundJob) => void,
  again: () => Promise<void>,
): Promise<void> {
  let must_come_again = false;
  for (const [name, run] of jobs) {
    try {
      await run();
    } catch (error) {
      // It keeps none of the others from its turn.
      console.error(`the alarm's ${name} failed; trying again`, error);
      failed(name);
      must_come_again = true;
    }
  }
  // Where even that fails, it throws: then the runtime's own tries are all that is left.
  if (must_come_again) await again();
}
