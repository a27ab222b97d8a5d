/**
 * Sends the log to the project's viewers.
 *
 *   commit ──texts──▶ pending ──every FRAME_INTERVAL_MS──▶ frames ──one text for all──▶ viewers at the head
 *                                 log ──by acknowledgement──▶ frames ──▶ viewers that lag
 *
 * Where delivery is batched, all come from the log, in waves: see delivery.ts.
 *
 * Each viewer's place is in its socket's attachment, written with every send,
 * so that a hibernated room wakes knowing exactly who has seen what (V1).
 */
import { CLOSE, type ServerMessage } from "../../schema/wire/socket.ts";
import { Budget } from "./budget.ts";
import { announced, LIVE, Waves, type Delivery } from "./delivery.ts";
import { frames, type Frame } from "./frame.ts";
import { FRAME_INTERVAL_MS } from "./limits.ts";
import type { Line } from "./log.ts";
import { acknowledge, deadline, due, restarted, sent, viewerAt, type Viewer } from "./viewer.ts";

/** What the publisher needs of its room. */
export interface Source {
  /** Opened before this object woke, or since. */
  sockets(): WebSocket[];
  head_seq(): number;
  /** Every seq after `after`, from the log. */
  lines(after: number): Iterable<Line>;
  /** A ServerMessage of type `snapshot`, at the head. */
  snapshot(): string;
  /** When the event was received, ms; of one that is in the log. */
  received_ms(seq: number): number;
  now_ms(): number;
  /** Something is due then, also if the room sleeps. */
  wake_at(time_ms: number): void;
}

export class Publisher {
  readonly #source: Source;
  readonly #viewers = new Map<WebSocket, Viewer>();
  readonly #budget = new Budget();
  #pending: Line[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #published_ms = 0;
  #delivery: Delivery;
  /** Null: nothing is held back. */
  #waves: Waves | null;

  constructor(source: Source, delivery = LIVE) {
    this.#source = source;
    this.#delivery = delivery;
    this.#waves = wavesOf(delivery, source);
    for (const socket of source.sockets()) {
      const viewer = socket.deserializeAttachment() as Viewer | null;
      if (viewer !== null) this.#add(socket, viewer);
    }
  }

  /** From now on, for open sockets too. */
  deliver(delivery: Delivery): void {
    // What live viewers are owed goes out before it can be held back.
    this.publish();
    this.#delivery = delivery;
    this.#waves = wavesOf(delivery, this.#source);
    this.publish();
    for (const [socket, viewer] of this.#viewers) this.#announce(socket, viewer);
  }

  /** Takes what a commit stored; sends it now when the last frame is long enough ago. */
  committed(first_seq: number, texts: readonly string[]): void {
    if (this.#viewers.size === 0 || texts.length === 0) return;
    if (this.#waves !== null) return this.#waves.committed();
    texts.forEach((text, i) => this.#pending.push({ seq: first_seq + i, text }));
    if (this.#timer !== null) return;
    const wait_ms = this.#published_ms + FRAME_INTERVAL_MS - this.#source.now_ms();
    if (wait_ms <= 0) this.publish();
    else this.#timer = setTimeout(() => this.publish(), wait_ms);
  }

  /** Sends every viewer what it is owed. Also safe to call when nothing is. */
  publish(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#published_ms = this.#source.now_ms();
    this.#waves?.disarm();
    const shared = new Map<number, Frame>();
    for (const frame of frames(this.#pending, this.#budget.frame_length)) shared.set(frame.from, frame);
    this.#pending = [];
    for (const [socket, viewer] of this.#viewers) this.#serve(socket, viewer, shared);
  }

  /** `since` null, or after the head: begins with a snapshot. */
  join(socket: WebSocket, since: number | null): void {
    this.publish();
    const head_seq = this.#source.head_seq();
    const resumes = since !== null && since <= head_seq;
    const viewer = viewerAt(resumes ? since : head_seq);
    this.#add(socket, viewer);
    if (!resumes) {
      const snapshot = this.#source.snapshot();
      if (!this.#budget.allowsSnapshot(snapshot.length)) {
        this.left(socket);
        socket.close(CLOSE.full, "too many viewers are starting at once; try again later");
        return;
      }
      if (!this.#send(socket, snapshot)) return;
      this.#budget.track(viewer, () => (viewer.snapshot_length = snapshot.length));
    }
    socket.serializeAttachment(viewer);
    this.#serve(socket, viewer, new Map());
    if (this.#waves !== null) this.#announce(socket, viewer);
  }

  /** False when the acknowledgement is about something that was never sent. */
  acked(socket: WebSocket, seq: number): boolean {
    const viewer = this.#viewers.get(socket);
    if (viewer === undefined) return true;
    if (!this.#budget.track(viewer, () => acknowledge(viewer, seq))) return false;
    socket.serializeAttachment(viewer);
    // What is pending waits for its frame; only who lags behind that is served from the log.
    const first_pending = this.#pending[0]?.seq ?? this.#source.head_seq() + 1;
    if (viewer.sent + 1 < first_pending) this.#serve(socket, viewer, new Map());
    return true;
  }

  left(socket: WebSocket): void {
    const viewer = this.#viewers.get(socket);
    if (viewer === undefined) return;
    this.#viewers.delete(socket);
    this.#budget.leave(viewer);
  }

  /** After the log changed under everybody's feet (events forgotten): each starts from a new snapshot. */
  restart(): void {
    this.#pending = [];
    for (const [socket, viewer] of this.#viewers) this.#restart(socket, viewer);
  }

  get size(): number {
    return this.#viewers.size;
  }

  #add(socket: WebSocket, viewer: Viewer): void {
    this.#viewers.set(socket, viewer);
    this.#budget.join(viewer);
  }

  #serve(socket: WebSocket, viewer: Viewer, shared: Map<number, Frame>): void {
    for (;;) {
      const now_ms = this.#source.now_ms();
      switch (due(viewer, this.#source.head_seq(), now_ms, this.#budget.allows(viewer))) {
        case "nothing":
          return;
        case "wait":
          this.#wait(socket, viewer, now_ms);
          return;
        case "snapshot":
          this.#restart(socket, viewer);
          return;
        case "close":
          this.#close(socket);
          return;
        case "send": {
          if (this.#waves?.holds(viewer.sent + 1) === true) return;
          const frame = this.#frameAfter(viewer.sent, shared);
          if (!this.#send(socket, frame.text)) return;
          this.#budget.track(viewer, () => sent(viewer, frame.to, frame.text.length));
          socket.serializeAttachment(viewer);
        }
      }
    }
  }

  #frameAfter(seq: number, shared: Map<number, Frame>): Frame {
    const known = shared.get(seq + 1);
    if (known !== undefined) return known;
    for (const frame of frames(this.#source.lines(seq), this.#budget.frame_length)) {
      // Viewers that lag at the same place (all after a reconnect) share the reading too.
      shared.set(frame.from, frame);
      return frame;
    }
    throw new Error(`the log has nothing after seq ${String(seq)}, though the head is further`);
  }

  #wait(socket: WebSocket, viewer: Viewer, now_ms: number): void {
    if (viewer.waiting_since === null) {
      viewer.waiting_since = now_ms;
      socket.serializeAttachment(viewer);
    }
    const wake_ms = deadline(viewer);
    if (wake_ms !== null) this.#source.wake_at(wake_ms);
  }

  #restart(socket: WebSocket, viewer: Viewer): void {
    const head = this.#source.head_seq();
    const behind: ServerMessage = { type: "behind", acked: viewer.acked, head };
    const snapshot = this.#source.snapshot();
    if (!this.#budget.allowsSnapshot(snapshot.length)) {
      this.#close(socket);
      return;
    }
    if (!this.#send(socket, JSON.stringify(behind)) || !this.#send(socket, snapshot)) return;
    const now_ms = this.#source.now_ms();
    this.#budget.track(viewer, () => restarted(viewer, head, snapshot.length, now_ms));
    this.#wait(socket, viewer, now_ms);
    socket.serializeAttachment(viewer);
  }

  /** An `events` message without events: a viewer that does not know the field takes it as nothing new. */
  #announce(socket: WebSocket, { sent }: Viewer): void {
    const delivery = announced(this.#delivery, this.#source.now_ms());
    const message: ServerMessage = { type: "events", from: sent + 1, to: sent, events: [], delivery };
    this.#send(socket, JSON.stringify(message));
  }

  #close(socket: WebSocket): void {
    this.left(socket);
    socket.close(CLOSE.slow, "nothing was acknowledged; reconnect with since");
  }

  /** False when the socket is gone: its close event may still be on its way. */
  #send(socket: WebSocket, text: string): boolean {
    try {
      socket.send(text);
      return true;
    } catch (error) {
      console.warn("a viewer left in the middle of a frame", error);
      this.left(socket);
      return false;
    }
  }
}

function wavesOf(delivery: Delivery, source: Source): Waves | null {
  return delivery.mode === "live" ? null : new Waves(delivery.phase_ms, source);
}
