/**
 * One commit: a single synchronous transaction, then the fold.
 *
 *   requests ──decide──▶ fresh ──seq, time──▶ lines ──chain──▶ log row(s) + ids ──▶ fold ──▶ replies
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import { decide, type Candidate } from "./append.ts";
import { atomically } from "./atomic.ts";
import { link } from "./chain.ts";
import type { Appended } from "./contract.ts";
import { apply } from "./fold.ts";
import { findKnown, rememberIds } from "./ids.ts";
import { MAX_ROW_BYTES } from "./limits.ts";
import { writeRow } from "./log.ts";
import type { Memory } from "./memory.ts";

const utf8 = new TextEncoder();

export interface Committed {
  /** One per request. */
  replies: Appended[];
  /** Of the first text. */
  first_seq: number;
  /** The stored JSON texts, in order of seq. */
  texts: string[];
  /** As the bill counts them. */
  rows_written: number;
}

/**
 * Writes before it folds, so that memory is never ahead of disk. If it throws,
 * nothing is stored, and the caller drops `memory` and loads it again.
 */
export function commit(
  storage: DurableObjectStorage,
  memory: Memory,
  requests: readonly Candidate[][],
  now_ms: number,
): Committed {
  const { sql } = storage;
  const received_ms = Math.max(now_ms, memory.received_ms);
  const received_at = new Date(received_ms).toISOString();
  const first_seq = memory.seq + 1;

  const written = atomically(storage, () => {
    const { fresh, replies } = decide(requests, findKnown(sql, requests.flat()), memory.seq);
    const texts = fresh.map(
      ({ json }, i) => `{"seq":${String(first_seq + i)},"received_at":"${received_at}",${json.slice(1)}`,
    );
    let { head } = memory;
    let rows_written = 0;
    let seq = first_seq;
    if (fresh.length === 0) return { fresh, replies, texts, head, rows_written };
    for (const part of mayExceed(texts) ? rowParts(texts) : [texts]) {
      const row = link(head, seq, part);
      rows_written += writeRow(sql, { ...row, received_ms });
      head = row.head;
      seq += part.length;
    }
    rows_written += rememberIds(sql, first_seq, fresh);
    return { fresh, replies, texts, head, rows_written };
  });

  for (const { event } of written.fresh) {
    memory.seq += 1;
    const stored: StoredEvent = Object.assign(event, { seq: memory.seq, received_at });
    apply(memory.state, stored);
  }
  memory.head = written.head;
  if (written.fresh.length > 0) memory.received_ms = received_ms;
  return { replies: written.replies, first_seq, texts: written.texts, rows_written: written.rows_written };
}

/** A text of UTF-16 is at most three times as long in UTF-8: almost no commit has to be measured. */
function mayExceed(texts: readonly string[]): boolean {
  return texts.reduce((sum, text) => sum + text.length + 1, 0) * 3 > MAX_ROW_BYTES;
}

/** Cuts a commit into rows that SQLite takes. */
function* rowParts(texts: readonly string[]): Generator<readonly string[]> {
  let from = 0;
  let bytes = 0;
  for (const [i, text] of texts.entries()) {
    const size = utf8.encode(text).length + 1;
    if (i > from && bytes + size > MAX_ROW_BYTES) {
      yield texts.slice(from, i);
      from = i;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < texts.length) yield texts.slice(from);
}
