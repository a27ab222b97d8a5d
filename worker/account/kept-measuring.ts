/**
 * What a project holds its metrics against, for who looks at it every few seconds: read from D1 once an hour, for it
 * changes when a person changes it. Where D1 does not answer, what was known stays.
 */
import type { Held, Measuring } from "../../schema/metric/ask.ts";
import { HOUR_MS } from "../../schema/metric/slot.ts";

const KEEP_MS = HOUR_MS;
/** After a failure. */
const RETRY_MS = 60_000;
/** A look waits no longer for it. */
const TIMEOUT_MS = 5_000;

export class KeptMeasuring implements Measuring {
  readonly #read: () => Promise<Held>;
  #due_ms = -Infinity;
  #text = "";
  held: Held = {};

  constructor(read: () => Promise<Held>) {
    this.#read = read;
  }

  async refresh(now_ms: number): Promise<void> {
    if (now_ms < this.#due_ms) return;
    try {
      const held = await inTime(this.#read());
      this.#due_ms = now_ms + KEEP_MS;
      // The same object says that it is the same.
      const text = JSON.stringify([[...(held.targets ?? [])], held.complexity]);
      if (text !== this.#text) [this.held, this.#text] = [held, text];
    } catch (error) {
      this.#due_ms = now_ms + RETRY_MS;
      console.error("what the project's metrics are held against could not be read", error);
    }
  }
}

/** The answer, or a rejection when it takes too long. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`no answer within ${String(TIMEOUT_MS / 1_000)} s`));
  }, TIMEOUT_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
