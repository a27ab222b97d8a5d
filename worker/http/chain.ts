/** `GET …/chain`: the newest head of the log, signed: for a witness that notes heads, and for copies to compare with. */
import type { SignedHead } from "../../schema/wire/signed-head.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { signHead } from "./sign-head.ts";

/** After the end of every log: the page of the chain is empty, and tells the head. */
const PAST_EVERY_END = Number.MAX_SAFE_INTEGER - 1;

export async function getChain(
  c: HttpContext,
  { project_id, room, principal }: ProjectAccess,
): Promise<Reply> {
  const page = await room.readChain(principal, PAST_EVERY_END);
  if (!page.ok) return refusalFailure(page);
  const signed: SignedHead = await signHead(c.env.KEY_SECRET, project_id, page.head, Date.now());
  return Response.json(signed);
}
