/**
 * The frame of the stream as text → ServerMessage. The server is our own and
 * versioned by the subprotocol, so only the outer shape is checked: a frame
 * that is none is a reason to reconnect, never to throw.
 */
import type { ServerMessage } from "../../../schema/wire/socket.ts";

export function readMessage(text: string): ServerMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // Not JSON: the caller treats it like a broken connection.
  }
  return isServerMessage(value) ? value : null;
}

function isServerMessage(value: unknown): value is ServerMessage {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  switch (value.type) {
    case "snapshot":
      return (
        "seq" in value && typeof value.seq === "number" && "state" in value && typeof value.state === "object"
      );
    case "events":
      return (
        "from" in value &&
        typeof value.from === "number" &&
        "to" in value &&
        typeof value.to === "number" &&
        "events" in value &&
        Array.isArray(value.events)
      );
    case "behind":
      return "head" in value && typeof value.head === "number";
    default:
      return false;
  }
}
