/** Compression of segments; a stream, so that a large one does not hold the isolate in one go. */
export async function gzip(text: string): Promise<ArrayBuffer> {
  return through(new CompressionStream("gzip"), new TextEncoder().encode(text));
}

export async function gunzip(bytes: ArrayBuffer | Uint8Array | number[]): Promise<string> {
  const packed = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : Uint8Array.from(bytes);
  return new TextDecoder().decode(await through(new DecompressionStream("gzip"), packed));
}

function through(stream: CompressionStream | DecompressionStream, bytes: Uint8Array): Promise<ArrayBuffer> {
  return new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer();
}
