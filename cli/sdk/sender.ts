/**
 * The queue and its one delivery at a time, which keeps the order.
 *
 *   send ─▶ memory ─────────────▶ batch ─▶ POST ─▶ counted
 *             │ server away         ▲
 *             └────▶ backlog (disk) ┘ first, because it is older
 *
 * Nothing here throws to a caller: what goes wrong is counted and told.
 */
import { pause_ms } from "../client/transport.ts";
import type { Backlog, BacklogTrouble } from "./backlog.ts";
import { deliverBatch, type Outcome } from "./delivery.ts";
import type { Target } from "./target.ts";
import type { Line } from "./line.ts";
import { Memory } from "./memory.ts";
import type { Totals, Trouble } from "./report.ts";

/** With a key or an address that is not accepted, a try per so long at most, ms. */
const REFUSED_PAUSE_MS = 30_000;

export interface Limits {
  batch_events: number;
  batch_bytes: number;
  interval_ms: number;
  max_queued_events: number;
  max_queued_bytes: number;
  /** Disk first: `send` returns after the write. */
  disk_first: boolean;
}

export class Sender {
  readonly #target: Target;
  readonly #limits: Limits;
  readonly #memory = new Memory();
  readonly #backlog: Backlog | null;
  readonly #tell: (trouble: Trouble) => void;
  readonly #counts = { accepted: 0, duplicates: 0, rejected: 0, dropped: 0 };
  /** Tries in a row that failed; 0 while the server answers. */
  #failures = 0;
  /** Smaller after "too large", until a batch went through. */
  #batch_events: number;
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends the pause between two tries. */
  #wake: () => void = () => undefined;
  /** Told after every try. */
  readonly #watchers = new Set<() => void>();
  #stopped = false;

  constructor(
    target: Target,
    limits: Limits,
    tell: (trouble: Trouble) => void,
    openBacklog: ((tell: (trouble: BacklogTrouble) => void) => Backlog) | null,
  ) {
    this.#target = target;
    this.#limits = limits;
    this.#batch_events = limits.batch_events;
    this.#tell = tell;
    this.#backlog =
      openBacklog?.((trouble) => this.lost(trouble.kind, trouble.message, trouble.dropped)) ?? null;
  }

  get totals(): Totals {
    return { ...this.#counts, queued: this.#memory.length, spooled: this.#backlog?.length ?? 0 };
  }

  get #waiting(): number {
    return this.#memory.length + (this.#backlog?.length ?? 0);
  }

  push(line: Line): void {
    if (this.#stopped) return this.lost("full", "an event came after close(); it is dropped.", 1);
    const { max_queued_events, max_queued_bytes, batch_events, batch_bytes, interval_ms } = this.#limits;
    const on_disk =
      this.#limits.disk_first && this.#memory.length === 0 && this.#backlog?.append([line]) === 1;
    if (!on_disk) {
      if (this.#memory.length >= max_queued_events || this.#memory.bytes + line.bytes > max_queued_bytes) {
        // Rather sent twice from the disk, which is harmless, than dropped.
        this.spill();
        if (this.#memory.length >= max_queued_events || this.#memory.bytes + line.bytes > max_queued_bytes)
          return this.lost("full", `${this.#memory.length} events wait already; new ones are dropped.`, 1);
      }
      this.#memory.push(line);
    }
    if (this.#memory.length >= batch_events || this.#memory.bytes >= batch_bytes) this.#due();
    else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.#due(), interval_ms);
      detach(this.#timer);
    }
  }

  /** Counts events as lost and tells of it. */
  lost(kind: Trouble["kind"], message: string, dropped: number): void {
    this.#counts.dropped += dropped;
    this.#tell({ kind, message, dropped, totals: this.totals });
  }

  /** Starts delivering what earlier processes left, if there is any. */
  start(): void {
    if (this.#waiting > 0) this.#due();
  }

  /** Moves what waits in memory to the disk, behind what is there. */
  spill(): void {
    const backlog = this.#backlog;
    if (backlog !== null) this.#memory.spill((lines) => backlog.append(lines));
  }

  /**
   * Delivers what waits. Resolves when nothing waits any more, at the timeout,
   * or, with `one_try`, after the first try that failed.
   */
  async settle(timeout_ms: number, one_try: boolean): Promise<void> {
    if (this.#waiting === 0) return;
    this.#due();
    this.#wake();
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      const failures = this.#failures;
      const look = (): void => {
        if (this.#waiting > 0 && !(one_try && this.#failures > failures)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      // Not detached: who waits for a flush wants the process to stay.
      timer = setTimeout(() => {
        this.#watchers.delete(look);
        resolve();
      }, timeout_ms);
    });
    clearTimeout(timer);
  }

  /** The end: what could not be delivered goes to disk, or is counted as lost. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.spill();
    const left = this.#memory.length;
    this.#memory.spill((lines) => lines.length);
    if (left > 0) this.lost("full", `${left} events could not be delivered in time.`, left);
    this.#backlog?.release();
    this.#wake();
  }

  #due(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#failures > 0) this.spill();
    if (this.#running) return;
    this.#running = true;
    void this.#run().finally(() => {
      this.#running = false;
      // Something may have come between the last look and now.
      if (this.#memory.length > 0 && this.#timer === undefined && !this.#stopped) this.#due();
    });
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const from = this.#backlog !== null && this.#backlog.length > 0 ? this.#backlog : this.#memory;
      const batch = from.peek(this.#batch_events, this.#limits.batch_bytes);
      if (batch.length === 0) return;
      const outcome = await deliverBatch(this.#target, batch);
      // What was under way at the end is on disk, or counted as lost, already.
      if (this.#stopped) return;
      if (this.#settled(outcome, batch)) {
        if (from === this.#memory) this.#memory.drop(batch);
        else this.#backlog?.drop(batch.length);
      }
      for (const look of [...this.#watchers]) look();
      if (outcome.kind === "held") await this.#pause(outcome.refused, outcome.retry_after_ms);
    }
  }

  /** True when the batch is dealt with. */
  #settled(outcome: Outcome, batch: readonly Line[]): boolean {
    if (outcome.kind === "held") {
      this.#failures += 1;
      this.spill();
      const kind = outcome.refused ? "refused" : "unavailable";
      const kept = this.#backlog === null ? "kept in memory" : "kept on disk";
      const message = `${outcome.message} Events are ${kept} and sent later.`;
      this.#tell({ kind, message, dropped: 0, totals: this.totals });
      return false;
    }
    this.#failures = 0;
    if (outcome.kind === "too_large" && batch.length > 1) {
      this.#batch_events = Math.ceil(batch.length / 2);
      return false;
    }
    this.#batch_events = this.#limits.batch_events;
    if (outcome.kind !== "answered") {
      this.#counts.rejected += batch.length;
      this.#tell({ kind: "rejected", message: outcome.message, dropped: 0, totals: this.totals });
      return true;
    }
    const { accepted, duplicates, results = [] } = outcome.answer;
    this.#counts.accepted += accepted;
    this.#counts.duplicates += duplicates;
    this.#counts.rejected += results.length;
    if (results.length > 0) {
      const message = `the server refused ${results.length} of ${batch.length} events. The first: ${results[0]?.message ?? ""}`;
      this.#tell({ kind: "rejected", message, dropped: 0, totals: this.totals, results });
    }
    return true;
  }

  async #pause(refused: boolean, retry_after_ms: number): Promise<void> {
    const wait_ms = Math.max(
      pause_ms(this.#failures, retry_after_ms, Math.random),
      refused ? REFUSED_PAUSE_MS * Math.random() : 0,
    );
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait_ms);
      detach(timer);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }
}

/** A timer of ours never keeps a process alive; elsewhere a timer is a number and nothing is needed. */
function detach(timer: number | { unref?: () => unknown }): void {
  if (typeof timer === "object") timer.unref?.();
}
