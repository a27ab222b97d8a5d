/** The WebSocket handshake: who is it, from where does it resume, which subprotocol. */
import { CLOSE, STREAM_PROTOCOL } from "../../schema/wire/socket.ts";
import type { Principal, Refusal } from "./contract.ts";
import { MAX_CLIENT_MESSAGE_LENGTH, MAX_SHARE_VIEWERS, MAX_VIEWERS } from "./limits.ts";
import type { Viewer } from "./viewer.ts";

/**
 * The principal of an upgrade, as JSON. Only the Worker sets it: worker/http
 * replaces whatever a client sent under this name before it calls the room.
 */
export const PRINCIPAL_HEADER = "x-clusterfork-principal";

export interface Handshake {
  principal: Principal;
  /** Null: begin with a snapshot. */
  since: number | null;
  offers_protocol: boolean;
}

/** Null when it is no upgrade, or did not come through the Worker. */
export function readHandshake(request: Request): Handshake | null {
  const principal = request.headers.get(PRINCIPAL_HEADER);
  if (principal === null || request.headers.get("upgrade")?.toLowerCase() !== "websocket") return null;
  const since = new URL(request.url).searchParams.get("since");
  const offered = request.headers.get("sec-websocket-protocol")?.split(",") ?? [];
  return {
    principal: JSON.parse(principal) as Principal,
    since: since !== null && /^\d{1,15}$/.test(since) ? Number(since) : null,
    offers_protocol: offered.some((name) => name.trim() === STREAM_PROTOCOL),
  };
}

/** By these the room finds the sockets that a revocation closes. */
function tagsOf(principal: Principal): string[] {
  if (principal.kind === "key") return [keyTag(principal.key_id)];
  if (principal.kind === "session") {
    const { user_id, session_id } = principal;
    return [userTag(user_id), ...(session_id === undefined ? [] : [sessionTag(session_id)])];
  }
  if (principal.kind === "share") return [shareTag(principal.share_id)];
  return [];
}
export const keyTag = (key_id: string): string => `key:${key_id}`;
export const shareTag = (share_id: string): string => `share:${share_id}`;
export const userTag = (user_id: string): string => `user:${user_id}`;
export const sessionTag = (session_id: string): string => `session:${session_id}`;

/** Where a new viewer goes. */
interface Viewers {
  readonly size: number;
  readonly shared_size: number;
  /** False, and nothing was accepted, when there is no room for what it begins with. */
  join(accept: () => WebSocket, since: number | null, link?: Viewer["link"]): boolean;
}

export function openStream(
  room: Pick<DurableObjectState, "acceptWebSocket">,
  viewers: Viewers,
  handshake: Handshake,
  link?: Viewer["link"],
): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  const [count, limit] =
    link === undefined ? [viewers.size, MAX_VIEWERS] : [viewers.shared_size, MAX_SHARE_VIEWERS];
  const accept = () => {
    room.acceptWebSocket(server, tagsOf(handshake.principal));
    return server;
  };
  const refusal =
    count >= limit || viewers.size >= MAX_VIEWERS
      ? `this project has ${String(count)} viewers, its limit; try again later`
      : viewers.join(accept, handshake.since, link)
        ? null
        : "too many viewers are starting at once; try again later";
  if (refusal !== null) {
    // Accepted and closed at once, because only a close code tells a browser why; and not by the room (Publisher.join).
    server.accept();
    server.close(CLOSE.full, refusal);
  }
  return accepted(client, handshake);
}

function accepted(client: WebSocket, handshake: Handshake): Response {
  const headers = new Headers();
  if (handshake.offers_protocol) headers.set("sec-websocket-protocol", STREAM_PROTOCOL);
  return new Response(null, { status: 101, webSocket: client, headers });
}

interface Listeners {
  /** False when the acknowledgement is about something that was never sent. */
  acked(socket: WebSocket, seq: number): boolean;
  left(socket: WebSocket): void;
}

/** A message of a viewer: an acknowledgement, or the socket is closed. */
export function hear(viewers: Listeners, socket: WebSocket, message: string | ArrayBuffer): void {
  const readable = typeof message === "string" && message.length <= MAX_CLIENT_MESSAGE_LENGTH;
  const seq = readable ? readAck(message) : null;
  if (seq !== null && viewers.acked(socket, seq)) return;
  viewers.left(socket);
  socket.close(CLOSE.bad_message, 'expected {"type":"ack","seq":<the highest seq received>}');
}

/** Closes the sockets of somebody whose access was withdrawn. */
export function drop(viewers: Listeners, sockets: readonly WebSocket[], reason: string): void {
  for (const socket of sockets) {
    viewers.left(socket);
    socket.close(CLOSE.revoked, reason);
  }
}

/** For worker/http, which gives it the public error's shape: the body is the Refusal. */
export function refused(refusal: Refusal): Response {
  return Response.json(refusal, { status: 403 });
}

/** Codes that stand for what was never said, and may not be sent (RFC 6455 §7.4.1). */
const NEVER_SENT = [1004, 1005, 1006, 1015];

/** With what a close is answered: its own code, or 1000 where that would throw and leave the socket half open. */
export function closeReply(code: number): number {
  return code >= 1000 && code <= 4999 && !NEVER_SENT.includes(code) ? code : 1000;
}

/** The seq of a ClientMessage, or null when it is none. */
function readAck(message: string): number | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    // Not JSON: the caller closes the socket and says so.
    return null;
  }
  if (typeof parsed !== "object" || parsed === null || !("type" in parsed) || !("seq" in parsed)) return null;
  return parsed.type === "ack" && typeof parsed.seq === "number" ? parsed.seq : null;
}
