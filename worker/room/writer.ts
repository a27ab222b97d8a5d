/**
 * The writing side of a room: what is appended, what is destroyed, and what is noted beside the log.
 *
 *   append ─▶ group ─▶ commit (one transaction) ─▶ replies, once durable
 *                         ├─▶ publish ─▶ sockets
 *                         ├─▶ drain, audit and forwarding, by the alarm
 *                         └─▶ snapshot, checkpoint, timeline: when due, after the replies
 */
import { packEvents, type EventBatch } from "../../schema/event/batch.ts";
import { speaksAsClusterfork } from "../../schema/event/own.ts";
import type { Audit } from "./audit.ts";
import type { Thresholds } from "./budget-threshold.ts";
import { candidates, type Candidates } from "./append.ts";
import { atomically } from "./atomic.ts";
import { commit, type Committed } from "./commit.ts";
import type { Appended, Forgetting, Principal, Refusal } from "./contract.ts";
import { createDigests } from "./digest/digest.ts";
import type { Drain } from "./drain.ts";
import type { Forwarding } from "./forward.ts";
import { forgetEvents } from "./forget.ts";
import { isStorageFull } from "./full.ts";
import type { Gate } from "./gate.ts";
import type { Gauges } from "./gauges.ts";
import { Group } from "./group.ts";
import type { IdsJob } from "./ids/job.ts";
import { FULL_RETRY_S, RETRY_MS, SNAPSHOT_EVERY_EVENTS, UNAVAILABLE_RETRY_S } from "./limits.ts";
import type { Lessons } from "./lessons.ts";
import type { Reflections } from "./reflections.ts";
import type { Live, Memory } from "./memory.ts";
import type { Publisher } from "./publish.ts";
import { recordIfDue } from "./record.ts";
import type { Shared } from "./shared.ts";
import type { Notices } from "./notices.ts";
import type { Watch } from "./watch.ts";
import { noteWitnesses, planForgetting, witnesses } from "./witness.ts";

/** What the writer needs of its room. */
export interface WriterHost {
  storage: DurableObjectStorage;
  live: Live;
  shared: Pick<Shared, "drop">;
  publisher: Pick<Publisher, "committed" | "restart">;
  gate: Pick<Gate, "gatherMs">;
  drain: Pick<Drain, "committed" | "noteForgetting" | "forgot"> | null;
  audit: Pick<Audit, "committed"> | null;
  gauges: Pick<Gauges, "committed" | "notCommitted" | "failed">;
  forwarding: Pick<Forwarding, "committed"> | null;
  notices: Pick<Notices, "committed">;
  lessons: Pick<Lessons, "committed"> | null;
  reflections: Pick<Reflections, "committed"> | null;
  watch: Pick<Watch, "committed" | "restart"> | null;
  ids_job: Pick<IdsJob, "committed">;
  thresholds: Pick<Thresholds, "committed">;
  /** Keeps the room alive until this is done. */
  wait_until: (work: Promise<void>) => void;
  wake_at: (time_ms: number) => Promise<void>;
}

export class Writer {
  readonly #host: WriterHost;
  readonly #digests = createDigests();
  readonly #group: Group;

  constructor(host: WriterHost) {
    this.#host = host;
    this.#group = new Group(
      (requests) => this.#commit(requests),
      () => host.gate.gatherMs(Date.now()),
    );
  }

  /** For who was let in already. */
  async append(principal: Principal, batch: EventBatch): Promise<Appended | Refusal> {
    const request = candidates(batch, this.#digests);
    if (principal.kind === "key" && request.events.some(speaksAsClusterfork))
      throw new Error("intake let a sender speak as Clusterfork");
    return this.#group.submit(request);
  }

  /**
   * Destroys the bytes of events, names them in an event of their own in the same step, keeps the chain whole, and
   * folds the state anew. Returns how many were destroyed.
   */
  async forget(seqs: readonly number[], why?: Forgetting): Promise<number> {
    const { storage, live, shared, publisher, drain, watch } = this.#host;
    const { sql } = storage;
    const plan = planForgetting(sql, seqs);
    if (plan.destroy.length + plan.name.length === 0) return 0;
    let memory: Memory;
    let committed: Committed;
    try {
      memory = live.get();
      const now_ms = Date.now();
      const batch = packEvents(witnesses(plan, why, memory.seq, now_ms));
      const request = candidates(batch, this.#digests);
      // The witness first: what is in memory of ids is written with it at times, and must not outlive the forgetting.
      committed = atomically(storage, () => {
        const done = commit(storage, this.#digests, memory, [request], now_ms, live.unfoldable);
        if (done.texts.length !== request.events.length) throw new Error("a witness is known already");
        noteWitnesses(sql, done.first_seq, done.texts.length);
        forgetEvents(sql, plan.destroy, () => drain?.noteForgetting());
        return done;
      });
    } catch (error) {
      // Memory may be ahead of what was rolled back.
      live.drop();
      throw error;
    }
    // Viewers of what was destroyed get a fresh state, which has the witness: as an event it would come too early.
    if (plan.destroy.length === 0) this.#publish(committed);
    this.#note(memory, committed);
    if (plan.destroy.length > 0) {
      live.drop();
      shared.drop();
      publisher.restart();
      watch?.restart();
      await drain?.forgot();
    }
    return plan.destroy.length;
  }

  /** Never throws: what failed is tried again by the alarm. */
  async recordIfDue(): Promise<void> {
    const { storage, live, gauges, wake_at } = this.#host;
    if (recordIfDue(storage, live)) return;
    gauges.failed("record");
    await wake_at(Date.now() + RETRY_MS);
  }

  #commit(requests: Candidates[]): (Appended | Refusal)[] {
    const { storage, live, gauges } = this.#host;
    let committed: Committed;
    let memory: Memory;
    try {
      memory = live.get();
      committed = commit(storage, this.#digests, memory, requests, Date.now(), live.unfoldable);
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
    this.#publish(committed);
    this.#note(memory, committed);
    return committed.replies;
  }

  /** What is stored, to viewers. Never throws: accepted is accepted (L1). */
  #publish(committed: Committed): void {
    const { publisher, gauges, wait_until, wake_at } = this.#host;
    try {
      publisher.committed(committed.first_seq, committed.texts);
    } catch (error) {
      // It is stored all the same; the alarm serves the viewers from the log.
      console.error("publishing failed", error);
      gauges.failed("publish");
      wait_until(wake_at(Date.now()));
    }
  }

  /** The same, to the room's other parts. */
  #note(memory: Memory, committed: Committed): void {
    const {
      drain,
      audit,
      forwarding,
      watch,
      notices,
      lessons,
      reflections,
      ids_job,
      thresholds,
      gauges,
      wait_until,
    } = this.#host;
    try {
      gauges.committed(committed.replies, committed.texts.length);
      if (memory.seq - memory.snapshot_seq >= SNAPSHOT_EVERY_EVENTS) {
        // After the replies: encoding the state takes longer than the commit.
        setTimeout(() => wait_until(this.recordIfDue()), 0);
      }
      drain?.committed(memory.seq);
      audit?.committed();
      forwarding?.committed();
      watch?.committed(committed.events);
      notices.committed(committed.events);
      lessons?.committed(committed.events);
      reflections?.committed(committed.events);
      ids_job.committed(memory.ids.is_due);
      thresholds.committed();
    } catch (error) {
      // Whoever was not told looks at the next commit, or when the room wakes.
      console.error("a commit is stored, but not all of the room was told", error);
    }
  }
}
