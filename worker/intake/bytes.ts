/**
 * The bytes of a request's body, inflated where they were packed. Nothing is held beyond the limit:
 * not the body as sent, not what it inflates to.
 */
import { gunzipSync } from "node:zlib";
import type { ErrorCode, Failure } from "../../schema/wire/error.ts";

export interface ByteLimits {
  /** As sent, and after inflating. */
  max_bytes: number;
  /**
   * A body that is too large is still received up to here, and thrown away: a sender in the middle of its
   * upload would meet a closed connection instead of the answer that says why.
   */
  max_drained_bytes: number;
}

export type ReadBytes = { ok: true; bytes: Uint8Array } | { ok: false; failure: Failure };

export async function readPlainBytes(request: Request, limits: ByteLimits): Promise<ReadBytes> {
  const coding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (coding !== "gzip" && coding !== "identity") {
    return refuse(
      "unsupported_media_type",
      "Only gzip is read as Content-Encoding. Send gzip, or the plain text.",
    );
  }
  const sent = await readBytes(request, limits);
  if (!sent.ok || coding === "identity") return sent;
  return inflate(sent.bytes, limits);
}

/** Most requests carry one small batch. */
const FIRST_BUFFER_BYTES = 16 * 1024;

const WHOLE_NUMBER = /^\d+$/;

async function readBytes(request: Request, limits: ByteLimits): Promise<ReadBytes> {
  const { max_bytes, max_drained_bytes } = limits;
  const declared = request.headers.get("content-length");
  if (Number(declared ?? 0) > max_drained_bytes) return tooLarge(max_bytes);
  try {
    if (declared === null || !WHOLE_NUMBER.test(declared) || Number(declared) > max_bytes) {
      return await readChunks(request, limits);
    }
    // HTTP's framing ends the body at its declared length: read at once, it costs a fifth of a loop over chunks.
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.length > max_bytes ? tooLarge(max_bytes) : { ok: true, bytes };
  } catch {
    // The sender hung up in the middle: nobody reads the answer, and it is no fault of ours to log.
    return refuse("malformed", "The body broke off. Send it again, whole.");
  }
}

async function readChunks(
  request: Request,
  { max_bytes, max_drained_bytes }: ByteLimits,
): Promise<ReadBytes> {
  // Grows by doubling: a list of chunks would cost a hundred times the body when each is one byte.
  let bytes = new Uint8Array(FIRST_BUFFER_BYTES);
  let size = 0;
  // Leaving the loop cancels the stream: the rest is never received.
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    const end = size + chunk.byteLength;
    if (end > max_drained_bytes) return tooLarge(max_bytes);
    if (end <= max_bytes) {
      if (end > bytes.length) {
        const larger = new Uint8Array(Math.max(end, 2 * bytes.length));
        larger.set(bytes.subarray(0, size));
        bytes = larger;
      }
      bytes.set(chunk, size);
    }
    size = end;
  }
  return size > max_bytes ? tooLarge(max_bytes) : { ok: true, bytes: bytes.subarray(0, size) };
}

/**
 * zlib stops at `maxOutputLength`, so a bomb costs no more than an honest body.
 * DecompressionStream would not do: workerd's inflates each chunk whole, before
 * anybody reads.
 */
function inflate(bytes: Uint8Array, { max_bytes }: ByteLimits): ReadBytes {
  try {
    return { ok: true, bytes: gunzipSync(bytes, { maxOutputLength: max_bytes }) };
  } catch (error) {
    // Both runtimes say "over the limit" by a RangeError, and anything else is damage.
    return error instanceof RangeError
      ? tooLarge(max_bytes)
      : refuse(
          "malformed",
          "The body is not gzip, although Content-Encoding says so. Compress it, or drop the header.",
        );
  }
}

function refuse(code: ErrorCode, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, message } };
}

function tooLarge(max_bytes: number): { ok: false; failure: Failure } {
  return refuse(
    "too_large",
    `The body is larger than ${max_bytes / 1024 / 1024} MiB after inflating. Split it into smaller batches.`,
  );
}
