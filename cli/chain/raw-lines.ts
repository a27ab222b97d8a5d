/** Lines as bytes: a hash is over bytes, so nothing may be decoded, trimmed or split at anything but a line feed. */

/** A commit of the room is at most 1 MB of events, and its salts and leaves a few times as much at worst, bytes. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

export async function* rawLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  let rest_bytes = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const part = chunk.subarray(from, end);
      yield rest.length === 0 ? part : Buffer.concat([...rest, part]);
      rest = [];
      rest_bytes = 0;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    rest.push(chunk.slice(from));
    rest_bytes += chunk.length - from;
    if (rest_bytes > MAX_LINE_BYTES) throw new Error(`a line is longer than ${MAX_LINE_BYTES} bytes`);
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}
