/** One who watches: holds every frame against what it has seen already. */
import type { ServerMessage } from "../../../schema/wire/socket.ts";
import type { Connection } from "./line.ts";

export class Viewer {
  readonly name: number;
  connection: Connection | null = null;
  /** The last seq seen; null before the first message of one that began without a place. */
  at: number | null = null;
  acks = true;
  /** Told that something is skipped. */
  behind = false;
  times_behind = 0;
  /** What came, by seq. */
  readonly events: { seq: number; text: string }[] = [];
  readonly snapshots: { seq: number; text: string }[] = [];

  constructor(name: number) {
    this.name = name;
  }

  receive(text: string): void {
    const message = JSON.parse(text) as ServerMessage;
    if (message.type === "behind") {
      if (this.acks) throw new Error(`viewer ${this.name} acknowledged all and is called behind`);
      this.behind = true;
      this.times_behind += 1;
      return;
    }
    if (message.type === "snapshot") {
      if (this.at !== null && !this.behind)
        throw new Error(`viewer ${this.name} got a snapshot at ${this.at}`);
      if (this.at !== null && message.seq < this.at)
        throw new Error(`viewer ${this.name} was set back from ${this.at} to ${message.seq}`);
      this.at = message.seq;
      this.behind = false;
      this.snapshots.push({ seq: message.seq, text: JSON.stringify(message.state) });
      return;
    }
    const { from, to, events } = message;
    if (this.at === null || from !== this.at + 1 || to < this.at)
      throw new Error(`viewer ${this.name} stands at ${this.at} and is sent ${from} to ${to}`);
    for (const [index, event] of events.entries()) {
      if (event.seq !== from + index)
        throw new Error(`viewer ${this.name} got ${event.seq} in ${from}–${to}`);
      this.events.push({ seq: event.seq, text: JSON.stringify(event) });
    }
    if (events.length !== to - from + 1)
      throw new Error(`viewer ${this.name} got ${events.length} events for ${from} to ${to}`);
    this.at = to;
  }
}
