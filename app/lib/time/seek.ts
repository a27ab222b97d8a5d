/**
 * Goes where the reader points, and nowhere else: what is here is shown at
 * once, what is not is fetched one moment at a time, and a reply shows only if
 * it is still what is asked for. Moments that were passed over while a reply
 * was on its way are never asked for.
 */
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Past, PastFailure } from "./past.ts";
import { pageOf, startOf } from "./pages.ts";

export interface SeekPorts {
  show(state: ProjectState): void;
  failed(failure: PastFailure): void;
}

/** The cache may be too small for what just came; twice is an accident, more is a bug. */
const MAX_LOADS = 3;

export class Seek {
  #past: Past;
  #ports: SeekPorts;
  #target: number | null = null;
  #loading = false;
  #shown: number | null = null;

  constructor(past: Past, ports: SeekPorts) {
    this.#past = past;
    this.#ports = ports;
  }

  /** True when it is shown already. */
  to(seq: number): boolean {
    this.#target = seq;
    if (this.#show(seq)) return true;
    void this.#load();
    return false;
  }

  /** Nothing more is wanted: replies on their way show nothing. */
  stop(): void {
    this.#target = null;
    this.#shown = null;
  }

  #show(seq: number): boolean {
    const state = this.#past.look(seq);
    if (state === null) return false;
    this.#shown = seq;
    this.#ports.show(state);
    return true;
  }

  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    let loads = 0;
    let loaded: number | null = null;
    while (this.#target !== null && this.#shown !== this.#target) {
      const seq: number = this.#target;
      loads = seq === loaded ? loads + 1 : 1;
      loaded = seq;
      const failure = await this.#past.load(seq);
      if (this.#target !== seq) {
        // Something else is wanted by now; it may be here already.
        if (this.#target !== null && this.#shown !== this.#target && this.#show(this.#target)) break;
        continue;
      }
      if (failure === null && this.#show(seq)) break;
      if (failure === null && loads < MAX_LOADS) continue;
      this.#ports.failed(
        failure ?? { ok: false, message: "This moment could not be read.", request_id: undefined },
      );
      break;
    }
    this.#loading = false;
    // Wanted after the loop looked for the last time.
    if (this.#target !== null && this.#target !== loaded && this.#shown !== this.#target) void this.#load();
  }

  /** Fetches the pages beside a moment while nothing else is asked for. A failure is met again, and told, when it matters. */
  async prepare(seq: number, head: number): Promise<void> {
    const after = startOf(pageOf(seq) + 1) + 1;
    if (after <= head) await this.#past.load(after);
    if (this.#target === seq && startOf(pageOf(seq)) > 0) await this.#past.load(startOf(pageOf(seq)));
  }
}
