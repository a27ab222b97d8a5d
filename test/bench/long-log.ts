/** A room with a long log, filled once and used by every benchmark that needs one. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "./figure.ts";
import { ask, startServer } from "./server.ts";

const BATCH = 1_000;

export class LongLog {
  readonly events: number;
  readonly #say: (line: string) => void;
  #filled: Promise<string> | null = null;

  constructor(events = 1_000_000, say: (line: string) => void = console.log) {
    this.events = events;
    this.#say = say;
  }

  /** The data folder for `past.worker.ts`, whose room `full` holds the events. One server at a time. */
  folder(): Promise<string> {
    this.#filled ??= this.#fill();
    return this.#filled;
  }

  async #fill(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "clusterfork-bench-"));
    const server = await startServer("past.worker.ts", folder);
    try {
      const started = performance.now();
      for (let from = 1; from <= this.events; from += BATCH) {
        await ask(server, `/fill?from=${from}&count=${Math.min(BATCH, this.events - from + 1)}`);
      }
      const head = Number(await ask(server, "/head"));
      check(head === this.events, `filled ${this.events} events, and the head is ${head}`);
      this.#say(`filled ${head} events in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
      return folder;
    } finally {
      await server.stop();
    }
  }

  async remove(): Promise<void> {
    if (this.#filled !== null) await rm(await this.#filled, { recursive: true, force: true });
  }
}
