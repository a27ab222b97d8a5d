import { MAX_INDEXED_CHARS, type Embedder } from "./contract.ts";

/** A vector per text, or null when the embedder is down or answers what it should not: then words alone count (B1). */
export async function embedAll(
  embedder: Embedder,
  texts: readonly string[],
): Promise<(Float32Array | null)[] | null> {
  if (texts.length === 0) return [];
  try {
    const made = await embedder.embed(texts.map((text) => text.slice(0, MAX_INDEXED_CHARS)));
    const is_whole =
      made.length === texts.length &&
      made.every(
        (vector) =>
          vector === null || (vector.length === embedder.dimensions && vector.every(Number.isFinite)),
      );
    if (!is_whole)
      throw new Error(`${embedder.version} did not answer with ${embedder.dimensions} numbers per text`);
    return made;
  } catch (cause) {
    console.warn(`lessons are searched by their words alone: ${String(cause)}`);
    return null;
  }
}
