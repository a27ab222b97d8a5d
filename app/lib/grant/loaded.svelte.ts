/** A list that is read from the server when it is first shown, and again after each change. */
import type { ApiFailure, Result } from "#lib/api/failure.ts";

export class Loaded<Value> {
  /** Undefined until it was read once. */
  value = $state.raw<Value>();
  failure = $state.raw<ApiFailure>();
  readonly #read: () => Promise<Result<Value>>;

  constructor(read: () => Promise<Result<Value>>) {
    this.#read = read;
  }

  load = async (): Promise<void> => {
    const result = await this.#read();
    if (result.ok) this.value = result.value;
    this.failure = result.ok ? undefined : result.failure;
  };
}
