/**
 * What the background jobs of the room's alarm have in common: the drain, the audit, forwarding.
 *
 *   due ──▶ armed ──alarm──▶ one run at a time ──▶ armed for what is due next
 *                              └── never ends: the alarm stands at its time-out (B3)
 *
 * The rows say what is due, so an early, late or doubled alarm does no harm (B2), and neither an append nor
 * the alarm's other work waits for a slow run (B1).
 */
import { JOB_PATIENCE_MS, RETRY_MS } from "./limits.ts";
import type { WakeAt } from "./wake.ts";

/** The part of the room's own context that jobs need. `id.name` is the project; where the runtime does not tell it, a stored one is used. */
export type JobContext = Pick<DurableObjectState, "id" | "storage" | "waitUntil">;

export interface Work {
  /** For the operator's log. */
  name: string;
  /** When there is something to do, ms; null when there is nothing. */
  due(): number | null;
  /** Meets its own failures, and changes what is due by them. `due_ms`: since when it was. */
  run(due_ms: number): Promise<void>;
  /** After that a run counts as stuck. */
  timeout_ms: number;
}

export class Job {
  readonly #work: Work;
  readonly #waitUntil: (work: Promise<void>) => void;
  readonly #wakeAt: WakeAt;
  #running: Promise<void> | null = null;
  /** When the alarm comes that was set for this, as far as this object knows. */
  #armed_ms = Infinity;
  #is_looking_later = false;

  constructor(context: Pick<JobContext, "waitUntil">, wakeAt: WakeAt, work: Work) {
    this.#work = work;
    this.#waitUntil = (promise) => context.waitUntil(promise);
    this.#wakeAt = wakeAt;
  }

  get is_running(): boolean {
    return this.#running !== null;
  }

  get is_armed(): boolean {
    return this.#armed_ms !== Infinity;
  }

  /** Looks at what is due, whatever was armed before. Does not throw. */
  async look(): Promise<void> {
    this.#armed_ms = Infinity;
    let at: number | null;
    try {
      at = this.#work.due();
    } catch (error) {
      console.error(`${this.#work.name} could not be looked at`, error);
      return this.#lookLater();
    }
    if (at !== null) await this.arm(at);
  }

  /** Looks without being waited for. */
  lookSoon(): void {
    this.#waitUntil(this.look());
  }

  /** Storage that does not tell what is due, or takes no alarm, may be back soon, and no request may come then (B3). */
  #lookLater(): void {
    if (this.#is_looking_later) return;
    this.#is_looking_later = true;
    const later = async () => {
      await scheduler.wait(RETRY_MS);
      this.#is_looking_later = false;
      if (!this.is_armed) await this.look();
    };
    this.#waitUntil(later());
  }

  /** Sees to it that the alarm comes at `time_ms` at the latest. Cheap when it does already. */
  armBy(time_ms: number): void {
    if (time_ms < this.#armed_ms) this.#waitUntil(this.arm(time_ms));
  }

  async arm(time_ms: number): Promise<void> {
    this.#armed_ms = Math.max(time_ms, Date.now());
    try {
      await this.#wakeAt(this.#armed_ms);
    } catch (error) {
      this.#armed_ms = Infinity;
      console.error(`${this.#work.name} could not be scheduled`, error);
      this.#lookLater();
    }
  }

  /** Part of the room's alarm, which meets what it throws. Waits only so long for a slow run. */
  async alarm(): Promise<void> {
    this.#armed_ms = Infinity;
    const at = this.#work.due();
    if (at === null) return;
    if (at > Date.now()) return this.arm(at);
    // Whatever becomes of this run, and of this object, somebody looks again.
    await this.arm(Date.now() + this.#work.timeout_ms + RETRY_MS);
    this.#running ??= this.#run(at);
    this.#waitUntil(this.#running);
    await Promise.race([this.#running, scheduler.wait(JOB_PATIENCE_MS)]);
  }

  async #run(due_ms: number): Promise<void> {
    try {
      await this.#work.run(due_ms);
    } catch (error) {
      // Nothing that it knows of: what is due stays due, and the alarm at the time-out stands.
      console.error(`${this.#work.name} failed`, error);
      this.#running = null;
      return;
    }
    this.#running = null;
    await this.look();
  }
}

/** The pause after so many failures in a row, at least one: it doubles. */
export function pauseAfter(failures: number, max_ms: number): number {
  return Math.min(RETRY_MS * 2 ** (failures - 1), max_ms);
}

/** The answer, or a rejection when it takes too long. The work itself goes on. */
export async function inTime<T>(work: Promise<T>, timeout_ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${String(timeout_ms / 1_000)} s`)),
      timeout_ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
