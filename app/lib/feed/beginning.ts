/**
 * The state that a stream begins with, by HTTP and before the socket: as packed lines, compressed on their way, and read
 * a slice at a time, so that a page of thousands of tasks can be touched while it loads.
 */
import { Unpacking, type Unpacked } from "../../../schema/state/unpack.ts";

/** After so much work the browser may do something else: half a frame, of which a slow machine makes two. */
const SLICE_MS = 8;

export interface Pauses {
  now: () => number;
  /** Lets the browser draw and hear. */
  rest: () => Promise<void>;
  /** The page, without its data, is on the screen, or nobody sees it. */
  drawn: () => Promise<void>;
}

/** Null: not there, cut off, or of a form that this version does not know. The stream itself then brings the state. */
export async function readBeginning(
  ask: () => Promise<Response>,
  { now, rest, drawn }: Pauses,
): Promise<Unpacked | null> {
  try {
    const response = await ask();
    if (!response.ok || response.body === null) return null;
    // What is read before the first picture only puts it off; meanwhile the rest of the answer arrives.
    await drawn();
    const unpacking = new Unpacking();
    let began = now();
    for await (const line of linesOf(response.body)) {
      if (now() - began >= SLICE_MS) {
        await rest();
        began = now();
      }
      if (!unpacking.line(line)) return null;
    }
    return unpacking.whole;
  } catch {
    // No network, an abort, or no lines: the socket says which, and comes again.
    return null;
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const parts = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
    if (done) break;
  }
  if (rest !== "") yield rest;
}
