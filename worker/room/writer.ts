/**
 * The writing side of a room: what is appended, what is destroyed, and what is noted beside the log.
 *
 *   append ─▶ group ─▶ commit (one transaction) ─▶ replies, once durable
 *                         ├─▶ publish ─▶ sockets
 *                         ├─▶ drain, audit and forwarding, by the alarm
 *                         └─▶ snapshot, checkpoint, timeline: when due, after the replies
 */
import type { EventBatch } from "../../schema/event/batch.ts";
import { Sha256 } from "../../schema/event/sha256.ts";
import type { Audit } from "./audit.ts";
import type { Thresholds } from "./budget-threshold.ts";
import { candidates, type Candidates } from "./append.ts";
import { commit, type Committed } from "./commit.ts";
import type { Appended, Principal, Refusal } from "./contract.ts";
import type { Drain } from "./drain.ts";
import type { Forwarding } from "./forward.ts";
import { forgetEvents } from "./forget.ts";
import { isStorageFull } from "./full.ts";
import type { Gauges } from "./gauges.ts";
import { Group } from "./group.ts";
import { createHashId } from "./ids/entry.ts";
import type { IdsJob } from "./ids/job.ts";
import { FULL_RETRY_S, RETRY_MS, SNAPSHOT_EVERY_EVENTS, UNAVAILABLE_RETRY_S } from "./limits.ts";
import type { Live, Memory } from "./memory.ts";
import { speaksAsClusterfork } from "./own.ts";
import type { Publisher } from "./publish.ts";
import { recordIfDue } from "./record.ts";
import type { Shared } from "./shared.ts";
import type { Notices } from "./notices.ts";
import type { Watch } from "./watch.ts";

/** What the writer needs of its room. */
export interface WriterHost {
  storage: DurableObjectStorage;
  live: Live;
  shared: Pick<Shared, "drop">;
  publisher: Pick<Publisher, "committed" | "restart">;
  drain: Pick<Drain, "committed" | "noteForgetting" | "forgot"> | null;
  audit: Pick<Audit, "committed"> | null;
  gauges: Pick<Gauges, "committed" | "notCommitted" | "failed">;
  forwarding: Pick<Forwarding, "committed"> | null;
  notices: Pick<Notices, "committed">;
  watch: Pick<Watch, "committed" | "restart"> | null;
  ids_job: Pick<IdsJob, "committed">;
  thresholds: Pick<Thresholds, "committed">;
  /** Keeps the room alive until this is done. */
  wait_until: (work: Promise<void>) => void;
  wake_at: (time_ms: number) => Promise<void>;
}

export class Writer {
  readonly #host: WriterHost;
  readonly #hashId = createHashId();
  readonly #sha256 = new Sha256();
  readonly #group = new Group((requests) => this.#commit(requests));

  constructor(host: WriterHost) {
    this.#host = host;
  }

  /** For who was let in already. */
  async append(principal: Principal, batch: EventBatch): Promise<Appended | Refusal> {
    const request = candidates(batch, this.#hashId);
    if (principal.kind === "key" && request.events.some(speaksAsClusterfork))
      throw new Error("intake let a sender speak as Clusterfork");
    return this.#group.submit(request);
  }

  /** Destroys the bytes of events, keeps the chain whole, and folds the state anew. Returns how many. */
  async forget(seqs: number[]): Promise<number> {
    const { storage, live, shared, publisher, drain, watch } = this.#host;
    const destroyed = forgetEvents(storage, seqs, () => drain?.noteForgetting());
    if (destroyed > 0) {
      live.drop();
      shared.drop();
      publisher.restart();
      watch?.restart();
      await drain?.forgot();
    }
    return destroyed;
  }

  /** Never throws: what failed is tried again by the alarm. */
  async recordIfDue(): Promise<void> {
    const { storage, live, gauges, wake_at } = this.#host;
    if (recordIfDue(storage, live)) return;
    gauges.failed("record");
    await wake_at(Date.now() + RETRY_MS);
  }

  #commit(requests: Candidates[]): (Appended | Refusal)[] {
    const { storage, live, publisher, drain, audit, forwarding, watch, ids_job, thresholds } = this.#host;
    const { gauges, notices, wait_until, wake_at } = this.#host;
    let committed: Committed;
    let memory: Memory;
    try {
      memory = live.get();
      committed = commit(storage, this.#sha256, memory, requests, Date.now());
    } catch (error) {
      console.error("a commit failed; nothing of it was stored", error);
      live.drop();
      const is_full = isStorageFull(error, storage.sql.databaseSize);
      gauges.notCommitted(requests.length, is_full);
      const refusal: Refusal = is_full
        ? { ok: false, reason: "storage_full", retry_after_s: FULL_RETRY_S }
        : { ok: false, reason: "unavailable", retry_after_s: UNAVAILABLE_RETRY_S };
      return requests.map(() => refusal);
    }
    gauges.committed(committed.replies, committed.texts.length);
    try {
      publisher.committed(committed.first_seq, committed.texts);
    } catch (error) {
      // It is stored all the same; the alarm serves the viewers from the log.
      console.error("publishing failed", error);
      gauges.failed("publish");
      wait_until(wake_at(Date.now()));
    }
    if (memory.seq - memory.snapshot_seq >= SNAPSHOT_EVERY_EVENTS) {
      // After the replies: encoding the state takes longer than the commit.
      setTimeout(() => wait_until(this.recordIfDue()), 0);
    }
    drain?.committed(memory.seq);
    audit?.committed();
    forwarding?.committed();
    watch?.committed(committed.events);
    notices.committed(committed.events);
    ids_job.committed(memory.ids.is_due);
    thresholds.committed();
    return committed.replies;
  }
}
