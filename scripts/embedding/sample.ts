/** No package may say more than this: a long reference repeats its few words ten thousand times. */
const MAX_WORDS = 150_000;

const length = (text: string) => text.split(/\s+/).length;

/** Evenly over the whole, so that no part of a package is missing. */
export function sample(texts: readonly string[]): string[] {
  const once = [...new Set(texts)];
  const share = Math.min(1, MAX_WORDS / once.reduce((sum, text) => sum + length(text), 1));
  let due = 0;
  return once.filter(() => {
    due += share;
    if (due < 1) return false;
    due -= 1;
    return true;
  });
}
