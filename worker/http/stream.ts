/**
 * `GET …/stream`: the upgrade to a WebSocket, handed to the room.
 *
 * The room is told who asks in a header that only this file sets; the request
 * it sees is a new one, so nothing a client sent can stand in for it, and the
 * bearer of a browser's subprotocol list goes no further than here.
 */
import { STREAM_PROTOCOL } from "../../schema/wire/socket.ts";
import { openDatabase } from "../account/database.ts";
import { findProjectMembership, isSignedIn } from "../account/membership.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import type { Refusal } from "../room/contract.ts";
import { refusalFailure } from "./error.ts";
import { parseQuery, seqParameter } from "./query.ts";
import { checkOrigin } from "./security.ts";

const PRINCIPAL_HEADER = "x-clusterfork-principal";

export async function getStream(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    // Who may not connect hears that first: a page asks so whether to go on trying.
    const admitted = await access.room.admit(access.principal, "read");
    return admitted.ok ? upgradeRequired(c) : refusalFailure(admitted);
  }
  if (access.principal.kind === "session") {
    const refused = checkOrigin(c, true);
    if (refused) return refused;
  }
  const query = parseQuery(c, { since: seqParameter.optional() });
  if (!query.ok) return query.failure;
  const offered = c.req.header("sec-websocket-protocol")?.split(",") ?? [];
  if (offered.length > 0 && !offered.some((name) => name.trim() === STREAM_PROTOCOL)) {
    return {
      code: "invalid_parameter",
      message: `Offer the subprotocol "${STREAM_PROTOCOL}"; this server speaks no other.`,
    };
  }
  // From the log: for a link that shows the present alone the past is not a place to begin. It gets a snapshot.
  const since = access.lens === undefined || access.lens.showsLog ? query.value.since : undefined;
  const headers = new Headers({
    Upgrade: "websocket",
    [PRINCIPAL_HEADER]: JSON.stringify(access.principal),
    ...(offered.length > 0 ? { "Sec-WebSocket-Protocol": STREAM_PROTOCOL } : {}),
  });
  const address = since === undefined ? "https://room/stream" : `https://room/stream?since=${since}`;
  const reply = await access.room.fetch(new Request(address, { headers }));
  if (reply.status === 101) {
    await closeIfRemovedMeanwhile(c, access);
    return reply;
  }
  if (reply.status === 403) return refusalFailure(await reply.json<Refusal>());
  throw new Error(`the room answered an upgrade with ${reply.status}`);
}

/**
 * Membership was checked before the room opened the socket. Who was removed, or signed out, in
 * between was not there yet when his sockets were closed: looked at again, no
 * order of the two leaves one open (V3). A key or link needs none of it, its
 * room decides itself.
 */
async function closeIfRemovedMeanwhile(
  c: HttpContext,
  { principal, project_id, room }: ProjectAccess,
): Promise<void> {
  if (principal.kind !== "session") return;
  const database = openDatabase(c.env.DB);
  const still = await findProjectMembership(database, principal.user_id, project_id);
  if (still === null) await room.dropUser(principal.user_id);
  const { session_id } = principal;
  if (session_id !== undefined && !(await isSignedIn(database, session_id)))
    await room.dropSession(session_id);
}

/** 426 has no code of its own in the error table: it is about the transport, not about this API. */
function upgradeRequired(c: HttpContext): Response {
  return Response.json(
    {
      error: {
        code: "malformed",
        message: `Connect with a WebSocket (Upgrade: websocket, subprotocol ${STREAM_PROTOCOL}). For plain HTTP, read the events route.`,
        request_id: c.get("request_id"),
      },
    },
    { status: 426, headers: { Upgrade: "websocket" } },
  );
}
