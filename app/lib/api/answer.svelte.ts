/**
 * The newest answer to one question, asked again and again while somebody looks:
 *
 *   const metrics = new Answer<MetricsResponse>();
 *   $effect(() => metrics.follow(() => read("/metrics", { window }), 10_000));
 *
 * An answer stays while the next one is on its way, and when that fails: the failure stands beside it. What the
 * question depends on is read inside of the effect, so that another question begins anew.
 */
import { untrack } from "svelte";
import type { ApiFailure, Result } from "./failure.ts";

export class Answer<T> {
  #value = $state.raw<T>();
  #failure = $state.raw<ApiFailure>();
  #ask: () => void = () => undefined;

  get value(): T | undefined {
    return this.#value;
  }
  /** Of the last time; undefined when that went well. */
  get failure(): ApiFailure | undefined {
    return this.#failure;
  }

  /** Asks now and every `every_ms`; not while the tab is hidden. Returns the way to stop. */
  follow(load: () => Promise<Result<T>>, every_ms: number): () => void {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      clearTimeout(timer);
      if (!document.hidden) {
        const result = await load();
        // Another question was asked meanwhile: this answer is nobody's.
        if (over) return;
        this.#failure = result.ok ? undefined : result.failure;
        if (result.ok) this.#value = result.value;
      }
      timer = setTimeout(() => void ask(), every_ms);
    };
    const onvisible = () => {
      if (!document.hidden) void ask();
    };
    this.#ask = () => void ask();
    document.addEventListener("visibilitychange", onvisible);
    // What `load` reads first belongs to the effect that called; what it sets does not.
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onvisible);
    };
  }

  /** Asks at once, after a failure. */
  again = (): void => untrack(() => this.#ask());
}
