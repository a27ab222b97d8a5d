/**
 * Bytes that all lists of one issue may take together. Its texts at their limits, each character escaped (`\u0001`, six
 * bytes), and its ids take the other half of the 64 KiB of an event (schema/event/limits.ts).
 */
const MAX_LISTS_BYTES = 32 * 1024;

/** What is left of an event for the lists of an issue: whoever comes first is told first. */
export class ListRoom {
  #left_bytes = MAX_LISTS_BYTES;

  /** Room for a key or a text that stands with others; false where it no longer fits, and then nothing is taken. */
  takes(text: string): boolean {
    // A comma with each, and a colon or brackets with a key.
    const bytes = Buffer.byteLength(JSON.stringify(text)) + 4;
    if (bytes > this.#left_bytes) return false;
    this.#left_bytes -= bytes;
    return true;
  }

  /** The first of them, as many as fit and as the limit allows. */
  fill(texts: Iterable<string>, limit: number): string[] {
    const kept: string[] = [];
    for (const text of texts) {
      if (kept.length >= limit || !this.takes(text)) break;
      kept.push(text);
    }
    return kept;
  }
}
