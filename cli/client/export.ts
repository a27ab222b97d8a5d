/** The chain as a server hands it out: an export as it streams in, and the signed head alone. */
import { signedHead, type SignedHead } from "../../schema/wire/signed-head.ts";
import { explainRequest } from "../command/refusal.ts";
import { UserError } from "../command/user-error.ts";
import type { Connection } from "./connection.ts";
import { request, RequestError } from "./transport.ts";

/** One export may take so long, ms: a million events are minutes. */
const EXPORT_TIMEOUT_MS = 60 * 60 * 1000;
/** Somebody waits at a terminal, so a server that is away is not waited for long. */
const MAX_TRIES = 3;

async function ask(connection: Connection, path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await request(connection, path, { ...init, headers: {} }, { maxTries: MAX_TRIES });
  } catch (error) {
    if (error instanceof RequestError) throw new UserError(explainRequest(error));
    throw error;
  }
}

/** The bytes of the export after `since`. What breaks off under way is thrown by the iteration. */
export async function readExport(connection: Connection, since: number): Promise<AsyncIterable<Uint8Array>> {
  const signal = AbortSignal.timeout(EXPORT_TIMEOUT_MS);
  const { body } = await ask(connection, `/v1/export?since=${since}`, { signal });
  if (body === null) throw new UserError("the server sent nothing");
  return body as AsyncIterable<Uint8Array>;
}

export async function readSignedHead(connection: Connection): Promise<SignedHead> {
  const reply = await ask(connection, "/v1/chain");
  // What is no JSON, as from another server at this address, fails by its shape below.
  const body: unknown = await reply.json().catch(() => null);
  const signed = signedHead.safeParse(body);
  if (!signed.success)
    throw new UserError(
      `${connection.url} answered /v1/chain with something else than a signed head. Check the address; an older server has to be updated.`,
    );
  return signed.data;
}
