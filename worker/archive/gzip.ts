/** Bytes that are packed at once: under 1 ms, in which nobody else of this thread is served. */
const CHUNK_BYTES = 128 * 1024;

/** Compression of segments, over some turns of the thread, so that a large one does not hold it in one go. */
export async function gzip(text: string): Promise<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  const { readable, writable } = new CompressionStream("gzip");
  const [packed] = await Promise.all([new Response(readable).arrayBuffer(), writeAll(writable, bytes)]);
  return packed;
}

async function writeAll(into: WritableStream<BufferSource>, bytes: Uint8Array): Promise<void> {
  const writer = into.getWriter();
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
    if (from > 0) await scheduler.wait(0);
    await writer.write(bytes.subarray(from, from + CHUNK_BYTES));
  }
  await writer.close();
}

export async function gunzip(bytes: ArrayBuffer | Uint8Array | number[]): Promise<string> {
  const packed = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : Uint8Array.from(bytes);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new TextDecoder().decode(await new Response(stream).arrayBuffer());
}
