/**
 * What is made when it is first needed. A formatter of the browser's takes a millisecond or more to make, a page uses
 * few of them, and its first paint none.
 */
export function late<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
