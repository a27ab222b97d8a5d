/** Gives up waiting, not the work: it may still be done, so whatever it is must bear being done twice. */
export async function inTime<T>(work: Promise<T>, timeout_ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${String(timeout_ms / 1_000)} s`)),
      timeout_ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
