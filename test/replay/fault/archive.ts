/** The real archive, which errs, hangs, answers late or not at all, as the scenario says. */
import type { Archive, ArchiveCursor } from "../../../worker/room/drain.ts";
import type { Draw } from "./draw.ts";
import type { ArchiveMode } from "./scenario.ts";

type Fault = Exclude<ArchiveMode, "flaky">;

export class FaultyArchive {
  mode: ArchiveMode = "well";
  readonly #archive: Archive;
  readonly #draw: Draw;
  readonly #working = new Set<Promise<unknown>>();
  #hanging: (() => void)[] = [];
  /** How often each fault came. */
  readonly met = new Map<string, number>();

  constructor(archive: Archive, draw: Draw) {
    this.#archive = archive;
    this.#draw = draw;
  }

  /** `alive`: whether the object that opened it is still there to hear the answer. */
  open(alive: () => boolean): Archive {
    const call = async <T>(work: () => Promise<T>): Promise<T> => {
      const done = this.#call(work);
      const result = await done.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if (!alive()) return new Promise<never>(() => undefined);
      if ("error" in result) throw result.error;
      return result.value;
    };
    return {
      cursor: () => call(() => this.#archive.cursor()),
      write: (cursor: ArchiveCursor, batch) => call(() => this.#archive.write(cursor, batch)),
      clear: () => call(() => this.#archive.clear()),
    };
  }

  release(): void {
    const hanging = this.#hanging;
    this.#hanging = [];
    for (const go_on of hanging) go_on();
  }

  /** Work that waits for the real database, and for nothing that the world has to do. */
  async idle(): Promise<boolean> {
    if (this.#working.size === 0) return true;
    await Promise.allSettled(this.#working);
    return false;
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    const fault = this.mode === "flaky" ? this.#draw.oneOf<Fault>(FAULTS) : this.mode;
    this.met.set(fault, (this.met.get(fault) ?? 0) + 1);
    if (fault === "down") throw new Error("the archive is down");
    if (fault === "hangs") await this.#released();
    const value = await this.#work(work);
    if (fault === "answers late") await this.#released();
    if (fault === "loses its answer") throw new Error("the answer was lost");
    return value;
  }

  #released(): Promise<void> {
    return new Promise((resolve) => this.#hanging.push(resolve));
  }

  async #work<T>(work: () => Promise<T>): Promise<T> {
    const working = work();
    this.#working.add(working);
    try {
      return await working;
    } finally {
      this.#working.delete(working);
    }
  }
}

const FAULTS: [Fault, ...Fault[]] = ["well", "well", "down", "loses its answer", "hangs", "answers late"];
