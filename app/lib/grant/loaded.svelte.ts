/** A list that is read from the server when it is first shown, and again after each change. */
import type { ApiFailure, Result } from "#lib/api/failure.ts";

export class Loaded<Value> {
  /** Undefined until it was read once. */
  value = $state.raw<Value>();
  failure = $state.raw<ApiFailure>();
  readonly #read: () => Promise<Result<Value>>;
  #asked = false;

  constructor(read: () => Promise<Result<Value>>) {
    this.#read = read;
  }

  /** It came, or it is said why it did not. */
  get settled(): boolean {
    return this.value !== undefined || this.failure !== undefined;
  }

  /** Reads it, unless somebody asked already. */
  first = (): void => {
    if (!this.#asked) void this.load();
  };

  load = async (): Promise<void> => {
    this.#asked = true;
    const result = await this.#read();
    if (result.ok) this.value = result.value;
    this.failure = result.ok ? undefined : result.failure;
  };
}
