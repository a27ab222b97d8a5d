/**
 * One room and all around it, driven by a scenario. Real: the room's code and its SQLite, the archive's code and SQL.
 * Simulated, because the scenario decides about them: time, alarms, the life of the object, the line to each viewer.
 */
import { packEvents } from "../../../schema/event/batch.ts";
import type { NewEvent } from "../../../schema/event/event.ts";
import type { Env } from "../../../worker/env.ts";
import { Archive } from "../../../worker/archive/archive.ts";
import type { Appended, AuditRun, Principal } from "../../../worker/room/contract.ts";
import type { ProjectRoom } from "../../../worker/room/room.ts";
import { PRINCIPAL_HEADER } from "../../../worker/room/stream.ts";
import { sha256 } from "../../worker/prepared.ts";
import { turns, type Clock } from "./clock.ts";
import { Auditor } from "./auditor.ts";
import { FULL, roomIn } from "./context.ts";
import type { Draw } from "./draw.ts";
import { archiveBehind, type Faulty } from "./faulty.ts";
import { becomeLegacy } from "./legacy.ts";
import { Receiver } from "./receiver.ts";
import type { Link, Step } from "./scenario.ts";
import { lineOf, type Connection } from "./line.ts";
import { Viewer, watchingBy } from "./viewer.ts";

const OWN: Principal = { kind: "clusterfork" };
/** Longer than a commit gathers. */
const GATHERED_MS = 5;
/** No scenario has so many timers and alarms in one stretch of time: beyond it something wakes itself for ever. */
const MAX_WAKES = 3_000;

/** A request under way: null until it is answered. */
interface Sent {
  reply: Awaited<ReturnType<ProjectRoom["append"]>> | null;
}

export interface Answered {
  request: NewEvent[];
  reply: Appended;
  /** How often events had been destroyed by then. */
  era: number;
}

export interface Place {
  storage: DurableObjectStorage;
  env: Env;
  project_id: string;
  clock: Clock;
  db: D1Database;
  /** Chance of its own, for what outside services do. */
  draw: Draw;
  /** Stands between everybody and `db`. */
  archive: Faulty;
  /** Stands between the room and who is forwarded to. */
  wire: Faulty;
  evict_every: number | null;
  links: readonly Link[];
}

export class World {
  readonly place: Place;
  /** Two of the team, and one through each link. */
  readonly viewers: readonly Viewer[];
  readonly answered: Answered[] = [];
  readonly forgotten = new Map<number, { era: number; text: string }>();
  era = 0;
  readonly receiver: Receiver;
  readonly auditor: Auditor;
  /** Who heard nothing, or that it failed: these send again. */
  #again: NewEvent[][] = [];
  /** Every commit that was refused, every death: the control that the faults did come. */
  readonly met = { refused: 0, evicted: 0 };
  #room: ProjectRoom | null = null;
  #life = { alive: true, alarms: 0 };
  #alarm_ms: number | null = null;
  #connections: Connection[] = [];
  #breaks_next = false;
  #since_eviction = 0;
  #failure: Error | null = null;

  constructor(place: Place) {
    this.place = place;
    const links = place.links.map((link, n) => watchingBy(link, `share${n}`, place.env.KEY_SECRET));
    this.viewers = [null, null, ...links].map((link, name) => new Viewer(name, link, this.forgotten));
    const { project_id, db, draw, archive, wire } = place;
    this.receiver = new Receiver(db, project_id, archive, wire);
    this.auditor = new Auditor(
      draw,
      archive,
      db,
      () => this.room,
      (error) => (this.#failure ??= error),
    );
  }

  /** The room learns of its links, and to whom its sums go. */
  async begin(target: string | null): Promise<void> {
    for (const { link } of this.viewers) if (link !== null) await this.room.putShare(link.share);
    if (target !== null) await this.#forward(target);
  }

  get room(): ProjectRoom {
    this.#room ??= this.#wake();
    return this.#room;
  }

  async play(step: Step): Promise<void> {
    const { archive, clock } = this.place;
    switch (step.do) {
      case "send":
        await this.send(step.requests, step.lost);
        if (this.#again.length > 3) await this.send([this.#again.shift() ?? []], false);
        break;
      case "send into death":
        await this.#sendIntoDeath(step.requests);
        break;
      case "break the next commit":
        this.#breaks_next = true;
        break;
      case "evict":
        this.evict();
        break;
      case "pass":
        await this.pass(step.ms, step.alarms);
        break;
      case "set the clock back":
        clock.setBack(step.ms);
        break;
      case "wake":
        await this.#deliverAlarm(1);
        break;
      case "archive":
        archive.mode = step.mode;
        break;
      case "release":
        archive.release();
        this.place.wire.release();
        break;
      case "forget":
        await this.#forget(step.places);
        break;
      case "forward":
        await this.#forward(step.target);
        break;
      case "receiver":
        this.place.wire.mode = step.mode;
        break;
      case "go back to the table of ids":
        this.evict();
        becomeLegacy(this.place.storage);
        break;
      case "join":
        await this.join(step.viewer, step.since, step.acks);
        break;
      case "leave":
        await this.#leave(step.viewer, step.lossy);
        break;
      case "acknowledge":
        await this.acknowledge(this.viewers[step.viewer]);
        break;
      case "deliver":
        await this.room.setDelivery(step.mode);
        break;
    }
    await this.settle();
  }

  /** Everybody at once. `lost`: the answers do not arrive. */
  async send(requests: NewEvent[][], lost: boolean): Promise<void> {
    const replies = requests.map((request) => this.#append(request));
    await turns();
    await this.pass(GATHERED_MS, "on time", false);
    for (const [index, { reply }] of replies.entries()) {
      const request = requests[index] ?? [];
      if (reply === null) throw new Error("a request got no answer");
      if (reply.ok) {
        this.answered.push({ request, reply, era: this.era });
        if ((reply.last_seq ?? 0) > this.stored())
          throw new Error(`[L1] ${reply.last_seq} is acknowledged, not stored`);
        this.#since_eviction += reply.accepted;
      } else {
        this.met.refused += 1;
        if (reply.reason !== "unavailable") throw new Error(`refused: ${reply.reason}`);
      }
      if (lost || !reply.ok) this.#again.push(request);
    }
    const { evict_every } = this.place;
    if (evict_every !== null && this.#since_eviction >= evict_every) this.evict();
  }

  /** The room dies while they gather; what was enough for a commit of its own is stored, and nobody hears of it. */
  async #sendIntoDeath(requests: NewEvent[][]): Promise<void> {
    const replies = requests.map((request) => this.#append(request));
    await turns();
    for (const [index, { reply }] of replies.entries())
      if (reply?.ok) this.answered.push({ request: requests[index] ?? [], reply, era: this.era });
    this.evict();
    this.#again.push(...requests);
  }

  /** Until each request has its answer. */
  async sendAgain(): Promise<void> {
    this.#breaks_next = false;
    const again = this.#again;
    this.#again = [];
    for (const request of again) await this.send([request], false);
  }

  async #forget(places: readonly number[]): Promise<void> {
    const lines = this.lines();
    const seqs = places.map((place) => Math.floor(place * lines.length) + 1);
    // A witness stays: without it what it names would look like tampering.
    const held = new Set(seqs.filter((seq) => isEvent(lines[seq - 1] ?? "")));
    // What is sent in this call is of the new era.
    this.era += 1;
    for (const seq of held) this.forgotten.set(seq, { era: this.era, text: lines[seq - 1] ?? "" });
    try {
      const destroyed = await this.room.forget(seqs);
      if (destroyed !== held.size) throw new Error(`[L4] ${destroyed} of ${held.size} were forgotten`);
      if (destroyed === 0) this.era -= 1;
    } catch (error) {
      if (!(error instanceof Error) || error.message !== FULL) throw error;
      // Refused as a whole.
      for (const seq of held) this.forgotten.delete(seq);
      this.era -= 1;
    }
  }

  async #forward(target: string | null): Promise<void> {
    this.receiver.aim(target);
    const { project_id } = this.place;
    try {
      await this.room.setForward(target === null ? null : { project_id, target });
    } catch (error) {
      if (!(error instanceof Error) || error.message !== FULL) throw error;
      // Whoever sets it is told, and sets it again.
      await this.room.setForward(target === null ? null : { project_id, target });
    }
  }

  /** The log's lines; empty where an event was forgotten. */
  lines(): string[] {
    const { sql } = this.place.storage;
    const utf8 = new TextDecoder();
    return sql
      .exec<{ events: ArrayBuffer }>("SELECT events FROM log ORDER BY first_seq")
      .toArray()
      .flatMap(({ events }) => utf8.decode(events).split("\n"));
  }

  /** The last seq on disk. */
  stored(): number {
    const { sql } = this.place.storage;
    const [last] = sql
      .exec<{ last_seq: number }>("SELECT last_seq FROM log ORDER BY first_seq DESC LIMIT 1")
      .toArray();
    return last?.last_seq ?? 0;
  }

  evict(): void {
    this.met.evicted += 1;
    this.#since_eviction = 0;
    // An alarm that did not come to its end comes again.
    if (this.#life.alarms > 0) this.#alarm_ms = Math.min(this.#alarm_ms ?? Infinity, this.place.clock.now_ms);
    this.#life.alive = false;
    this.#life = { alive: true, alarms: 0 };
    this.#room = null;
    this.place.clock.clear();
  }

  async pass(ms: number, alarms: "on time" | "twice" | "late" = "on time", receives = true): Promise<void> {
    const { clock } = this.place;
    const until_ms = clock.now_ms + ms;
    if (receives) await this.#receive();
    for (let wakes = 0; ; wakes += 1) {
      if (wakes > MAX_WAKES) throw new Error("[B3] something wakes the room again and again");
      const alarm_ms = alarms === "late" || this.#life.alarms > 0 ? Infinity : (this.#alarm_ms ?? Infinity);
      const next_ms = Math.min(clock.next(), alarm_ms);
      if (next_ms > until_ms) break;
      clock.set(Math.max(clock.now_ms, next_ms));
      clock.fire();
      await this.settle();
      if (alarm_ms <= clock.now_ms) await this.#deliverAlarm(alarms === "twice" ? 2 : 1);
      if (receives) await this.#receive();
    }
    clock.set(until_ms);
    if (alarms === "late" && (this.#alarm_ms ?? Infinity) <= until_ms) await this.#deliverAlarm(1);
    if (receives) await this.#receive();
  }

  async settle(): Promise<void> {
    do await turns();
    while (!(await this.place.archive.idle()) || !(await this.place.wire.idle()));
    if (this.#failure !== null) throw this.#failure;
  }

  async join(name: number, share: number | null, acks: boolean): Promise<void> {
    const viewer = this.viewers[name];
    if (viewer === undefined || viewer.connection !== null) return;
    viewer.acks = acks;
    viewer.behind = false;
    const head_seq = this.stored();
    if (viewer.begins_anew) {
      viewer.at = null;
      viewer.events.length = 0;
      // The Worker takes its `since` away.
      await this.#connect(viewer, null);
      return;
    }
    // Who was here before goes on where it was.
    if (viewer.at === null || viewer.at > head_seq) {
      const since = share === null ? null : Math.floor(share * head_seq) + (share > 1 ? 1 : 0);
      viewer.at = since !== null && since <= head_seq ? since : null;
      await this.#connect(viewer, since);
    } else await this.#connect(viewer, viewer.at);
  }

  async acknowledge(viewer: Viewer | undefined): Promise<void> {
    if (!viewer?.connection?.open || viewer.at === null) return;
    const ack = JSON.stringify({ type: "ack", seq: viewer.at });
    await this.room.webSocketMessage(viewer.connection.server, ack);
  }

  #append(request: NewEvent[]): Sent {
    const events = request.map((event) => {
      const json = JSON.stringify(event);
      return { body_hash: sha256(json), json };
    });
    const sent: Sent = { reply: null };
    void this.room.append(OWN, packEvents(events)).then(
      (reply) => (sent.reply = reply),
      (error: Error) => (this.#failure ??= error),
    );
    return sent;
  }

  async #deliverAlarm(times: number): Promise<void> {
    this.#alarm_ms = null;
    const { room } = this;
    const life = this.#life;
    for (let n = 0; n < times; n += 1) {
      life.alarms += 1;
      void room.alarm().then(
        () => (life.alarms -= 1),
        (error: Error) => (this.#failure ??= new Error(`[B3] the alarm threw: ${error.message}`)),
      );
    }
    await this.settle();
  }

  async #receive(): Promise<void> {
    for (let open = true; open;) {
      open = false;
      for (const viewer of this.viewers) {
        const { connection } = viewer;
        if (connection === null) continue;
        const inbox = connection.inbox.splice(0);
        for (const { text, era } of inbox) viewer.receive(text, era);
        if (!connection.open) viewer.connection = null;
        else if (inbox.length > 0 && viewer.acks) {
          await this.acknowledge(viewer);
          await this.settle();
          open = true;
        }
      }
    }
  }

  async #leave(name: number, lossy: boolean): Promise<void> {
    const viewer = this.viewers[name];
    const connection = viewer?.connection;
    if (viewer === undefined || !connection) return;
    if (!lossy) await this.#receive();
    viewer.connection = null;
    connection.inbox = [];
    if (!connection.open) return;
    this.#connections = this.#connections.filter((one) => one !== connection);
    connection.open = false;
    // Else the line is cut, and the room learns it when it sends.
    if (!lossy) await this.room.webSocketClose(connection.server, 1_000);
  }

  async #connect(viewer: Viewer, since: number | null): Promise<void> {
    this.#joining = viewer;
    const reply = await this.room.fetch(
      new Request(`http://room/v1/stream${since === null ? "" : `?since=${since}`}`, {
        headers: { upgrade: "websocket", [PRINCIPAL_HEADER]: JSON.stringify(viewer.link?.principal ?? OWN) },
      }),
    );
    if (reply.status !== 101) throw new Error(`a viewer was answered ${reply.status}`);
  }
  #joining: Viewer | null = null;

  #accept(server: WebSocket): void {
    const connection = lineOf(server, {
      era: () => this.era,
      sent: (seq) => {
        if (seq > this.stored()) this.#failure ??= new Error(`[V1] ${seq} was shown and is not stored`);
      },
      closed: (one) => (this.#connections = this.#connections.filter((other) => other !== one)),
    });
    this.#connections.push(connection);
    if (this.#joining === null) return;
    this.#joining.connection = connection;
    this.#joining.era = this.era;
  }

  #wake(): ProjectRoom {
    const { storage, project_id, env, archive, db } = this.place;
    const life = this.#life;
    const alive = () => life.alive;
    const surroundings = {
      storage,
      project_id,
      ports: {
        openArchive: () => archiveBehind(archive, new Archive(db, project_id), alive),
        openForward: () => this.receiver.open(alive),
        startAudit: (project: string, run: AuditRun) => this.auditor.start(project, run),
      },
      breaks: () => {
        // Not while it wakes up: that is no commit.
        const breaks = this.#breaks_next && this.#room !== null;
        if (breaks) this.#breaks_next = false;
        if (breaks) this.receiver.forgive();
        return breaks;
      },
      alarm: () => this.#alarm_ms,
      setAlarm: (time_ms: number) => {
        if (life.alive) this.#alarm_ms = time_ms;
      },
      failed: (error: Error) => (this.#failure ??= error),
      accept: (server: WebSocket) => this.#accept(server),
      sockets: () => this.#connections.map(({ server }) => server),
    };
    return roomIn(surroundings, env);
  }
}

/** Something that a sender sent and that is still there. */
function isEvent(line: string): boolean {
  return line !== "" && !isWitness(line);
}

/** What the room itself adds to its log when it forgets. */
export function isWitness(line: string): boolean {
  return line.includes('"agent_id":"clusterfork:privacy"');
}

/** What the room said itself: besides its witnesses, that a budget is used up. */
export function isOwn(line: string): boolean {
  return line.includes('"source":"clusterfork"');
}
