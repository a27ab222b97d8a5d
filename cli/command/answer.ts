import { resolveConnection } from "../client/connection.ts";
import { request, RequestError } from "../client/transport.ts";
import { explainRequest } from "./refusal.ts";
import { UserError } from "./user-error.ts";

export interface Where {
  url?: string | undefined;
  key?: string | undefined;
}

/** What the server says, as text, so that `--json` prints what it gave; a refusal is told in words for a terminal. */
export async function answerOf(
  where: Where,
  path: string,
  init: Parameters<typeof request>[2] = {},
): Promise<string> {
  try {
    const reply = await request(resolveConnection(where), path, init, { maxTries: 3 });
    return await reply.text();
  } catch (error) {
    if (error instanceof RequestError) throw new UserError(explainRequest(error));
    throw error;
  }
}
