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

const HEADER_LENGTH = 80;
const SHOWN = /^\{"type":"(?:snapshot","seq"|events","from":\d+,"to"):(\d+)/;

/** Takes over the room's end of a socket. */
export function lineOf(server: WebSocket, watcher: Watcher): Connection {
  const connection: Connection = { server, attachment: null, inbox: [], open: true };
  Object.assign(server, {
    send: (text: string) => {
      if (!connection.open) throw new Error("the line is cut");
      // Both messages that show something say it first: read without the rest, which may be long.
      const [, seq = "0"] = SHOWN.exec(text.slice(0, HEADER_LENGTH)) ?? [];
      watcher.sent(Number(seq));
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
