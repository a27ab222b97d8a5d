type Synchronous<T> = T extends PromiseLike<unknown> ? "a transaction cannot wait" : unknown;

/** All of `body` or nothing. An async callback does not type-check: its writes would fall outside. */
export function atomically<T>(storage: DurableObjectStorage, body: (() => T) & Synchronous<T>): T {
  return storage.transactionSync<T>(body);
}
