/** Of a body that nobody reads: how large it is said to be, and how it is got out of the way. */
import { MAX_DRAINED_BYTES } from "../intake/body.ts";
import { UNKNOWN_BYTES } from "./hold.ts";

/** What the runtime takes in by itself of a body that nobody reads, in bytes; beyond it, it cuts the connection. */
const UNREAD_BODY_BYTES = 64 * 1024;

/**
 * As its sender says, before anything of it is read. Asked for, the runtime makes a stream of the body, which somebody
 * has to count off again: for who is only turned away, that is done where the length is not said alone.
 */
export function bodyBytes(request: Pick<Request, "headers" | "body">): number {
  const declared = request.headers.get("content-length");
  if (declared !== null && /^\d+$/.test(declared)) return Number(declared);
  return request.body === null ? 0 : UNKNOWN_BYTES;
}

/** A sender in the middle of a large upload would meet a closed connection instead of the answer. Null: nothing is to be received. */
export function receiveLargeBody(request: Request): Promise<void> | null {
  const bytes = Number(request.headers.get("content-length") ?? 0);
  return bytes > UNREAD_BODY_BYTES && bytes <= MAX_DRAINED_BYTES ? receive(request) : null;
}

async function receive(request: Request): Promise<void> {
  try {
    // Thrown away as it comes: whoever does not wait must not fill the memory that others need (V2).
    await request.body?.pipeTo(new WritableStream());
  } catch {
    // The sender hung up: nobody reads the answer.
  }
}
