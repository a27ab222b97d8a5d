/**
 * Sends the log to the project's viewers.
 *
 *   commit ──texts──▶ recent ──every FRAME_INTERVAL_MS──▶ frames ──one text for all──▶ viewers at the head
 *                     recent, else the log ──by acknowledgement──▶ frames ──▶ viewers that lag
 *
 * Where delivery is batched, all come from the log, in waves: see delivery.ts.
 *
 * The viewers of a share link get frames of their own, through its lens, after everybody else has theirs.
 *
 * Each viewer's place is in its socket's attachment, written with every send,
 * so that a hibernated room wakes knowing exactly who has seen what (V1).
 */
import { CLOSE, type ServerMessage } from "../../schema/wire/socket.ts";
import { announced, LIVE, Waves, type Delivery } from "./delivery.ts";
import { FRAME_INTERVAL_MS, MAX_FRAME_EVENTS, MAX_SHARED_LAG_EVENTS } from "./limits.ts";
import type { Line } from "./log.ts";
import { Recent } from "./recent.ts";
import { Roster } from "./roster.ts";
import { Round } from "./round.ts";
import type { Shared } from "./shared.ts";
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
  /** The lenses of the links, and what they may cost. */
  shared: Pick<Shared, "lens" | "affords" | "snapshot">;
  now_ms(): number;
  /** Something is due then, also if the room sleeps. */
  wake_at(time_ms: number): void;
}

export class Publisher {
  readonly #source: Source;
  readonly #viewers = new Roster();
  readonly #recent = new Recent();
  /** The first seq that waits for its frame; null when none does. */
  #pending_seq: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** A redaction that waits. */
  #later_timer: ReturnType<typeof setTimeout> | null = null;
  #published_ms = 0;
  /** The earliest moment for which the room was asked to be woken since it published last: a busy viewer waits at each frame. */
  #wake_ms = Infinity;
  #delivery: Delivery;
  /** Null: nothing is held back. */
  #waves: Waves | null;

  constructor(source: Source, delivery = LIVE) {
    this.#source = source;
    this.#delivery = delivery;
    this.#waves = wavesOf(delivery, source);
    for (const socket of source.sockets()) {
      const viewer = socket.deserializeAttachment() as Viewer | null;
      if (viewer !== null) this.#viewers.add(socket, viewer);
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
    if (texts.length === 0) return;
    if (this.#viewers.size === 0) return this.#recent.clear();
    if (this.#waves !== null) return this.#waves.committed();
    this.#recent.add(first_seq, texts);
    this.#pending_seq ??= first_seq;
    // Asked at each commit: under full load a timer comes a second late.
    const wait_ms = this.#published_ms + FRAME_INTERVAL_MS - this.#source.now_ms();
    if (wait_ms <= 0) this.publish();
    else this.#timer ??= setTimeout(() => this.publish(), wait_ms);
  }

  /** Sends every viewer what it is owed. Also safe to call when nothing is. */
  publish(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#published_ms = this.#source.now_ms();
    // The alarm may be what called this: it has to be asked for anew.
    this.#wake_ms = Infinity;
    this.#waves?.disarm();
    this.#viewers.look(this.#published_ms);
    const round = this.#round();
    this.#pending_seq = null;
    for (const [socket, viewer] of this.#viewers) this.#serve(socket, viewer, round);
  }

  /**
   * `since` null, or after the head: begins with a snapshot. False, and nothing was accepted, when there is no room for
   * one more: a socket that the room took and closed before its client spoke would stay open until the room is evicted.
   */
  join(accept: () => WebSocket, since: number | null, link?: Viewer["link"]): boolean {
    this.publish();
    const head_seq = this.#source.head_seq();
    const resumes = since !== null && since <= head_seq;
    const begin = resumes ? { seq: since, text: null } : this.#snapshot(link, 0);
    if (begin === null) return false;
    const viewer = viewerAt(begin.seq, link);
    const budget = this.#viewers.budgetOf(viewer);
    const length = begin.text?.length ?? 0;
    if (length > 0 && !budget.allowsSnapshot(length)) return false;
    const socket = accept();
    this.#viewers.add(socket, viewer);
    if (begin.text !== null) {
      if (!this.#send(socket, begin.text)) return true;
      budget.track(viewer, () => (viewer.snapshot_length = length));
    }
    if (link !== undefined && link.until_ms !== null) this.#source.wake_at(link.until_ms);
    socket.serializeAttachment(viewer);
    this.#serve(socket, viewer, this.#round());
    if (this.#waves !== null) this.#announce(socket, viewer);
    return true;
  }

  /** False when the acknowledgement is about something that was never sent. */
  acked(socket: WebSocket, seq: number): boolean {
    const viewer = this.#viewers.get(socket);
    if (viewer === undefined) return true;
    const budget = this.#viewers.budgetOf(viewer);
    if (!budget.track(viewer, () => acknowledge(viewer, seq))) return false;
    budget.heard(viewer, this.#source.now_ms());
    socket.serializeAttachment(viewer);
    // What is pending waits for its frame; only who lags behind that is served from the log.
    const first_pending = this.#pending_seq ?? this.#source.head_seq() + 1;
    if (viewer.sent + 1 < first_pending) this.#serve(socket, viewer, this.#round());
    return true;
  }

  left(socket: WebSocket): void {
    this.#viewers.remove(socket);
  }

  /** After the log changed under everybody's feet (events forgotten): each starts from a new snapshot. */
  restart(): void {
    this.#recent.clear();
    this.#pending_seq = null;
    for (const [socket, viewer] of this.#viewers) this.#restart(socket, viewer, true);
  }

  /** Closes the viewers of links whose time is over. */
  endLinks(): void {
    for (const [socket, viewer] of this.#viewers) {
      const until_ms = viewer.link?.until_ms ?? null;
      if (until_ms === null) continue;
      if (until_ms <= this.#source.now_ms()) this.#end(socket);
      else this.#source.wake_at(until_ms);
    }
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** How many of them watch a share link. */
  get shared_size(): number {
    return this.#viewers.shared_size;
  }

  #round(): Round {
    return new Round(this.#recent.lines, (after) => this.#source.lines(after));
  }

  #serve(socket: WebSocket, viewer: Viewer, round: Round): void {
    const { link } = viewer;
    const lens = link === undefined ? null : this.#source.shared.lens(link.share_id);
    const budget = this.#viewers.budgetOf(viewer);
    for (;;) {
      const now_ms = this.#source.now_ms();
      if (link !== undefined && (lens === null || (link.until_ms !== null && link.until_ms <= now_ms))) {
        this.#end(socket);
        return;
      }
      const head_seq = this.#source.head_seq();
      const lag = head_seq - viewer.sent;
      const next = due(viewer, head_seq, now_ms, budget.allows(viewer, now_ms));
      switch (next === "send" && lens !== null && lag > MAX_SHARED_LAG_EVENTS ? "snapshot" : next) {
        case "nothing":
          return;
        case "wait":
          this.#wait(socket, viewer, now_ms);
          return;
        case "snapshot":
          this.#restart(socket, viewer, false);
          return;
        case "close":
          this.#close(socket);
          return;
        case "send": {
          if (this.#waves?.holds(viewer.sent + 1) === true) return;
          const affords = () => this.#source.shared.affords(Math.min(lag, MAX_FRAME_EVENTS), now_ms);
          const frame = round.frameAfter(viewer.sent, budget.frame_length, lens, affords);
          if (frame === null) {
            this.#later();
            return;
          }
          if (!this.#send(socket, frame.text)) return;
          budget.track(viewer, () => sent(viewer, frame.to, frame.text.length));
          socket.serializeAttachment(viewer);
        }
      }
    }
  }

  /** When there was no time to redact. By a timer of its own: the team's next frame does not wait for it. */
  #later(): void {
    if (this.#later_timer !== null) return;
    this.#later_timer = setTimeout(() => {
      this.#later_timer = null;
      this.publish();
    }, FRAME_INTERVAL_MS);
  }

  #wait(socket: WebSocket, viewer: Viewer, now_ms: number): void {
    if (viewer.waiting_since === null) {
      viewer.waiting_since = now_ms;
      socket.serializeAttachment(viewer);
    }
    const wake_ms = deadline(viewer);
    if (wake_ms === null || wake_ms >= this.#wake_ms) return;
    this.#wake_ms = wake_ms;
    this.#source.wake_at(wake_ms);
  }

  /** `must`: also when redacting is more than there is time for. */
  #restart(socket: WebSocket, viewer: Viewer, must: boolean): void {
    const behind: ServerMessage = { type: "behind", acked: viewer.acked, head: this.#source.head_seq() };
    const snapshot = this.#snapshot(viewer.link, viewer.sent, must);
    if (snapshot === null) {
      this.#later();
      return;
    }
    const budget = this.#viewers.budgetOf(viewer);
    if (!budget.allowsSnapshot(snapshot.text.length)) {
      this.#close(socket);
      return;
    }
    if (!this.#send(socket, JSON.stringify(behind)) || !this.#send(socket, snapshot.text)) return;
    const now_ms = this.#source.now_ms();
    budget.track(viewer, () => restarted(viewer, snapshot.seq, snapshot.text.length, now_ms));
    this.#wait(socket, viewer, now_ms);
    socket.serializeAttachment(viewer);
  }

  #snapshot(link: Viewer["link"], min_seq: number, must = false): { seq: number; text: string } | null {
    const source = this.#source;
    if (link === undefined) return { seq: source.head_seq(), text: source.snapshot() };
    return source.shared.snapshot(link.share_id, min_seq, source.now_ms(), must);
  }

  #end(socket: WebSocket): void {
    this.left(socket);
    socket.close(CLOSE.revoked, "this link has ended");
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
