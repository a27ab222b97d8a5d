/**
 * One batch to the server, and what its answer means for the batch:
 *
 *   200, 409, 422 ─▶ answered: counted, gone       413 ─▶ split (a single event: gone)
 *   400           ─▶ gone: sending it again would say the same
 *   401, 403, 404 ─▶ held: a person may mend key or address
 *   429, 5xx, no answer ─▶ held: tried again
 */
import type { AppendResponse } from "../../schema/wire/http.ts";
import { postEvents, RequestError } from "../client/transport.ts";
import type { Line } from "./line.ts";
import type { Target } from "./target.ts";

export type Outcome =
  | { kind: "answered"; answer: AppendResponse }
  | { kind: "too_large"; message: string }
  | { kind: "bad"; message: string }
  | { kind: "held"; refused: boolean; message: string; retry_after_ms: number };

export async function deliverBatch(target: Target, batch: readonly Line[]): Promise<Outcome> {
  try {
    const texts = batch.map((line) => line.text);
    // Retries are the sender's business: between two tries the batch may have to go to disk.
    const answer = await postEvents(target, texts, target.source, { maxTries: 1, fetch: target.fetch });
    return { kind: "answered", answer };
  } catch (error) {
    if (!(error instanceof RequestError))
      // An answer that is no JSON, or a fetch that throws oddly: as good as none.
      return { kind: "held", refused: false, message: String(error), retry_after_ms: 0 };
    const { status, message, retry_after_ms } = error;
    if (status === 413) return { kind: "too_large", message };
    if (status === 400) return { kind: "bad", message };
    const refused = status >= 300 && status < 500 && status !== 408 && status !== 425 && status !== 429;
    return { kind: "held", refused, message, retry_after_ms };
  }
}
