/** An answer in time: what is waited for may never be settled, and would hold up whoever waits for ever. */

export class LateError extends Error {}

/** Rejects with LateError after `timeout_ms`; the work itself goes on. */
export async function within<T>(work: Promise<T>, timeout_ms: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(`${what} did not answer in ${timeout_ms} ms`)), timeout_ms);
  });
  return Promise.race([work, late]).finally(() => {
    if (timer !== undefined) clearTimeout(timer);
  });
}
