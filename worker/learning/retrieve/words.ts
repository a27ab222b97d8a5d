/** The words of a text as a set, to tell how much two texts say the same where there are no vectors. */

/** Words looked at per text: lessons are short, and two of them are compared for each pair of hits. */
const MAX_WORDS = 400;

export function wordSet(text: string): ReadonlySet<string> {
  const words = text
    .normalize("NFKC")
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return new Set((words ?? []).slice(0, MAX_WORDS));
}

/** Jaccard: shared words by all words; 0 where one has none. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  return shared / (a.size + b.size - shared);
}

/** A text made alike with all that says the same in the same words: case, spaces and punctuation do not count. */
export function plainOf(text: string): string {
  return [
    ...(text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []),
  ].join(" ");
}
