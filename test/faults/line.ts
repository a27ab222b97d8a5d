/**
 * A viewer's line, by hand (RFC 6455): light enough to open ten thousand of them beside the server, and able to do
 * what no library does: to stop reading while it stays open, and to vanish without a word.
 *
 *   server ──frames──▶ head of each text (what it says of itself) ──▶ LineEvents.message
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { BEARER_PROTOCOL_PREFIX, STREAM_PROTOCOL } from "../../schema/wire/socket.ts";

export interface LineEvents {
  /** `head`: the first HEAD_BYTES of a text message; `bytes`: its length. */
  message(line: Line, head: string, bytes: number): void;
  /** `code`: what the server gave as the reason of the end; null when the connection broke. */
  closed(line: Line, code: number | null): void;
}

export interface LineOptions {
  /** Origin of the server. */
  url: string;
  /** An API key or a share token. */
  bearer: string;
  /** Null: begins with a snapshot. */
  since: number | null;
  /** From which address of this machine, 127.0.0.x: each has 28,000 ports of its own. */
  from?: string;
}

/** Enough for type and range of a message, and for the smallest event in it. */
const HEAD_BYTES = 96;
const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 };
/** Frames of a client are masked; a mask of zeros leaves the payload as it is, and nobody on this line is to be protected. */
const MASK = Buffer.alloc(4);
const NOTHING = Buffer.alloc(0);
/** RFC 6455 §7.4.1: a close that means nothing bad. */
const NORMAL = Buffer.from([0x03, 0xe8]);

/** Resolves when the handshake is done. */
export function openLine(options: LineOptions, events: LineEvents): Promise<Line> {
  const { hostname, port, host } = new URL(options.url);
  const since = options.since === null ? "" : `?since=${options.since}`;
  const socket = connect({ host: hostname, port: Number(port), localAddress: options.from }).setNoDelay(true);
  socket.write(
    `GET /v1/stream${since} HTTP/1.1\r\nhost: ${host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
      `sec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString("base64")}\r\n` +
      `sec-websocket-protocol: ${STREAM_PROTOCOL}, ${BEARER_PROTOCOL_PREFIX}${options.bearer}\r\n\r\n`,
  );
  return new Promise((resolve, reject) => {
    let reply = Buffer.alloc(0);
    const hear = (chunk: Buffer) => {
      reply = Buffer.concat([reply, chunk]);
      const end = reply.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.off("data", hear).off("error", reject).off("close", refuse);
      if (!reply.subarray(0, end).toString("latin1").startsWith("HTTP/1.1 101")) {
        socket.destroy();
        reject(new Error(`no stream: ${reply.toString()}`));
        return;
      }
      const line = new Line(socket, events);
      resolve(line);
      line.take(reply.subarray(end + 4));
    };
    const refuse = () => reject(new Error(`the connection ended before the handshake: ${reply.toString()}`));
    socket.on("data", hear).on("error", reject).on("close", refuse);
  });
}

interface Frame {
  opcode: number;
  bytes: number;
  /** What has not come yet. */
  left: number;
  head: string;
}

export class Line {
  readonly #socket: Socket;
  readonly #events: LineEvents;
  /** The beginning of a header that has not come whole. */
  #rest: Buffer = Buffer.alloc(0);
  #frame: Frame | null = null;
  #ended = false;

  constructor(socket: Socket, events: LineEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on("data", (chunk: Buffer) => this.take(chunk));
    // `close` follows, and tells.
    socket.on("error", () => undefined);
    socket.once("close", () => this.#tell(null));
  }

  acknowledge(seq: number): void {
    this.#send(OPCODE.text, Buffer.from(`{"type":"ack","seq":${seq}}`));
  }

  /** Reads nothing from now on: the kernel's buffers fill, then the server's. */
  stopReading(): void {
    this.#socket.pause();
  }

  readAgain(): void {
    this.#socket.resume();
  }

  /** As a browser leaves. */
  close(): void {
    this.#send(OPCODE.close, NORMAL);
  }

  /** As a process dies: the connection is reset. */
  cut(): void {
    this.#socket.resetAndDestroy();
  }

  take(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = NOTHING;
    while (bytes.length > 0) {
      if (this.#frame === null) {
        const size = headerSize(bytes);
        if (bytes.length < size) {
          this.#rest = bytes;
          return;
        }
        this.#frame = readHeader(bytes);
        bytes = bytes.subarray(size);
      }
      const frame = this.#frame;
      const part = bytes.subarray(0, frame.left);
      bytes = bytes.subarray(part.length);
      frame.left -= part.length;
      if (frame.head.length < HEAD_BYTES)
        frame.head += part.toString("latin1", 0, HEAD_BYTES - frame.head.length);
      if (frame.left > 0) return;
      this.#frame = null;
      this.#hear(frame);
    }
  }

  #hear({ opcode, head, bytes }: Frame): void {
    if (opcode === OPCODE.text) this.#events.message(this, head, bytes);
    else if (opcode === OPCODE.ping) this.#send(OPCODE.pong, Buffer.from(head, "latin1"));
    else if (opcode === OPCODE.close) {
      this.close();
      this.#socket.end();
      this.#tell(Buffer.from(head, "latin1").readUInt16BE(0));
    } else if (opcode !== OPCODE.pong) throw new Error(`the server sent a frame of opcode ${opcode}`);
  }

  /** Once: by the server's close, or by the end of the connection where none came. */
  #tell(code: number | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.closed(this, code);
  }

  #send(opcode: number, payload: Buffer): void {
    if (!this.#socket.writable) return;
    const header = Buffer.from([0x80 | opcode, 0x80 | payload.length]);
    this.#socket.write(Buffer.concat([header, MASK, payload]));
  }
}

/** Of a server's frame, which has no mask. */
function headerSize(bytes: Buffer): number {
  const length = (bytes[1] ?? 0) & 0x7f;
  return length === 127 ? 10 : length === 126 ? 4 : 2;
}

function readHeader(bytes: Buffer): Frame {
  const size = headerSize(bytes);
  const length =
    size === 10 ? Number(bytes.readBigUInt64BE(2)) : size === 4 ? bytes.readUInt16BE(2) : bytes[1];
  return { opcode: (bytes[0] ?? 0) & 0x0f, bytes: length ?? 0, left: length ?? 0, head: "" };
}
