/** Writes down what memory knows beside the log, all of it at one seq: snapshot, tally, timeline, columns and, when due, a checkpoint. */
import { atomically } from "./atomic.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { ColumnTail, writeSegments } from "./columns.ts";
import { CHECKPOINT_EVERY_EVENTS, SNAPSHOT_EVERY_EVENTS } from "./limits.ts";
import type { Live, Memory } from "./memory.ts";
import { stateBytes, writeSnapshot } from "./snapshot.ts";
import { writeTally } from "./tally.ts";
import { Trace, writeBlocks } from "./timeline.ts";

/** False when it failed: the log has everything, so only waking up is slower until the next. */
export function recordIfDue(storage: DurableObjectStorage, live: Live): boolean {
  try {
    const memory = live.get();
    if (memory.seq - memory.snapshot_seq >= SNAPSHOT_EVERY_EVENTS) record(storage, memory);
    return true;
  } catch (error) {
    console.error("a snapshot failed; it is tried again", error);
    return false;
  }
}

function record(storage: DurableObjectStorage, memory: Memory): void {
  const { seq, state, trace } = memory;
  const bytes = stateBytes(state);
  const checks = seq - memory.checkpoint_seq >= CHECKPOINT_EVERY_EVENTS;
  const segments = memory.columns.all();
  atomically(storage, () => {
    writeSnapshot(storage, seq, bytes);
    writeBlocks(storage.sql, trace);
    writeSegments(storage.sql, segments);
    writeTally(storage.sql, memory.tally, seq);
    if (checks) writeCheckpoint(storage.sql, seq, bytes);
  });
  memory.snapshot_seq = seq;
  memory.trace = new Trace({ seq, last_ms: trace.last_ms });
  memory.columns = new ColumnTail(seq);
  memory.tally.noteStored();
  if (checks) memory.checkpoint_seq = seq;
}
