/**
 * The sender of events, without anything of one runtime: `node.ts` and `web.ts`
 * hand it what theirs has.
 *
 *   send ─▶ line (id, time, JSON) ─▶ Sender ─▶ POST /v1/events
 *
 * No method throws, and none rejects: a watcher must never break the work it
 * watches. What goes wrong is counted in `totals` and told to `onError`.
 */
import { BudgetGate } from "./budget.ts";
import { readContext, type ContextOptions, type TaskContext } from "./context.ts";
import type { Backlog, BacklogTrouble } from "./backlog.ts";
import type { Defaults, SenderEvent } from "./event.ts";
import type { Target } from "./target.ts";
import { writeLine } from "./line.ts";
import {
  BATCH_BYTES,
  BATCH_EVENTS,
  BATCH_INTERVAL_MS,
  EXIT_TIMEOUT_MS,
  FLUSH_TIMEOUT_MS,
  MAX_BATCH_BYTES,
  MAX_BATCH_EVENTS,
  MAX_LINE_BYTES,
  MAX_QUEUED_BYTES,
  MAX_QUEUED_EVENTS,
  type Options,
  type SpoolOptions,
} from "./options.ts";
import { warner, type Totals, type Trouble } from "./report.ts";
import { Sender } from "./sender.ts";

const DEFAULT_URL = "http://localhost:8787";

/** What the end of the runtime may ask of a sender. */
export interface Ending {
  /** A last try within a bounded time; what is left goes to disk. */
  finish(): Promise<void>;
  /** The very end: no time for anything but the disk. */
  end(): void;
}

export interface Runtime {
  env(name: string): string | undefined;
  openBacklog:
    | ((
        options: SpoolOptions,
        target: { url: string; key: string },
        tell: (trouble: BacklogTrouble) => void,
      ) => Backlog)
    | null;
  /** Watches for the runtime's end; returns what stops watching. */
  onEnd(ending: Ending): () => void;
}

export class Client<D extends Defaults = Defaults> {
  /** Asks before a call whether the budgets have room for it. */
  readonly budget: BudgetGate;
  readonly #server: Target;
  readonly #onError: (trouble: Trouble) => void;
  readonly #sender: Sender;
  readonly #defaults: Defaults;
  readonly #watch: (() => void) | null;
  #unwatch: (() => void) | null = null;
  #closed: Promise<Totals> | null = null;
  #sent = 0;
  /** `#sent` at the last `finish`: Node asks again and again while a process runs dry. */
  #finished_at = -1;

  constructor(options: Options<D>, runtime: Runtime) {
    const url = options.url ?? runtime.env("CLUSTERFORK_URL") ?? DEFAULT_URL;
    const key = options.key ?? runtime.env("CLUSTERFORK_KEY") ?? "";
    const target = { url: url.replace(/\/+$/, ""), key: key.trim() };
    const onError = options.onError ?? warner(Date.now);
    const { openBacklog } = runtime;
    const spool = options.spool ?? {};
    const bounded = (value: number | undefined, fallback: number, most: number): number =>
      value !== undefined && value >= 1 ? Math.min(value, most) : fallback;
    this.#defaults = { ...options.defaults };
    const server: Target = {
      ...target,
      source: options.source ?? "sdk",
      // Called as a plain function: in browsers `fetch` must not be a method of ours.
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    };
    this.#server = server;
    this.#onError = onError;
    this.budget = new BudgetGate(server, options.defaults?.agent_id, options.budget ?? {}, (kind, message) =>
      tellSafely(onError, { kind, message, dropped: 0, totals: this.totals }),
    );
    this.#sender = new Sender(
      server,
      {
        batch_events: bounded(options.batch?.events, BATCH_EVENTS, MAX_BATCH_EVENTS),
        batch_bytes: bounded(options.batch?.bytes, BATCH_BYTES, MAX_BATCH_BYTES),
        interval_ms: options.batch?.interval_ms ?? BATCH_INTERVAL_MS,
        max_queued_events: bounded(options.max_queued_events, MAX_QUEUED_EVENTS, Infinity),
        max_queued_bytes: bounded(options.max_queued_bytes, MAX_QUEUED_BYTES, Infinity),
        disk_first: options.durability === "disk",
      },
      (trouble) => tellSafely(onError, trouble),
      openBacklog === null || spool === false ? null : (tell) => openBacklog(spool, target, tell),
    );
    if (target.key === "")
      tellSafely(onError, {
        kind: "refused",
        message: "no API key: give `key`, or set CLUSTERFORK_KEY. Events wait until a sender has one.",
        dropped: 0,
        totals: this.totals,
      });
    this.#watch =
      options.flush_on_exit === false
        ? null
        : () => {
            this.#unwatch ??= runtime.onEnd({
              finish: async () => {
                if (this.#finished_at === this.#sent) return;
                this.#finished_at = this.#sent;
                await this.#sender.settle(EXIT_TIMEOUT_MS, true);
                this.#sender.spill();
              },
              end: () => this.#sender.stop(),
            });
          };
    // Workers allow neither timers nor requests before the first request, so nothing may start here there.
    if (openBacklog !== null && spool !== false) this.#sender.start();
  }

  /** Takes the event and returns at once; it travels with the next batch. */
  send<const T extends string>(event: SenderEvent<T, D>): void {
    this.#sent += 1;
    try {
      this.#watch?.();
      const line = writeLine(event, this.#defaults, Date.now());
      if (line.bytes > MAX_LINE_BYTES)
        this.#sender.lost(
          "invalid",
          `an event of ${line.bytes} bytes was dropped; the limit is ${MAX_LINE_BYTES}.`,
          1,
        );
      else this.#sender.push(line);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#sender.lost("invalid", `an event was dropped: ${why}`, 1);
    }
  }

  /** What to know before a task begins: lessons, decisions, a forecast. Never rejects; empty without an answer. */
  context(task: string | null, options: ContextOptions = {}): Promise<TaskContext> {
    return readContext(this.#server, task, options, (message) =>
      tellSafely(this.#onError, { kind: "unavailable", message, dropped: 0, totals: this.totals }),
    );
  }

  /** A view of the same sender whose events carry further defaults. */
  with<const E extends Defaults>(
    defaults: E,
  ): { send<const T extends string>(event: SenderEvent<T, D & E>): void } {
    return {
      send: (event) => this.send({ ...defaults, ...event } as unknown as SenderEvent<string, D>),
    };
  }

  /** Delivers everything that waits, within `timeout_ms`; never rejects. `queued` and `spooled` say what is left. */
  async flush(timeout_ms: number = FLUSH_TIMEOUT_MS): Promise<Totals> {
    await this.#sender.settle(timeout_ms, false);
    return this.totals;
  }

  /** Flushes, leaves the rest to the disk, and stops. */
  close(timeout_ms: number = FLUSH_TIMEOUT_MS): Promise<Totals> {
    this.#closed ??= this.flush(timeout_ms).then(() => {
      this.#sender.stop();
      this.#unwatch?.();
      return this.totals;
    });
    return this.#closed;
  }

  get totals(): Totals {
    return this.#sender.totals;
  }
}

function tellSafely(onError: (trouble: Trouble) => void, trouble: Trouble): void {
  try {
    onError(trouble);
  } catch {
    // The caller's own callback failed: its trouble must not become the trouble of the caller's work.
  }
}
