/**
 * The Durable Object of one project: a shell that takes calls, sockets and
 * alarms and hands them to the modules beside it.
 *
 *   append ─▶ access ─▶ buckets ─▶ group ─▶ commit (one transaction) ─▶ reply, once durable
 *                                             └─▶ publish ─▶ sockets
 *   readLog ─▶ read ─▶ log          readState ─▶ memory = snapshot + tail of the log
 *   alarm: the one owner of whatever must happen without a request
 */
import { DurableObject } from "cloudflare:workers";
import { BODY_HASH_DIGITS, type EventBatch } from "../../schema/event/batch.ts";
import { Sha256 } from "../../schema/event/sha256.ts";
import { CLOSE } from "../../schema/wire/socket.ts";
import type { Scope } from "../../schema/wire/http.ts";
import type { Env } from "../env.ts";
import { putKey, revokeKey } from "./access.ts";
import { candidates, type Candidates } from "./append.ts";
import { chainRows, lines } from "./log.ts";
import { verify, type Anchor, type Verdict } from "./chain.ts";
import { commit, type Committed } from "./commit.ts";
import { Drain, type Archive } from "./drain.ts";
import type {
  Admitted,
  Appended,
  ChainPage,
  EventFilter,
  LogPage,
  Moment,
  Past,
  Principal,
  Refusal,
  RoomKey,
  RoomRpc,
  StateReply,
  TimelineReply,
} from "./contract.ts";
import { exportPage } from "./export.ts";
import { forgetEvents } from "./forget.ts";
import { Gate } from "./gate.ts";
import { Group } from "./group.ts";
import { createHashId, issuedSeqs } from "./ids.ts";
import {
  MAX_CLIENT_MESSAGE_LENGTH,
  rateLimits,
  SNAPSHOT_EVERY_EVENTS,
  RETRY_MS,
  UNAVAILABLE_RETRY_S,
} from "./limits.ts";
import { Live, type Memory } from "./memory.ts";
import { speaksAsClusterfork } from "./own.ts";
import { readPast, readTimeline } from "./past.ts";
import { Publisher } from "./publish.ts";
import { readPage } from "./read.ts";
import { recordIfDue } from "./record.ts";
import { closeReply, keyTag, openStream, readAck, readHandshake, refused, userTag } from "./stream.ts";
import { migrate } from "./tables.ts";

export class ProjectRoom extends DurableObject<Env> implements RoomRpc {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #live: Live;
  readonly #gate: Gate;
  readonly #hashId = createHashId();
  readonly #sha256 = new Sha256();
  readonly #group = new Group((requests) => this.#commit(requests));
  readonly #publisher: Publisher;
  readonly #drain: Drain | null;

  /** `openArchive`: by project id; a room without one keeps its log and copies it nowhere. */
  constructor(ctx: DurableObjectState, env: Env, openArchive?: (project_id: string) => Archive) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#sql = ctx.storage.sql;
    migrate(ctx.storage);
    this.#live = new Live(ctx.storage.sql);
    this.#gate = new Gate(ctx.storage.sql, rateLimits(env), Date.now());
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    this.#publisher = new Publisher({
      sockets: () => ctx.getWebSockets(),
      head_seq: () => this.#live.get().seq,
      lines: (after) => lines(this.#sql, after),
      snapshot: () => this.#live.snapshotMessage(),
      now_ms: () => Date.now(),
      wake_at: (time_ms) => ctx.waitUntil(this.#wakeAt(time_ms)),
    });
    this.#drain = openArchive ? new Drain(ctx, openArchive, (time_ms) => this.#wakeAt(time_ms)) : null;
  }

  async append(principal: Principal, batch: EventBatch): Promise<Appended | Refusal> {
    const count = batch.body_hashes.length / BODY_HASH_DIGITS;
    const refusal = this.#admit(principal, "ingest") ?? this.#gate.admitEvents(count, Date.now());
    if (refusal !== null) return refusal;
    const request = candidates(batch, this.#hashId);
    if (principal.kind === "key" && request.events.some(speaksAsClusterfork))
      throw new Error("intake let a sender speak as Clusterfork");
    return this.#group.submit(request);
  }

  async readLog(
    principal: Principal,
    query: EventFilter & { since: number; limit: number },
  ): Promise<LogPage | Refusal> {
    const refusal = this.#admit(principal, "read");
    if (refusal !== null) return refusal;
    return { ok: true, ...readPage(this.#sql, query), head: this.#live.head() };
  }

  async readChain(principal: Principal, since: number): Promise<ChainPage | Refusal> {
    const refusal = this.#admit(principal, "read");
    if (refusal !== null) return refusal;
    return { ok: true, ...exportPage(this.#sql, since), head: this.#live.head() };
  }

  async readState(principal: Principal): Promise<StateReply | Refusal> {
    const refusal = this.#admit(principal, "read");
    if (refusal !== null) return refusal;
    const memory = this.#live.get();
    return { ok: true, seq: memory.seq, time: memory.state.time, state: this.#live.stateText() };
  }

  async readPast(principal: Principal, moment: Moment): Promise<Past | Refusal> {
    return this.#admit(principal, "read") ?? readPast(this.#sql, this.#live, moment);
  }

  async readTimeline(principal: Principal, buckets: number): Promise<TimelineReply | Refusal> {
    return this.#admit(principal, "read") ?? readTimeline(this.#sql, this.#live, buckets);
  }

  async admit(principal: Principal, needed: Scope): Promise<Admitted | Refusal> {
    return this.#admit(principal, needed) ?? { ok: true };
  }

  async putKey(key: RoomKey): Promise<void> {
    putKey(this.#sql, key);
  }

  async revokeKey(key_id: string): Promise<void> {
    revokeKey(this.#sql, key_id, Date.now());
    this.#drop(keyTag(key_id), "this key was revoked");
  }

  async dropUser(user_id: string): Promise<void> {
    this.#drop(userTag(user_id), "you no longer have access to this project");
  }

  /** Destroys the bytes of events, keeps the chain whole, and folds the state anew. Returns how many. */
  async forget(seqs: number[]): Promise<number> {
    const destroyed = forgetEvents(this.#storage, seqs);
    if (destroyed > 0) {
      this.#live.drop();
      this.#publisher.restart();
      await this.#drain?.forgot();
    }
    return destroyed;
  }

  /** Walks the whole chain (L5); seconds at a million events. */
  async verify(anchors: Anchor[] = []): Promise<Verdict> {
    return verify(chainRows(this.#sql), issuedSeqs(this.#sql), anchors);
  }

  /** The stream: a WebSocket upgrade that worker/http passes on, see stream.ts. */
  override async fetch(request: Request): Promise<Response> {
    const handshake = readHandshake(request);
    if (handshake === null) return new Response(null, { status: 400 });
    const refusal = this.#admit(handshake.principal, "read");
    if (refusal !== null) return refused(refusal);
    return openStream(this.ctx, this.#publisher, handshake);
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const readable = typeof message === "string" && message.length <= MAX_CLIENT_MESSAGE_LENGTH;
    const seq = readable ? readAck(message) : null;
    if (seq !== null && this.#publisher.acked(socket, seq)) return;
    this.#publisher.left(socket);
    socket.close(CLOSE.bad_message, 'expected {"type":"ack","seq":<the highest seq received>}');
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    this.#publisher.left(socket);
    socket.close(closeReply(code));
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#publisher.left(socket);
  }

  /**
   * The only owner of the alarm. Each job looks at the rows and sockets anew,
   * so an early or doubled alarm does no harm (B2). It must not throw: after
   * six retries an alarm is forgotten.
   */
  override async alarm(): Promise<void> {
    try {
      this.#publisher.publish();
    } catch (error) {
      console.error("publishing failed; trying again", error);
      await this.#wakeAt(Date.now() + RETRY_MS);
    }
    await this.#recordIfDue();
    await this.#drain?.alarm();
  }

  #commit(requests: Candidates[]): (Appended | Refusal)[] {
    let committed: Committed;
    let memory: Memory;
    try {
      memory = this.#live.get();
      committed = commit(this.#storage, this.#sha256, memory, requests, Date.now());
    } catch (error) {
      console.error("a commit failed; nothing of it was stored", error);
      this.#live.drop();
      return requests.map(() => ({ ok: false, reason: "unavailable", retry_after_s: UNAVAILABLE_RETRY_S }));
    }
    try {
      this.#publisher.committed(committed.first_seq, committed.texts);
    } catch (error) {
      // It is stored all the same; the alarm serves the viewers from the log.
      console.error("publishing failed", error);
      this.ctx.waitUntil(this.#wakeAt(Date.now()));
    }
    if (memory.seq - memory.snapshot_seq >= SNAPSHOT_EVERY_EVENTS) {
      // After the replies: encoding the state takes longer than the commit.
      setTimeout(() => this.ctx.waitUntil(this.#recordIfDue()), 0);
    }
    this.#drain?.committed(memory.seq);
    return committed.replies;
  }

  async #recordIfDue(): Promise<void> {
    if (!recordIfDue(this.#storage, this.#live)) await this.#wakeAt(Date.now() + RETRY_MS);
  }

  #admit(principal: Principal, needed: Scope): Refusal | null {
    return this.#gate.admit(principal, needed, Date.now());
  }

  #drop(tag: string, reason: string): void {
    for (const socket of this.ctx.getWebSockets(tag)) {
      this.#publisher.left(socket);
      socket.close(CLOSE.revoked, reason);
    }
  }

  async #wakeAt(time_ms: number): Promise<void> {
    const set = await this.#storage.getAlarm();
    if (set === null || set > time_ms) await this.#storage.setAlarm(time_ms);
  }
}
