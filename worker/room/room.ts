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
import type { OwnEvent } from "../../schema/event/own.ts";
import type { ColumnsAsk, ColumnsPage, FieldsReply } from "../../schema/column/page.ts";
import type { DeliveryMode } from "../../schema/wire/socket.ts";
import type { Head, Scope } from "../../schema/wire/http.ts";
import type { Env } from "../env.ts";
import { putKey, revokeKey } from "./access.ts";
import { runAlarm } from "./alarm.ts";
import { scopeOf, type BudgetCall, type BudgetReply } from "./budget-call.ts";
import { readAudit } from "./audit.ts";
import { changeDelivery } from "./delivery.ts";
import type * as rpc from "./contract.ts";
import { readFeatureLog } from "./feature-log.ts";
import { Gauges, readGauges } from "./gauges.ts";
import { RETRY_MS } from "./limits.ts";
import { readMetrics } from "./measure.ts";
import type { NoticesCall, NoticesReply } from "./notices-call.ts";
import { CLUSTERFORK, packOwn } from "./own.ts";
import { openParts, type Parts } from "./parts.ts";
import type { Ports } from "./ports.ts";
import { linkOf, putShare, revokeShare } from "./shares.ts";
import * as stream from "./stream.ts";
import { verify, walkChain } from "./verify.ts";
import { createWakeAt, type WakeAt } from "./wake.ts";

export class ProjectRoom extends DurableObject<Env> implements rpc.RoomRpc {
  readonly #ports: Ports;
  readonly #gauges = new Gauges(Date.now());
  readonly #wakeAt: WakeAt;
  #opened: Parts | null = null;

  /** It must not throw: the runtime forgets the alarm of a room that cannot be made (B3). */
  constructor(ctx: DurableObjectState, env: Env, ports: Ports = {}) {
    super(ctx, env);
    this.#ports = ports;
    this.#wakeAt = createWakeAt(ctx.storage);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    try {
      void this.#parts;
    } catch {
      // The call or the alarm that woke the room tries again, and says what is wrong.
    }
  }

  /** Opened once; where that fails, the next call tries again. */
  get #parts(): Parts {
    this.#opened ??= openParts(this.ctx, this.env, this.#ports, this.#gauges, this.#wakeAt);
    return this.#opened;
  }

  async append(principal: rpc.Principal, batch: EventBatch): Promise<rpc.Appended | rpc.Refusal> {
    const count = batch.body_hashes.length / BODY_HASH_DIGITS;
    const refusal = this.#parts.gate.admitAppend(principal, count, Date.now());
    if (refusal !== null) return refusal;
    return this.#parts.gate.tell(await this.#parts.writer.append(principal, batch), principal, Date.now());
  }

  async tell(principal: rpc.Principal, events: readonly OwnEvent[]): Promise<rpc.Appended | rpc.Refusal> {
    return this.#admit(principal, "admin") ?? this.#parts.writer.append(CLUSTERFORK, packOwn(events));
  }

  async notices(call: NoticesCall): Promise<NoticesReply> {
    return this.#parts.notices.answer(call);
  }

  async readLog(principal: rpc.Principal, query: rpc.PageQuery): Promise<rpc.LogPage | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#parts.reader.log(principal, query);
  }

  async readChain(principal: rpc.Principal, since: number): Promise<rpc.ChainPage | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#parts.reader.chain(principal, since);
  }

  async readState(principal: rpc.Principal, form?: rpc.StateForm): Promise<rpc.StateReply | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#parts.reader.state(principal, form);
  }

  async readPast(principal: rpc.Principal, moment: rpc.Moment): Promise<rpc.Past | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#parts.reader.past(moment);
  }

  async readMetrics(principal: rpc.Principal, ask: rpc.MetricsAsk): Promise<rpc.MetricsReply | rpc.Refusal> {
    return this.#admit(principal, "read") ?? readMetrics(this.#parts, principal, ask);
  }

  async readTimeline(principal: rpc.Principal, buckets: number): Promise<rpc.TimelineReply | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#parts.reader.timeline(buckets);
  }

  async readColumns(principal: rpc.Principal, ask: ColumnsAsk): Promise<ColumnsPage | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#parts.reader.columns(principal, ask);
  }

  async readFields(principal: rpc.Principal): Promise<FieldsReply | rpc.Refusal> {
    return this.#admit(principal, "read") ?? this.#parts.reader.fields(principal);
  }

  async readGauges(principal: rpc.Principal): Promise<rpc.GaugesReply | rpc.Refusal> {
    const now = { sockets: this.ctx.getWebSockets().length, drain: this.#parts.drain?.lag() ?? null };
    return (
      this.#admit(principal, "read") ??
      readGauges(this.#parts.sql, this.#parts.live, this.#gauges, principal, now)
    );
  }

  async admit(principal: rpc.Principal, needed: Scope): Promise<rpc.Admitted | rpc.Refusal> {
    return this.#admit(principal, needed) ?? { ok: true, scope: this.#parts.shared.scopeOf(principal) };
  }

  async putKey(key: rpc.RoomKey): Promise<void> {
    putKey(this.#parts.sql, key);
  }

  async revokeKey(key_id: string): Promise<void> {
    revokeKey(this.#parts.sql, key_id, Date.now());
    this.#drop(stream.keyTag(key_id), "this key was revoked");
  }

  async putShare(share: rpc.RoomShare): Promise<void> {
    putShare(this.#parts.sql, share);
  }

  async revokeShare(share_id: string): Promise<void> {
    revokeShare(this.#parts.sql, share_id, Date.now());
    this.#parts.shared.drop(share_id);
    this.#drop(stream.shareTag(share_id), "this link has ended");
  }

  async dropUser(user_id: string): Promise<void> {
    this.#drop(stream.userTag(user_id), "you no longer have access to this project");
  }

  async dropSession(session_id: string): Promise<void> {
    this.#drop(stream.sessionTag(session_id), "you signed out");
  }

  async setDelivery(mode: DeliveryMode): Promise<void> {
    const changed = changeDelivery(this.#parts.sql, mode, Date.now());
    if (changed !== null) this.#parts.publisher.deliver(changed);
  }

  async setForward(forward: rpc.ForwardTarget | null): Promise<void> {
    await this.#parts.forwarding?.set(forward);
  }

  async readForward(): Promise<rpc.ForwardState> {
    return this.#parts.forwarding?.state() ?? { error: null, next_ms: null };
  }

  async budget(principal: rpc.Principal, call: BudgetCall): Promise<BudgetReply | rpc.Refusal> {
    return this.#admit(principal, scopeOf(call)) ?? this.#parts.budgets.answer(principal, call);
  }

  async forget(seqs: number[], why?: rpc.Forgetting): Promise<number> {
    return this.#parts.writer.forget(seqs, why);
  }

  /** Walks the whole chain (L5): seconds at a million events, in slices between which appends are served. */
  async verify(anchors: Head[] = []): Promise<rpc.ChainVerdict> {
    return verify(this.#parts.sql, anchors);
  }

  async walkChain(place: string | null, anchors: Head[]): Promise<rpc.ChainWalk> {
    return walkChain(this.#parts.sql, place, anchors);
  }

  async noteAudit(finding: rpc.AuditFinding, done: boolean): Promise<void> {
    this.#parts.audit?.note(finding, done);
  }

  async readFeatureLog(ask: rpc.FeatureAsk): Promise<rpc.FeaturePage> {
    return readFeatureLog(this.#parts.sql, ask);
  }

  async readAudit(principal: rpc.Principal): Promise<rpc.AuditReply | rpc.Refusal> {
    return this.#admit(principal, "read") ?? { ok: true, audit: readAudit(this.#parts.sql) };
  }

  /** The stream: a WebSocket upgrade that worker/http passes on, see stream.ts. */
  override async fetch(request: Request): Promise<Response> {
    const handshake = stream.readHandshake(request);
    if (handshake === null) return new Response(null, { status: 400 });
    const refusal = this.#admit(handshake.principal, "read");
    if (refusal !== null) return stream.refused(refusal);
    return stream.openStream(
      this.ctx,
      this.#parts.publisher,
      handshake,
      linkOf(this.#parts.sql, handshake.principal),
    );
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    stream.hear(this.#parts.publisher, socket, message);
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    this.#parts.publisher.left(socket);
    socket.close(stream.closeReply(code));
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#parts.publisher.left(socket);
  }

  /**
   * The only owner of the alarm. Each job looks at the rows and sockets anew,
   * so an early or doubled alarm does no harm (B2).
   */
  override async alarm(): Promise<void> {
    this.#gauges.woken();
    await runAlarm(
      [
        ["publish", () => (this.#parts.publisher.publish(), this.#parts.publisher.endLinks())],
        ["record", () => this.#parts.writer.recordIfDue()],
        ["drain", () => this.#parts.drain?.alarm()],
        ["audit", () => this.#parts.audit?.alarm()],
        ["forward", () => this.#parts.forwarding?.alarm()],
        ["watch", () => this.#parts.watch?.alarm()],
        ["notices", () => this.#parts.notices.alarm()],
        ["lessons", () => this.#parts.lessons?.alarm()],
        ["reflect", () => this.#parts.reflections?.alarm()],
        ["ids", () => this.#parts.ids_job.alarm()],
        ["budget", () => this.#parts.thresholds.alarm()],
      ],
      (job) => this.#gauges.failed(job),
      () => this.#wakeAt(Date.now() + RETRY_MS),
    );
  }

  #admit(principal: rpc.Principal, needed: Scope): rpc.Refusal | null {
    return this.#parts.gate.admit(principal, needed, Date.now());
  }

  #drop(tag: string, reason: string): void {
    stream.drop(this.#parts.publisher, this.ctx.getWebSockets(tag), reason);
  }
}
