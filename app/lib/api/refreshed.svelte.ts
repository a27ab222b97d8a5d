/**
 * An answer that is asked for again as the log moves on, never more often than people can read, and not in hidden tabs.
 * What was known stays while it is asked for anew, and says how old it is when asking fails.
 */
import { untrack } from "svelte";
import type { ApiFailure, Result } from "./failure.ts";

/** Numbers that change more often are not read but watched. */
const EVERY_MS = 5_000;

export class Refreshed<Value> {
  /** Undefined until there was an answer. */
  value = $state.raw<Value>();
  failure = $state.raw<ApiFailure>();
  /** When `value` came, ms since 1970. */
  loaded_at = $state(0);
  #turn = 0;
  #read: () => Promise<Result<Value>>;
  #moved: () => unknown;
  #seen: unknown;

  /**
   * Made in a component. `read` is called again at once where something that it reads changes, and `moved` says by
   * another value that there is news.
   */
  constructor(read: () => Promise<Result<Value>>, moved: () => unknown) {
    this.#read = read;
    this.#moved = moved;
    $effect(() => {
      void this.#load();
    });
    $effect(() => {
      const timer = setInterval(() => {
        if (document.hidden || (this.failure === undefined && untrack(this.#moved) === this.#seen)) return;
        void untrack(() => this.#load());
      }, EVERY_MS);
      return () => clearInterval(timer);
    });
  }

  retry = (): void => {
    void untrack(() => this.#load());
  };

  async #load(): Promise<void> {
    const turn = ++this.#turn;
    const seen = untrack(this.#moved);
    const result = await this.#read();
    // The answer to an older question.
    if (turn !== this.#turn) return;
    if (result.ok) {
      this.value = result.value;
      this.loaded_at = Date.now();
      this.#seen = seen;
    }
    this.failure = result.ok ? undefined : result.failure;
  }
}
