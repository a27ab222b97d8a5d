/** A service that errs, hangs, answers late or not at all, as the scenario says: the archive, or who is forwarded to. */
import type { Archive, ArchiveCursor } from "../../../worker/room/drain.ts";
import type { Draw } from "./draw.ts";
import type { FaultMode } from "./scenario.ts";

type Fault = Exclude<FaultMode, "flaky">;

export class Faulty {
  mode: FaultMode = "well";
  readonly #draw: Draw;
  readonly #working = new Set<Promise<unknown>>();
  #hanging: (() => void)[] = [];
  /** How often each fault came. */
  readonly met = new Map<string, number>();

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  /** `alive`: whether the object that calls is still there to hear the answer. */
  async call<T>(alive: () => boolean, work: () => Promise<T>): Promise<T> {
    const result = await this.#call(work).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if (!alive()) return new Promise<never>(() => undefined);
    if ("error" in result) throw result.error;
    return result.value;
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
    if (fault === "down") throw new Error("the service is down");
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

/** The real archive behind it. */
export function archiveBehind(faulty: Faulty, archive: Archive, alive: () => boolean): Archive {
  return {
    cursor: () => faulty.call(alive, () => archive.cursor()),
    write: (cursor: ArchiveCursor, batch) => faulty.call(alive, () => archive.write(cursor, batch)),
    clear: (generation) => faulty.call(alive, () => archive.clear(generation)),
  };
}
