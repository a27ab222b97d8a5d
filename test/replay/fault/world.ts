/**
 * One room and all around it, driven by a scenario. Real: the room's code and its SQLite, the archive's code and SQL.
 * Simulated, because the scenario decides about them: time, alarms, the life of the object, the line to each viewer.
 */
import { packEvents } from "../../../schema/event/batch.ts";
import type { NewEvent } from "../../../schema/event/event.ts";
import type { Env } from "../../../worker/env.ts";
import type { Appended, Principal } from "../../../worker/room/contract.ts";
import type { ProjectRoom } from "../../../worker/room/room.ts";
import { PRINCIPAL_HEADER } from "../../../worker/room/stream.ts";
import { sha256 } from "../../worker/prepared.ts";
import type { FaultyArchive } from "./archive.ts";
import { turns, type Clock } from "./clock.ts";
import { roomIn } from "./context.ts";
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
}

export interface Place {
  storage: DurableObjectStorage;
  env: Env;
  project_id: string;
  clock: Clock;
  archive: FaultyArchive;
  evict_every: number | null;
  links: readonly Link[];
}

export class World {
  readonly place: Place;
  /** Two of the team, and one through each link. */
  readonly viewers: readonly Viewer[];
  readonly answered: Answered[] = [];
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
    this.viewers = [null, null, ...links].map((link, name) => new Viewer(name, link));
  }

  /** The room learns of its links. */
  async begin(): Promise<void> {
    for (const { link } of this.viewers) if (link !== null) await this.room.putShare(link.share);
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
        clock.set(clock.now_ms - step.ms);
        break;
      case "wake":
        await this.#deliverAlarm(1);
        break;
      case "archive":
        archive.mode = step.mode;
        break;
      case "release":
        archive.release();
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
        this.answered.push({ request, reply });
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
      if (reply?.ok) this.answered.push({ request: requests[index] ?? [], reply });
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

  /** The last seq on disk. */
  stored(): number {
    const { sql } = this.place.storage;
    return sql.exec<{ seq: number }>("SELECT coalesce(max(last_seq), 0) AS seq FROM log").one().seq;
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
    while (!(await this.place.archive.idle()));
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
        for (const text of inbox) viewer.receive(text);
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
      sent: (seq) => {
        if (seq > this.stored()) this.#failure ??= new Error(`[V1] ${seq} was shown and is not stored`);
      },
      closed: (one) => (this.#connections = this.#connections.filter((other) => other !== one)),
    });
    this.#connections.push(connection);
    if (this.#joining !== null) this.#joining.connection = connection;
  }

  #wake(): ProjectRoom {
    const { storage, project_id, env, archive } = this.place;
    const life = this.#life;
    const surroundings = {
      storage,
      project_id,
      openArchive: () => archive.open(() => life.alive),
      breaks: () => {
        // Not while it wakes up: that is no commit.
        const breaks = this.#breaks_next && this.#room !== null;
        if (breaks) this.#breaks_next = false;
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
