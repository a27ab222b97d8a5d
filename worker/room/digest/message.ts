/** Texts as bytes, one behind the other with one byte between them: as a row of the log has its events. */
export interface Messages {
  /** UTF-8, joined by newlines. */
  bytes: Uint8Array;
  /** Where each ends: the next begins behind the newline. */
  ends: readonly number[];
}

const utf8 = new TextEncoder();
/** A UTF-16 unit is at most three bytes of UTF-8. */
const MAX_UNIT_BYTES = 3;

export function messagesOf(texts: readonly string[]): Messages {
  const joined = texts.join("\n");
  const bytes = utf8.encode(joined);
  // In ASCII, as almost all is, a byte is a unit.
  return {
    bytes,
    ends: bytes.length === joined.length ? endsOf(texts, (text) => text.length) : endsOf(texts, sizeOf),
  };
}

function endsOf(texts: readonly string[], size: (text: string) => number): number[] {
  let end = -1;
  return texts.map((text) => (end += 1 + size(text)));
}

function sizeOf(text: string): number {
  return utf8.encodeInto(text, new Uint8Array(MAX_UNIT_BYTES * text.length)).written;
}
