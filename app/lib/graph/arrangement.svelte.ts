/**
 * The layout that is on screen, and the one that waits to replace it. Asks the
 * worker only when the structure changed; while a pointer is over the graph an
 * answer is kept back, so that nothing moves away under the hand.
 */
import type { Layout, LayoutRequest } from "./layout.ts";
import { startLayoutWorker } from "./layout-worker.ts";
import { signature } from "./model.ts";

/**
 * At least so long from one layout to the next of the same scope: twenty new tasks a second
 * would otherwise keep every node on its way somewhere, and nobody could read.
 */
const REST_MS = 1_000;

interface Answer {
  ticket: number;
  layout: Layout;
  took_ms: number;
}

export class Arrangement {
  layout = $state.raw<Layout | null>(null);
  /** A newer layout is ready and held back. */
  waiting = $state(false);
  took_ms = $state(0);
  /** The worker failed on this structure; the next change is tried again. */
  failed = $state(false);
  #worker = startLayoutWorker();
  #ticket = 0;
  #immediate_ticket = 0;
  #asked = "";
  #sent_at = -REST_MS;
  #timer = 0;
  #scope = "";
  #held = false;
  #next: Answer | null = null;

  constructor() {
    this.#worker.onerror = () => (this.failed = true);
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.ticket !== this.#ticket) return; // A newer request is on its way.
      this.#next = data;
      const asked_for = data.ticket <= this.#immediate_ticket;
      if (!this.#held || this.layout === null || asked_for) this.apply();
      else this.waiting = true;
    };
  }

  /** `scope` names what is looked at: when the reader changes it, the new layout is not held back. */
  request(request: LayoutRequest, scope: string): void {
    // Which tasks lie on the critical path changes with every word of the forecast; that alone moves nothing.
    const asked = `${signature(request.model)}|${String(request.spine.length > 0)}|${String(request.target_width)}|${request.folded?.open.join() ?? "all"}`;
    if (scope === this.#scope && asked === this.#asked) return;
    const elsewhere = scope !== this.#scope;
    const wait_ms = elsewhere ? 0 : this.#sent_at + REST_MS - performance.now();
    this.#scope = scope;
    this.#asked = asked;
    clearTimeout(this.#timer);
    if (elsewhere) this.#immediate_ticket = this.#ticket + 1;
    if (wait_ms <= 0) this.#send(request);
    else this.#timer = window.setTimeout(() => this.#send(request), wait_ms);
  }

  #send(request: LayoutRequest): void {
    this.#sent_at = performance.now();
    this.#ticket++;
    this.#worker.postMessage({ ticket: this.#ticket, request });
  }

  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.apply();
  }

  apply(): void {
    this.waiting = false;
    if (this.#next === null) return;
    this.failed = false;
    this.layout = this.#next.layout;
    this.took_ms = this.#next.took_ms;
    this.#next = null;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#worker.terminate();
  }
}
