/**
 * Keeps one FeedBuffer current over WebSockets that come and go.
 *
 *   open ──▶ messages ──▶ buffer ──▶ changed()
 *    ▲  └─ ping every 10 s; silence → stale at 20 s → dropped at 40 s
 *    └── back-off ◀── closed (unless the close code says: do not come back)
 *
 * Timers of hidden tabs run once a minute, so nothing that keeps the stream
 * alive hangs on them alone: frames are folded and acknowledged as they come.
 */
import { CLOSE, type ClientMessage, type Delivery, type ServerMessage } from "../../../schema/wire/socket.ts";
import { AckPolicy } from "./acknowledge.ts";
import { RETRY_MAX_MS, retryDelay } from "./backoff.ts";
import type { FeedBuffer } from "./buffer.ts";
import { type Connection, STALE_AFTER_MS } from "./connection.ts";
import { readMessage } from "./message.ts";
import { Pace } from "./pace.ts";

/** Twice within STALE_AFTER_MS, so that one lost pong is no alarm. */
export const PING_EVERY_MS = 10_000;
/** A ping unanswered this long means silence; less may only mean that our own timers slept. */
const PONG_GRACE_MS = 5_000;
/** A half-open connection is given up and opened anew. */
export const DEAD_AFTER_MS = 40_000;
const PROBE_EVERY_ATTEMPTS = 4;
/** How often the clockwork looks: the pill counts in seconds. */
const TICK_MS = 1_000;

export type Snapshot = Extract<ServerMessage, { type: "snapshot" }>;

/** The part of the WebSocket that is used; tests bring their own. */
export interface SocketLike {
  send(text: string): void;
  close(): void;
  /** Called by the driver once; the calls may come until `close`. */
  listen(heard: {
    open(): void;
    message(data: unknown): void;
    /** What the stream begins with, where that is read beside the socket: at most once, before it opens. */
    snapshot(message: Snapshot): void;
    closed(code: number): void;
  }): void;
}

export interface SocketPorts {
  /** Opens a socket that resumes after `since`; undefined asks for a snapshot. */
  connect(since: number | undefined): SocketLike;
  /** Asked when a socket never opened: browsers do not say why. `denied` ends the attempts. */
  mayRead(): Promise<"granted" | "denied" | "unknown">;
  now(): number;
  random(): number;
  setTimer(callback: () => void, delay_ms: number): unknown;
  clearTimer(timer: unknown): void;
  /** The buffer or the connection changed. May be called many times per frame. */
  changed(): void;
}

export class FeedSocket {
  connection: Connection = { kind: "connecting" };

  #buffer: FeedBuffer;
  #ports: SocketPorts;
  #socket: SocketLike | null = null;
  #opened = false;
  #connecting_since = 0;
  #ack = new AckPolicy();
  #pace = new Pace();
  /** One moment at which a batch is due, and how far they are apart, ms; null: events come as they happen. */
  #batches: { at: number; interval_ms: number } | null = null;
  #attempt = 0;
  #last_message_at: number;
  #ping_sent_at: number | null = null;
  #last_ping_at = 0;
  #retry: unknown = null;
  #tick: unknown = null;
  #ended = false;

  constructor(buffer: FeedBuffer, ports: SocketPorts) {
    this.#buffer = buffer;
    this.#ports = ports;
    this.#last_message_at = ports.now();
    this.#open();
    this.#arm();
  }

  close(): void {
    this.#ended = true;
    this.#ports.clearTimer(this.#retry);
    this.#ports.clearTimer(this.#tick);
    this.#drop();
  }

  /** The tab is looked at again or the network is back: do not wait for a timer. */
  wake(): void {
    if (this.#ended) return;
    if (this.#socket === null) this.#reopen();
    else this.#ping(this.#ports.now());
    this.#look();
  }

  #open(): void {
    const now = this.#ports.now();
    const socket = this.#ports.connect(this.#buffer.since);
    this.#socket = socket;
    this.#opened = false;
    this.#connecting_since = now;
    this.#ack.reset(this.#buffer.seq, now);
    this.#pace.reset(now);
    // The room says so again to every socket.
    this.#batches = null;
    this.#ping_sent_at = null;
    this.#last_ping_at = now;
    // What a socket says after it was given up no longer counts.
    const isCurrent = () => this.#socket === socket;
    socket.listen({
      open: () => {
        if (!isCurrent()) return;
        this.#opened = true;
        this.#last_message_at = this.#ports.now();
        this.#look();
      },
      message: (data) => {
        if (isCurrent()) this.#receive(data);
      },
      snapshot: (message) => {
        if (!isCurrent()) return;
        this.#last_message_at = this.#ports.now();
        this.#buffer.receive(message);
        this.#look();
      },
      closed: (code) => {
        if (isCurrent()) this.#closed(code);
      },
    });
  }

  #receive(data: unknown): void {
    const now = this.#ports.now();
    this.#last_message_at = now;
    this.#ping_sent_at = null;
    this.#attempt = 0;
    if (typeof data !== "string") return;
    if (data !== "pong") {
      const message = readMessage(data);
      if (message === null) return this.#restart();
      const received = this.#buffer.receive(message);
      if (received.kind === "gap") return this.#restart();
      if (message.type === "events" && message.delivery !== undefined)
        this.#batches = batchesOf(message.delivery, now);
      const newest = message.type === "events" ? message.events.at(-1) : undefined;
      if (newest !== undefined && received.kind === "folded" && received.folded > 0)
        this.#pace.note(received.folded, Date.parse(newest.received_at), now);
      this.#acknowledge(now);
    }
    this.#look();
  }

  #acknowledge(now: number): void {
    const seq = this.#buffer.seq;
    if (this.#socket === null || !this.#ack.due(seq, now)) return;
    this.#socket.send(JSON.stringify({ type: "ack", seq } satisfies ClientMessage));
  }

  /** What arrived cannot be joined to what is known: ask again from there. */
  #restart(): void {
    this.#drop();
    this.#schedule(retryDelay(this.#attempt++, this.#ports.random()));
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #closed(code: number): void {
    this.#socket = null;
    if (code === CLOSE.revoked || code === CLOSE.bad_message) return this.#revoke();
    const delay_ms = code === CLOSE.full ? RETRY_MAX_MS : retryDelay(this.#attempt++, this.#ports.random());
    this.#schedule(delay_ms);
    // Not at every attempt: a server that is down has nothing to say about access.
    if (!this.#opened && this.#attempt % PROBE_EVERY_ATTEMPTS === 1)
      void this.#ports.mayRead().then((answer) => {
        if (answer === "denied" && !this.#ended) this.#revoke();
      });
  }

  #revoke(): void {
    this.close();
    this.connection = { kind: "revoked" };
    this.#ports.changed();
  }

  #schedule(delay_ms: number): void {
    this.connection = {
      kind: "disconnected",
      since: this.#last_message_at,
      retry_at: this.#ports.now() + delay_ms,
    };
    this.#ports.clearTimer(this.#retry);
    this.#retry = this.#ports.setTimer(() => this.#reopen(), delay_ms);
    this.#ports.changed();
  }

  #reopen(): void {
    this.#ports.clearTimer(this.#retry);
    if (!this.#ended && this.#socket === null) this.#open();
  }

  #arm(): void {
    this.#tick = this.#ports.setTimer(() => {
      const now = this.#ports.now();
      if (this.#socket !== null) {
        this.#acknowledge(now);
        if (now - this.#last_ping_at >= PING_EVERY_MS) this.#ping(now);
        if (this.#dead(now)) this.#restart();
      }
      this.#look();
      if (!this.#ended) this.#arm();
    }, TICK_MS);
  }

  #ping(now: number): void {
    this.#last_ping_at = now;
    // Sending on a socket that is still opening would throw.
    if (this.#socket === null || !this.#opened) return;
    this.#ping_sent_at ??= now;
    this.#socket.send("ping");
  }

  #unanswered(now: number): boolean {
    return this.#ping_sent_at !== null && now - this.#ping_sent_at >= PONG_GRACE_MS;
  }

  #dead(now: number): boolean {
    if (!this.#opened) return now - this.#connecting_since >= DEAD_AFTER_MS;
    return this.#unanswered(now) && now - this.#last_message_at >= DEAD_AFTER_MS;
  }

  /** Works out what to show; while a socket is still opening, the last word stands. */
  #look(): void {
    if (this.#ended || this.#socket === null || !this.#buffer.known) return;
    const now = this.#ports.now();
    const last_message_at = this.#last_message_at;
    if (this.connection.kind === "disconnected" && last_message_at <= this.connection.since) return;
    if (this.#unanswered(now) && now - last_message_at >= STALE_AFTER_MS)
      this.connection = { kind: "stale", last_message_at };
    else if (this.#buffer.seq === 0) this.connection = { kind: "empty" };
    else
      this.connection = {
        kind: "live",
        last_message_at,
        behind_ms: this.#pace.behind_ms,
        events_per_minute: this.#pace.eventsPerMinute(now),
        ...(this.#batches === null ? {} : { next_batch_at: nextAfter(this.#batches, now) }),
      };
    this.#ports.changed();
  }
}

/** By the browser's clock: the server says how long it is until then, since the two clocks may differ. */
function batchesOf(delivery: Delivery, now: number): { at: number; interval_ms: number } | null {
  if (delivery.mode === "live") return null;
  return { at: now + delivery.next_in_ms, interval_ms: delivery.interval_ms };
}

function nextAfter({ at, interval_ms }: { at: number; interval_ms: number }, now: number): number {
  return at + Math.max(0, Math.ceil((now - at) / interval_ms)) * interval_ms;
}
