/** Where a moment of the past is, and the nearest state before it. */
import { checkpointAt, checkpointSeqs } from "./checkpoint.ts";
import type { Moment, Past, TimelineReply } from "./contract.ts";
import { MAX_TIMELINE_BUCKETS } from "./limits.ts";
import type { Live } from "./memory.ts";
import { seqAt, timeline } from "./timeline.ts";

export function readPast(sql: SqlStorage, live: Live, moment: Moment): Past {
  const memory = live.get();
  const seq = "seq" in moment ? moment.seq : seqAt(sql, memory.trace, moment.time);
  const is_past = seq < memory.seq;
  return {
    ok: true,
    head: live.head(),
    seq,
    present: seq === memory.seq ? live.reply() : null,
    checkpoint: is_past ? checkpointAt(sql, seq) : null,
  };
}

export function readTimeline(sql: SqlStorage, live: Live, buckets: number): TimelineReply {
  const { seq, trace } = live.get();
  const steps = timeline(sql, trace, Math.min(buckets, MAX_TIMELINE_BUCKETS));
  return { ok: true, timeline: { seq, ...steps, checkpoints: checkpointSeqs(sql) } };
}
