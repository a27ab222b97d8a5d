/**
 * The Durable Object of one project: a shell that takes calls, sockets and
 * alarms and hands them to the modules beside it.
 *
 *   append ─▶ gate (access, rates) ─▶ writer ─▶ commit ─▶ reply, once durable
 *                                                └─▶ publish ─▶ sockets
 *   readLog ─▶ read ─▶ log          readState ─▶ memory = snapshot + tail of the log
 *   alarm: the one owner of whatever must happen without a request
 */
import { DurableObject } from "cloudflare:workers";
import { BODY_HASH_DIGITS, type EventBatch } from "../../schema/event/batch.ts";
import { CLOSE } from "../../schema/wire/socket.ts";
import type { Scope } from "../../schema/wire/http.ts";
import type { Env } from "../env.ts";
import { putKey, revokeKey } from "./access.ts";
import { chainRows, lines } from "./log.ts";
import { verify, type Anchor, type Verdict } from "./chain.ts";
import { Drain, type Archive } from "./drain.ts";
import type {
  Admitted,
  Appended,
  ChainPage,
  LogPage,
  Moment,
  PageQuery,
  Past,
  Principal,
  Refusal,
  RoomKey,
  RoomShare,
  RoomRpc,
  StateReply,
  TimelineReply,
} from "./contract.ts";
import { Gate } from "./gate.ts";
import { issuedSeqs } from "./ids.ts";
import { MAX_CLIENT_MESSAGE_LENGTH, rateLimits, RETRY_MS } from "./limits.ts";
import { Live } from "./memory.ts";
import { readPast, readTimeline } from "./past.ts";
import { Publisher } from "./publish.ts";
import { Reader } from "./reader.ts";
import { Shared } from "./shared.ts";
import { linkOf, putShare, revokeShare } from "./shares.ts";
import {
  closeReply,
  keyTag,
  openStream,
  readAck,
  readHandshake,
  refused,
  shareTag,
  userTag,
} from "./stream.ts";
import { migrate } from "./tables.ts";
import { Writer } from "./writer.ts";

export class ProjectRoom extends DurableObject<Env> implements RoomRpc {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #live: Live;
  readonly #shared: Shared;
  readonly #reader: Reader;
  readonly #gate: Gate;
  readonly #publisher: Publisher;
  readonly #drain: Drain | null;
  readonly #writer: Writer;

  /** `openArchive`: by project id; a room without one keeps its log and copies it nowhere. */
  constructor(ctx: DurableObjectState, env: Env, openArchive?: (project_id: string) => Archive) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#sql = ctx.storage.sql;
    migrate(ctx.storage);
    this.#live = new Live(ctx.storage.sql);
    this.#shared = new Shared(ctx.storage.sql, this.#live, env.KEY_SECRET, Date.now());
    this.#reader = new Reader(ctx.storage.sql, this.#live, this.#shared);
    this.#gate = new Gate(ctx.storage.sql, rateLimits(env), Date.now());
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    this.#publisher = new Publisher({
      sockets: () => ctx.getWebSockets(),
      head_seq: () => this.#live.get().seq,
      lines: (after) => lines(this.#sql, after),
      snapshot: () => this.#live.snapshotMessage(),
      shared: this.#shared,
      now_ms: () => Date.now(),
      wake_at: (time_ms) => ctx.waitUntil(this.#wakeAt(time_ms)),
    });
    this.#drain = openArchive ? new Drain(ctx, openArchive, (time_ms) => this.#wakeAt(time_ms)) : null;
    this.#writer = new Writer({
      storage: ctx.storage,
      live: this.#live,
      shared: this.#shared,
      publisher: this.#publisher,
      drain: this.#drain,
      wait_until: (work) => ctx.waitUntil(work),
      wake_at: (time_ms) => this.#wakeAt(time_ms),
    });
  }

  async append(principal: Principal, batch: EventBatch): Promise<Appended | Refusal> {
    const count = batch.body_hashes.length / BODY_HASH_DIGITS;
    const refusal = this.#admit(principal, "ingest") ?? this.#gate.admitEvents(count, Date.now());
    if (refusal !== null) return refusal;
    return this.#writer.append(principal, batch);
  }

  async readLog(principal: Principal, query: PageQuery): Promise<LogPage | Refusal> {
    return this.#admit(principal, "read") ?? this.#reader.log(principal, query);
  }

  async readChain(principal: Principal, since: number): Promise<ChainPage | Refusal> {
    return this.#admit(principal, "read") ?? this.#reader.chain(principal, since);
  }

  async readState(principal: Principal): Promise<StateReply | Refusal> {
    return this.#admit(principal, "read") ?? this.#reader.state(principal);
  }

  async readPast(principal: Principal, moment: Moment): Promise<Past | Refusal> {
    return this.#admit(principal, "read") ?? readPast(this.#sql, this.#live, moment);
  }

  async readTimeline(principal: Principal, buckets: number): Promise<TimelineReply | Refusal> {
    return this.#admit(principal, "read") ?? readTimeline(this.#sql, this.#live, buckets);
  }

  async admit(principal: Principal, needed: Scope): Promise<Admitted | Refusal> {
    return this.#admit(principal, needed) ?? { ok: true, scope: this.#shared.scopeOf(principal) };
  }

  async putKey(key: RoomKey): Promise<void> {
    putKey(this.#sql, key);
  }

  async revokeKey(key_id: string): Promise<void> {
    revokeKey(this.#sql, key_id, Date.now());
    this.#drop(keyTag(key_id), "this key was revoked");
  }

  async putShare(share: RoomShare): Promise<void> {
    putShare(this.#sql, share);
  }

  async revokeShare(share_id: string): Promise<void> {
    revokeShare(this.#sql, share_id, Date.now());
    this.#shared.drop(share_id);
    this.#drop(shareTag(share_id), "this link has ended");
  }

  async dropUser(user_id: string): Promise<void> {
    this.#drop(userTag(user_id), "you no longer have access to this project");
  }

  /** Destroys the bytes of events, keeps the chain whole, and folds the state anew. Returns how many. */
  async forget(seqs: number[]): Promise<number> {
    return this.#writer.forget(seqs);
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
    return openStream(this.ctx, this.#publisher, handshake, linkOf(this.#sql, handshake.principal));
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
      this.#publisher.endLinks();
    } catch (error) {
      console.error("publishing failed; trying again", error);
      await this.#wakeAt(Date.now() + RETRY_MS);
    }
    await this.#writer.recordIfDue();
    await this.#drain?.alarm();
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
