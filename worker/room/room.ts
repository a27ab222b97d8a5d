/**
 * The Durable Object of one project: a shell that takes calls, sockets and
 * alarms and hands them to the modules beside it.
 *
 *   append ─▶ gate (access, rates) ─▶ writer ─▶ commit ─▶ reply, once durable
 *                                                └─▶ publish ─▶ sockets
 *   read… ─▶ gate ─▶ reader ─▶ log, memory = snapshot + tail of the log
 *   alarm: the one owner of whatever must happen without a request
 */
import { DurableObject } from "cloudflare:workers";
import { BODY_HASH_DIGITS, type EventBatch } from "../../schema/event/batch.ts";
import type { ColumnsAsk, ColumnsPage, FieldsReply } from "../../schema/column/page.ts";
import type { DeliveryMode } from "../../schema/wire/socket.ts";
import type { Head, Scope } from "../../schema/wire/http.ts";
import type { Env } from "../env.ts";
import { putKey, revokeKey } from "./access.ts";
import { runAlarm } from "./alarm.ts";
import { Audit, readAudit } from "./audit.ts";
import { changeDelivery, readDelivery } from "./delivery.ts";
import { Drain } from "./drain.ts";
import { Forwarding } from "./forward.ts";
import type * as rpc from "./contract.ts";
import { Gauges, readGauges } from "./gauges.ts";
import { Gate } from "./gate.ts";
import { IdsJob } from "./ids/job.ts";
import { RETRY_MS } from "./limits.ts";
import { Live } from "./memory.ts";
import type { Ports } from "./ports.ts";
import { Publisher } from "./publish.ts";
import { Reader } from "./reader.ts";
import { Shared } from "./shared.ts";
import { linkOf, putShare, revokeShare } from "./shares.ts";
import { sourceOf } from "./source.ts";
import * as stream from "./stream.ts";
import { migrate } from "./tables.ts";
import { verify, walkChain } from "./verify.ts";
import { createWakeAt, type WakeAt } from "./wake.ts";
import { Writer } from "./writer.ts";

export class ProjectRoom extends DurableObject<Env> implements rpc.RoomRpc {
  readonly #sql: SqlStorage;
  readonly #live: Live;
  readonly #shared: Shared;
  readonly #reader: Reader;
  readonly #gate: Gate;
  readonly #gauges = new Gauges(Date.now());
  readonly #wakeAt: WakeAt;
  readonly #publisher: Publisher;
  readonly #drain: Drain | null;
  readonly #audit: Audit | null;
  readonly #forwarding: Forwarding | null;
  readonly #idsJob: IdsJob;
  readonly #writer: Writer;

  constructor(ctx: DurableObjectState, env: Env, { openArchive, startAudit, openForward }: Ports = {}) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    migrate(ctx.storage);
    this.#wakeAt = createWakeAt(ctx.storage);
    this.#live = new Live(ctx.storage.sql);
    this.#shared = new Shared(ctx.storage.sql, this.#live, env.KEY_SECRET, Date.now());
    this.#reader = new Reader(ctx.storage.sql, this.#live, this.#shared);
    this.#gate = new Gate(ctx.storage.sql, env, Date.now());
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    this.#publisher = new Publisher(
      sourceOf(ctx, this.#live, this.#shared, this.#wakeAt),
      readDelivery(this.#sql),
    );
    this.#drain = openArchive ? new Drain(ctx, openArchive, this.#wakeAt, this.#gauges) : null;
    this.#audit = startAudit ? new Audit(ctx, startAudit, this.#wakeAt, this.#gauges) : null;
    this.#forwarding = openForward ? new Forwarding(ctx, openForward, this.#wakeAt, this.#gauges) : null;
    this.#idsJob = new IdsJob(ctx, this.#live, this.#wakeAt, this.#gauges);
    this.#writer = new Writer({
      storage: ctx.storage,
      live: this.#live,
      shared: this.#shared,
      publisher: this.#publisher,
      drain: this.#drain,
      audit: this.#audit,
      gauges: this.#gauges,
      forwarding: this.#forwarding,
      ids_job: this.#idsJob,
      wait_until: (work) => ctx.waitUntil(work),
      wake_at: this.#wakeAt,
    });
  }

  async append(principal: rpc.Principal, batch: EventBatch): Promise<rpc.Appended | rpc.Refusal> {
    const count = batch.body_hashes.length / BODY_HASH_DIGITS;
    const refusal = this.#admit(principal, "ingest") ?? this.#gate.admitEvents(count, Date.now());
    if (refusal !== null) return refusal;
    return this.#gate.tell(await this.#writer.append(principal, batch), principal, Date.now());
  }

  async readLog(principal: rpc.Principal, query: rpc.PageQuery): Promise<rpc.LogPage | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#reader.log(principal, query);
  }

  async readChain(principal: rpc.Principal, since: number): Promise<rpc.ChainPage | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#reader.chain(principal, since);
  }

  async readState(principal: rpc.Principal): Promise<rpc.StateReply | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#reader.state(principal);
  }

  async readPast(principal: rpc.Principal, moment: rpc.Moment): Promise<rpc.Past | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#reader.past(moment);
  }

  async readTimeline(principal: rpc.Principal, buckets: number): Promise<rpc.TimelineReply | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#reader.timeline(buckets);
  }

  async readColumns(principal: rpc.Principal, ask: ColumnsAsk): Promise<ColumnsPage | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#reader.columns(principal, ask);
  }

  async readFields(principal: rpc.Principal): Promise<FieldsReply | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#reader.fields(principal);
  }

  async readGauges(principal: rpc.Principal): Promise<rpc.GaugesReply | rpc.Refusal> {
    const now = { sockets: this.ctx.getWebSockets().length, drain: this.#drain?.lag() ?? null };
    return this.#admit(principal, "read") ?? readGauges(this.#sql, this.#live, this.#gauges, principal, now);
  }

  async admit(principal: rpc.Principal, needed: Scope): Promise<rpc.Admitted | rpc.Refusal> {
    return this.#admit(principal, needed) ?? { ok: true, scope: this.#shared.scopeOf(principal) };
  }

  async putKey(key: rpc.RoomKey): Promise<void> {
    putKey(this.#sql, key);
  }

  async revokeKey(key_id: string): Promise<void> {
    revokeKey(this.#sql, key_id, Date.now());
    this.#drop(stream.keyTag(key_id), "this key was revoked");
  }

  async putShare(share: rpc.RoomShare): Promise<void> {
    putShare(this.#sql, share);
  }

  async revokeShare(share_id: string): Promise<void> {
    revokeShare(this.#sql, share_id, Date.now());
    this.#shared.drop(share_id);
    this.#drop(stream.shareTag(share_id), "this link has ended");
  }

  async dropUser(user_id: string): Promise<void> {
    this.#drop(stream.userTag(user_id), "you no longer have access to this project");
  }

  async setDelivery(mode: DeliveryMode): Promise<void> {
    const changed = changeDelivery(this.#sql, mode, Date.now());
    if (changed !== null) this.#publisher.deliver(changed);
  }

  async setForward(forward: rpc.ForwardTarget | null): Promise<void> {
    await this.#forwarding?.set(forward);
  }

  async readForward(): Promise<rpc.ForwardState> {
    return this.#forwarding?.state() ?? { error: null, next_ms: null };
  }

  async forget(seqs: number[]): Promise<number> {
    return this.#writer.forget(seqs);
  }

  /** Walks the whole chain (L5): seconds at a million events, in slices between which appends are served. */
  async verify(anchors: Head[] = []): Promise<rpc.ChainVerdict> {
    return verify(this.#sql, anchors);
  }

  async walkChain(place: string | null, anchors: Head[]): Promise<rpc.ChainWalk> {
    return walkChain(this.#sql, place, anchors);
  }

  async noteAudit(finding: rpc.AuditFinding, done: boolean): Promise<void> {
    this.#audit?.note(finding, done);
  }

  async readAudit(principal: rpc.Principal): Promise<rpc.AuditReply | rpc.Refusal> {
    return this.#admit(principal, "read") ?? { ok: true, audit: readAudit(this.#sql) };
  }

  /** The stream: a WebSocket upgrade that worker/http passes on, see stream.ts. */
  override async fetch(request: Request): Promise<Response> {
    const handshake = stream.readHandshake(request);
    if (handshake === null) return new Response(null, { status: 400 });
    const refusal = this.#admit(handshake.principal, "read");
    if (refusal !== null) return stream.refused(refusal);
    return stream.openStream(this.ctx, this.#publisher, handshake, linkOf(this.#sql, handshake.principal));
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    stream.hear(this.#publisher, socket, message);
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    this.#publisher.left(socket);
    socket.close(stream.closeReply(code));
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#publisher.left(socket);
  }

  /**
   * The only owner of the alarm. Each job looks at the rows and sockets anew,
   * so an early or doubled alarm does no harm (B2).
   */
  override async alarm(): Promise<void> {
    this.#gauges.woken();
    await runAlarm(
      [
        ["publish", () => (this.#publisher.publish(), this.#publisher.endLinks())],
        ["record", () => this.#writer.recordIfDue()],
        ["drain", () => this.#drain?.alarm()],
        ["audit", () => this.#audit?.alarm()],
        ["forward", () => this.#forwarding?.alarm()],
        ["ids", () => this.#idsJob.alarm()],
      ],
      (job) => this.#gauges.failed(job),
      () => this.#wakeAt(Date.now() + RETRY_MS),
    );
  }

  #admit(principal: rpc.Principal, needed: Scope): rpc.Refusal | null {
    return this.#gate.admit(principal, needed, Date.now());
  }

  #drop(tag: string, reason: string): void {
    stream.drop(this.#publisher, this.ctx.getWebSockets(tag), reason);
  }
}
