/** One who watches: holds every frame against what it has seen already. */
import type { ServerMessage } from "../../../schema/wire/socket.ts";
import { policyOf } from "../../../schema/wire/share.ts";
import type { Principal, RoomShare } from "../../../worker/room/contract.ts";
import { createLens, type Lens } from "../../../worker/share/lens.ts";
import { sha256 } from "../../worker/prepared.ts";
import type { Connection } from "./line.ts";
import type { Link } from "./scenario.ts";

/** What a link shows, as the room has it. */
export interface Watching {
  share: RoomShare;
  principal: Principal;
  lens: Lens;
}

export function watchingBy({ views, redactions }: Link, share_id: string, key_secret: string): Watching {
  const secret_sha256 = sha256(`secret of ${share_id}`);
  return {
    share: { share_id, secret_sha256, views, redactions, needs_passphrase: false, expires_ms: null },
    principal: { kind: "share", share_id, secret_sha256, unlocked_until_ms: null, through: ["flow"] },
    lens: createLens(key_secret, share_id, { views, policy: policyOf(redactions) }),
  };
}

/** What was destroyed, by seq: in which era, and what it was. */
export type Forgotten = ReadonlyMap<number, { era: number; text: string }>;

export class Viewer {
  readonly name: number;
  /** Null: it is of the team, and sees everything. */
  readonly link: Watching | null;
  connection: Connection | null = null;
  /** The last seq seen; null before the first message of one that began without a place. */
  at: number | null = null;
  acks = true;
  /** Told that something is skipped. */
  behind = false;
  times_behind = 0;
  /** What came, by seq. */
  readonly events: { seq: number; text: string }[] = [];
  readonly snapshots: { seq: number; era: number; text: string }[] = [];
  /** Of the last snapshot, or of its connection: events may have been destroyed since. */
  era = 0;
  readonly #forgotten: Forgotten;

  constructor(name: number, link: Watching | null, forgotten: Forgotten) {
    this.name = name;
    this.link = link;
    this.#forgotten = forgotten;
  }

  /** What is past is not shown to it: it begins with a snapshot each time. */
  get begins_anew(): boolean {
    return this.link !== null && !this.link.lens.showsLog;
  }

  receive(text: string, era: number): void {
    const message = JSON.parse(text) as ServerMessage;
    if (message.type === "behind") {
      if (this.acks && era === this.era)
        throw new Error(`viewer ${this.name} acknowledged all and is called behind`);
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
      this.era = era;
      this.snapshots.push({ seq: message.seq, era, text: JSON.stringify(message.state) });
      return;
    }
    const { from, to, events } = message;
    if (this.at === null || from !== this.at + 1 || to < this.at)
      throw new Error(`viewer ${this.name} stands at ${this.at} and is sent ${from} to ${to}`);
    if (era !== this.era) throw new Error(`viewer ${this.name} was not told that events were destroyed`);
    const seqs: number[] = [];
    for (let seq = from; seq <= to; seq += 1)
      if ((this.#forgotten.get(seq)?.era ?? Infinity) > era) seqs.push(seq);
    if (seqs.join() !== events.map(({ seq }) => seq).join())
      throw new Error(`viewer ${this.name} got ${events.map(({ seq }) => seq).join()} for ${from} to ${to}`);
    for (const event of events) this.events.push({ seq: event.seq, text: JSON.stringify(event) });
    this.at = to;
  }
}
