/** `GET …/audit`: what the last nightly walk over the hash chain found. */
import type { AuditResponse } from "../../schema/wire/audit.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";

export async function getAudit(_: HttpContext, { room, principal }: ProjectAccess): Promise<Reply> {
  const reply = await room.readAudit(principal);
  return reply.ok ? Response.json(reply.audit satisfies AuditResponse) : refusalFailure(reply);
}
