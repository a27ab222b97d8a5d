/** The merging of ids under the room's alarm: no append waits for it, and none depends on it. */
import type { Gauges } from "../gauges.ts";
import { Job, type JobContext, pauseAfter } from "../job.ts";
import type { Live } from "../memory.ts";
import type { WakeAt } from "../wake.ts";
import { hasLeftovers } from "./leftover.ts";
import { MAX_MERGE_PAUSE_MS, MERGE_PAUSE_MS, MERGE_TIMEOUT_MS } from "./limits.ts";
import { nextMerge } from "./merge.ts";
import { readRuns } from "./run.ts";

export class IdsJob {
  readonly #storage: DurableObjectStorage;
  readonly #live: Pick<Live, "get">;
  readonly #gauges: Pick<Gauges, "failed">;
  readonly #job: Job;
  #failures = 0;
  #not_before_ms = 0;

  /** Made when the room wakes up: a merge that was interrupted must not wait for the next event. */
  constructor(context: JobContext, live: Pick<Live, "get">, wakeAt: WakeAt, gauges: Pick<Gauges, "failed">) {
    this.#storage = context.storage;
    this.#live = live;
    this.#gauges = gauges;
    this.#job = new Job(context, wakeAt, {
      name: "the merging of ids",
      due: () => this.#due(),
      run: () => this.#run(),
      timeout_ms: MERGE_TIMEOUT_MS,
    });
    this.#job.lookSoon();
  }

  /** Called after each commit. */
  committed(is_due: boolean): void {
    if (is_due && !this.#job.is_armed) this.#job.lookSoon();
  }

  alarm(): Promise<void> {
    return this.#job.alarm();
  }

  #due(): number | null {
    const { sql } = this.#storage;
    return nextMerge(readRuns(sql)) !== null || hasLeftovers(sql) ? this.#not_before_ms : null;
  }

  async #run(): Promise<void> {
    try {
      // Memory may be dropped and loaded anew between two slices: the parts say how far the merge is.
      while (this.#live.get().ids.tidy(this.#storage)) await scheduler.wait(MERGE_PAUSE_MS);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#not_before_ms = Date.now() + pauseAfter(this.#failures, MAX_MERGE_PAUSE_MS);
      this.#gauges.failed("ids");
      console.error("ids could not be merged; it is tried again", error);
    }
  }
}
