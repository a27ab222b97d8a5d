import {
  BEARER_PROTOCOL_PREFIX,
  STREAM_PROTOCOL,
  type ClientMessage,
  type ServerMessage,
} from "../../schema/wire/socket.ts";

const RECONNECT_MS = 100;

export interface Viewer {
  /** Every seq in the order seen, over all connections. */
  seqs: number[];
  /** What must never happen: a frame that does not follow the one before, a snapshot that nobody asked for. */
  faults: string[];
  connections: number;
  close(): void;
}

/**
 * Somebody who looks on from seq 0, acknowledges, and comes back with `since`
 * when the line breaks. Written against the wire alone, so that it does not
 * share a mistake with the product's own clients.
 */
export function openViewer(url: string, key: string): Viewer {
  let socket: WebSocket;
  let cursor = 0;
  let closed = false;
  const viewer: Viewer = {
    seqs: [],
    faults: [],
    connections: 0,
    close() {
      closed = true;
      socket.close();
    },
  };
  const connect = () => {
    const address = `${url.replace(/^http/, "ws")}/v1/stream?since=${cursor}`;
    socket = new WebSocket(address, [STREAM_PROTOCOL, BEARER_PROTOCOL_PREFIX + key]);
    socket.addEventListener("open", () => (viewer.connections += 1));
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(String(data)) as ServerMessage;
      if (message.type !== "events") {
        viewer.faults.push(`${message.type} after ${cursor}`);
        return;
      }
      if (message.from !== cursor + 1) viewer.faults.push(`${message.from} after ${cursor}`);
      for (const { seq } of message.events) viewer.seqs.push(seq);
      cursor = message.to;
      socket.send(JSON.stringify({ type: "ack", seq: cursor } satisfies ClientMessage));
    });
    socket.addEventListener("close", () => {
      if (!closed) setTimeout(connect, RECONNECT_MS);
    });
  };
  connect();
  return viewer;
}
