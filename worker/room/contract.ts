/**
 * What the rest of the Worker may ask of a ProjectRoom. `worker/http` imports
 * these types only; the room is reached by RPC on the Durable Object's stub.
 *
 * The caller has already checked the key's HMAC tag (T3); the room checks the
 * secret's hash, scope and revocation in the same call that does the work, so
 * revocation holds from the next request on (T4).
 */
import type { ColumnsAsk, ColumnsPage, FieldsReply } from "../../schema/column/page.ts";
import type { EventBatch } from "../../schema/event/batch.ts";
import type { OwnEvent } from "../../schema/event/own.ts";
import type { Ask, Measures } from "../../schema/metric/measure.ts";
import type { LearnedTarget } from "../../schema/state/entity/target.ts";
import type { ShareScope } from "../../schema/state/share.ts";
import type { ShareView } from "../../schema/state/share-view.ts";
import type { AuditResponse } from "../../schema/wire/audit.ts";
import type { RatesLeft } from "../../schema/wire/rate.ts";
import type { Head, Scope, TimelineResponse } from "../../schema/wire/http.ts";
import type { DeliveryMode } from "../../schema/wire/socket.ts";

import type { BudgetCall, BudgetReply } from "./budget-call.ts";
import type { NoticesCall, NoticesReply } from "./notices-call.ts";
import type { LogGauges, RoomGauges } from "./gauges.ts";

/** Who asks. The room trusts `session` and `clusterfork`: only the Worker can say them. */
export type Principal =
  | { kind: "key"; key_id: string; /** Hex SHA-256 of the secret part. */ secret_sha256: string }
  | { kind: "session"; user_id: string; /** Of a stream: it ends with it. */ session_id?: string }
  | {
      kind: "share";
      share_id: string;
      secret_sha256: string;
      /** The passphrase was given, and counts until then; null: it was not. The Worker checked the pass that says so. */
      unlocked_until_ms: number | null;
      /** The link needs one of these for what is asked now. */
      through: readonly ShareView[];
    }
  | { kind: "clusterfork" };

export type Refusal =
  | { ok: false; reason: "unknown_key" | "revoked_key" }
  | {
      ok: false;
      reason: "insufficient_scope";
      needed: Scope;
      /** Of the key that asks; absent: a person does. */
      held?: string[];
    }
  /** Unknown, another's, expired or revoked: nobody outside can tell which. */
  | { ok: false; reason: "unknown_share" }
  | { ok: false; reason: "passphrase_needed" }
  /** A good link, which does not show that. */
  | { ok: false; reason: "not_shared" }
  | {
      ok: false;
      reason: "rate_limited";
      retry_after_s: number;
      /** The same, exactly. */ retry_after_ms?: number;
      limit: string;
      /** Its name in RateLimit fields. */ policy?: string;
    }
  | { ok: false; reason: "unavailable"; retry_after_s: number }
  /** Its log is as large as it may be (full.ts). */
  | { ok: false; reason: "storage_full"; retry_after_s: number };

export interface Appended {
  ok: true;
  accepted: number;
  duplicates: number;
  first_seq: number | null;
  last_seq: number | null;
  /** Positions in the request whose id is known with another body. */
  conflicts: number[];
  /**
   * Positions whose id is known with a body hash of the older form: whether they are duplicates or conflicts is
   * told to who sends them again with `older_hash`. Left out when there are none.
   */
  older?: number[];
  /** Of the limits of the key that sent it. */
  left?: RatesLeft;
}

export interface EventFilter {
  type?: string;
  agent?: string;
  task?: string;
  feature?: string;
}

/** `since`: the last seq that the caller has; `limit`: events of one page. */
export type PageQuery = EventFilter & { since: number; limit: number };

export interface LogPage {
  ok: true;
  /** The stored events as JSON texts, ready to be joined; parsed only by whoever needs to. */
  events: string[];
  /** `since` of the next page (the last seq scanned), null at the end of the log. */
  next: number | null;
  head: Head;
}

/** Whole commits with their part of the chain, as lines of the export (schema/wire/export.ts). */
export interface ChainPage {
  ok: true;
  lines: string[];
  /** Where the chain stood before the first of them; null when there is none. */
  previous: Head | null;
  /** Where it stands after the last of them. */
  reached: Head | null;
  /** `since` of the next page, null at the end of the log. */
  next: number | null;
  /** The newest event that names forgotten ones: who reads blanks has to read up to it. */
  witness_seq: number;
  head: Head;
}

export interface StateReply {
  ok: true;
  seq: number;
  time: number;
  /** JSON of a WireState, or its lines (schema/state/packing.ts) where those were asked for and `packed` says so. */
  state: string;
  packed?: true;
}

/** Lines are what a link is never given here: to pack what was redacted is work for its Worker, not for the room. */
export type StateForm = "json" | "packed";

/** A moment of the past: a seq, or the last one before event time passes `time` (ms). */
export type Moment = { seq: number } | { time: number };

/** From what, and up to where, a past state is folded. The caller does it: the room has appends to do. */
export interface Past {
  ok: true;
  head: Head;
  /** The seq meant; after the head only when the moment was a seq of the future. */
  seq: number;
  /** The state when that is the present, else null. */
  present: StateReply | null;
  /** The newest checkpoint before it: gzip of the JSON of a WireState. Null: fold from the first event. */
  checkpoint: { seq: number; gzip: Uint8Array } | null;
}

export interface GaugesReply {
  ok: true;
  log: LogGauges;
  room: RoomGauges | null;
  /** Bounds of `room.commit_sizes`. */
  commit_bounds: readonly number[];
}

/** `only_learned`: nothing is measured; the answer says what was learned of like work, for who measures elsewhere. */
export type MetricsAsk = Ask & { only_learned?: boolean };

export interface MetricsReply extends Measures {
  ok: true;
  /** The last event that is counted. */
  seq: number;
  /** Where it alone was asked for. */
  learned?: LearnedTarget[];
}

export interface TimelineReply {
  ok: true;
  timeline: TimelineResponse;
}

/** What a walk over the chain found (L5). */
export type ChainVerdict =
  | {
      ok: true;
      /** The last seq that was checked, and the chain's hash there. */
      seq: number;
      hash: string;
      /** How many events were destroyed on purpose. */
      forgotten: number;
      /** How many of them no event of the log names: forgotten before there were witnesses, as far as anybody knows. */
      unwitnessed: number;
    }
  | { ok: false; /** The first that is wrong. */ seq: number; reason: string };

/** Who has events forgotten, and why: for the log, so nothing of what they said belongs into it. */
export interface Forgetting {
  /** A key's id or a person's. */
  by: string;
  reason: string;
}

/** One part of a walk. */
export type ChainWalk =
  /** There is more: `place` is for the next call, and nobody else reads it. */
  | { place: string; verdict: null }
  /** `to`: how far the log went when the walk began. */
  | { place: null; verdict: ChainVerdict; to: number };

/** Which run of the nightly audit: the day whose night it is, and how often it was started. */
export interface AuditRun {
  /** UTC, yyyy-mm-dd. */
  day: string;
  attempt: number;
}

/** What a run found. */
export interface AuditFinding {
  verdict: ChainVerdict;
  to: number;
  /** How many heads of the archive the chain was compared with. */
  anchors: number;
}

export interface AuditReply {
  ok: true;
  audit: AuditResponse;
}

export interface Admitted {
  ok: true;
  /** What a share link shows; null for everybody else. */
  scope: ShareScope | null;
}

export interface RoomKey {
  key_id: string;
  secret_sha256: string;
  scopes: Scope[];
}

/** Where a project's hourly sums go. */
export interface ForwardTarget {
  project_id: string;
  /** Names the receiver, and the project there: what was sent to one was not sent to another. */
  target: string;
}

export interface ForwardState {
  /** What went wrong at the last try, for people; null when nothing did. */
  error: string | null;
  /** ms; null: when the next event comes. */
  next_ms: number | null;
}

export interface RoomShare {
  share_id: string;
  secret_sha256: string;
  views: ShareView[];
  redactions: string[];
  needs_passphrase: boolean;
  /** ms; null: never. */
  expires_ms: number | null;
}

/** The events of a feature and of its tasks after a seq. */
export interface FeatureAsk {
  feature_id: string;
  tasks: readonly string[];
  after: number;
}

export interface FeaturePage {
  /** JSON of stored events, in order of seq; forgotten ones and Clusterfork's own are left out. */
  events: string[];
  /** `after` of the next page; null: that was the end of the log. */
  next: number | null;
}

/** RPC surface of the Durable Object. Every method may be called twice. */
export interface RoomRpc {
  append(principal: Principal, batch: EventBatch): Promise<Appended | Refusal>;
  /** What somebody who may administer the project did, as Clusterfork says it: the right is checked in the same call (T4). */
  tell(principal: Principal, events: readonly OwnEvent[]): Promise<Appended | Refusal>;
  /** Of telling alerts elsewhere; the caller has checked that who asks may configure the project. */
  notices(call: NoticesCall): Promise<NoticesReply>;
  readLog(principal: Principal, query: PageQuery): Promise<LogPage | Refusal>;
  /** The log with its chain, page by page, in whole commits. */
  readChain(principal: Principal, since: number): Promise<ChainPage | Refusal>;
  /** The live state; tasks, features and agents are selected from it by the caller. */
  readState(principal: Principal, form?: StateForm): Promise<StateReply | Refusal>;
  readPast(principal: Principal, moment: Moment): Promise<Past | Refusal>;
  /** The metrics of a window, from the live state and its tally. */
  readMetrics(principal: Principal, ask: MetricsAsk): Promise<MetricsReply | Refusal>;
  readTimeline(principal: Principal, buckets: number): Promise<TimelineReply | Refusal>;
  /** A feature's part of the log, page by page, for Clusterfork's own reflection. */
  readFeatureLog(ask: FeatureAsk): Promise<FeaturePage>;
  /** Walks the chain on from `place` (null: from its beginning) and past `anchors`, heads that were noted outside. */
  walkChain(place: string | null, anchors: Head[]): Promise<ChainWalk>;
  /** Keeps what an audit found. `done`: nothing of the run is left to do. */
  noteAudit(finding: AuditFinding, done: boolean): Promise<void>;
  readAudit(principal: Principal): Promise<AuditReply | Refusal>;
  /** The log by columns, page by page, the newest segments first. */
  readColumns(principal: Principal, ask: ColumnsAsk): Promise<ColumnsPage | Refusal>;
  readFields(principal: Principal): Promise<FieldsReply | Refusal>;
  /** What is counted; the room's own side only for keys with the scope `admin`. */
  readGauges(principal: Principal): Promise<GaugesReply | Refusal>;
  /** Whether this principal may: for what the room itself does not hold. */
  admit(principal: Principal, needed: Scope): Promise<Admitted | Refusal>;
  putKey(key: RoomKey): Promise<void>;
  /** Refuses the key from now on and closes its sockets with CLOSE.revoked. Unknown ids are remembered as revoked. */
  revokeKey(key_id: string): Promise<void>;
  putShare(share: RoomShare): Promise<void>;
  /** As revokeKey, for a share link. */
  revokeShare(share_id: string): Promise<void>;
  /** Closes the sockets of a person who lost access. */
  dropUser(user_id: string): Promise<void>;
  /** Closes the sockets of a session that was ended; the person's others stay open. */
  dropSession(session_id: string): Promise<void>;
  /** How viewers are sent events, from now on; open sockets are told. */
  setDelivery(mode: DeliveryMode): Promise<void>;
  /** Null: nothing is forwarded. Where to and with which key is in D1; said again, it is tried at once. */
  setForward(forward: ForwardTarget | null): Promise<void>;
  readForward(): Promise<ForwardState>;
  /** Budgets: read, set, reserved and released. What must hold together is decided in one step. */
  budget(principal: Principal, call: BudgetCall): Promise<BudgetReply | Refusal>;
  // WebSocket upgrades arrive by `fetch` with the principal in a header that only the Worker sets.
}
