/** The line between the room and one viewer: what is sent waits until the world lets it arrive. */
/** The room's end of a socket, as the room may use it; what it holds survives the room. */
export interface Connection {
  readonly server: WebSocket;
  attachment: unknown;
  /** Sent and not received yet. */
  inbox: Sent[];
  open: boolean;
}

interface Sent {
  text: string;
  /** How often events had been destroyed by then. */
  era: number;
}

interface Watcher {
  era(): number;
  /** The highest seq that a message shows. */
  sent(seq: number): void;
  /** By the room. */
  closed(connection: Connection): void;
}

/** Takes over the room's end of a socket. */
export function lineOf(server: WebSocket, watcher: Watcher): Connection {
  const connection: Connection = { server, attachment: null, inbox: [], open: true };
  Object.assign(server, {
    send: (text: string) => {
      if (!connection.open) throw new Error("the line is cut");
      const { to = 0, seq = 0 } = JSON.parse(text) as { to?: number; seq?: number };
      watcher.sent(Math.max(to, seq));
      connection.inbox.push({ text, era: watcher.era() });
    },
    serializeAttachment: (value: unknown) => (connection.attachment = structuredClone(value)),
    deserializeAttachment: () => structuredClone(connection.attachment),
    close: () => {
      connection.open = false;
      watcher.closed(connection);
    },
  });
  return connection;
}
