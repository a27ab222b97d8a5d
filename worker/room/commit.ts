/**
 * One commit: a single synchronous transaction, then the fold.
 *
 *   requests ──decide──▶ fresh ──seq, time──▶ lines ──chain──▶ log row(s) + ids ──▶ fold ──▶ replies
 */
import type { Unfoldable } from "../../schema/state/apply.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { adoptSessions } from "./adopt.ts";
import { allFresh, decide, joined, type Candidates } from "./append.ts";
import { atomically } from "./atomic.ts";
import { link } from "./chain.ts";
import type { Appended } from "./contract.ts";
import type { Digests } from "./digest/digest.ts";
import { messagesOf, type Messages } from "./digest/message.ts";
import { take } from "./fold.ts";
import { MAX_ROW_BYTES } from "./limits.ts";
import { writeRow } from "./log.ts";
import type { Memory } from "./memory.ts";

export interface Committed {
  /** One per request. */
  replies: Appended[];
  /** Of the first text. */
  first_seq: number;
  /** The stored JSON texts, in order of seq. */
  texts: string[];
  /** The same events, as they were folded. */
  events: readonly StoredEvent[];
  /** As the bill counts them. */
  rows_written: number;
}

/**
 * Writes before it folds, so that memory is never ahead of disk. If it throws,
 * nothing is stored, and the caller drops `memory` and loads it again: nothing
 * behind the transaction throws, for by then the events are accepted (L1).
 */
export function commit(
  storage: DurableObjectStorage,
  digests: Digests,
  memory: Memory,
  requests: readonly Candidates[],
  now_ms: number,
  unfoldable: Unfoldable,
): Committed {
  const { sql } = storage;
  const received_ms = Math.max(now_ms, memory.received_ms);
  const received_at = new Date(received_ms).toISOString();
  const first_seq = memory.seq + 1;

  const written = atomically(storage, () => {
    const all = joined(requests);
    const taken = memory.ids.takeNew(first_seq, all.entries);
    const { fresh, replies } =
      taken === null
        ? decide(requests, memory.ids.find(all.entries), memory.seq)
        : allFresh(requests, all, memory.seq);
    adoptSessions(fresh, memory.state);
    const texts = fresh.texts.map(
      (text, i) => `{"seq":${first_seq + i},"received_at":"${received_at}",${text.slice(1)}`,
    );
    let { head } = memory;
    let rows_written = taken ?? memory.ids.remember(first_seq, fresh.entries);
    let seq = first_seq;
    for (const part of rowParts(messagesOf(texts))) {
      const row = link(digests, head, seq, part);
      rows_written += writeRow(sql, { ...row, received_ms });
      head = row.head;
      seq += part.ends.length;
    }
    return { fresh, replies, texts, head, rows_written };
  });

  const events: StoredEvent[] = [];
  for (const event of written.fresh.events) {
    memory.seq += 1;
    // The candidate was parsed for this: nobody else holds it.
    const stored = Object.assign(event, { seq: memory.seq, received_at });
    events.push(stored);
    take(memory, memory.seq, stored, unfoldable);
  }
  memory.head = written.head;
  if (written.texts.length > 0) memory.received_ms = received_ms;
  const { replies, texts, rows_written } = written;
  return { replies, first_seq, texts, events, rows_written };
}

/** Cuts a commit into rows that SQLite takes. */
function* rowParts(all: Messages): Generator<Messages> {
  let first = 0;
  let from = 0;
  for (const [i, end] of all.ends.entries()) {
    if (i === first || end + 1 - from <= MAX_ROW_BYTES) continue;
    yield part(all, first, i, from);
    first = i;
    from = (all.ends[i - 1] ?? 0) + 1;
  }
  if (first < all.ends.length) yield part(all, first, all.ends.length, from);
}

/** The messages from `first` to before `behind`; `from`: where the first begins. */
function part({ bytes, ends }: Messages, first: number, behind: number, from: number): Messages {
  const own = ends.slice(first, behind);
  return { bytes: bytes.subarray(from, own.at(-1)), ends: from === 0 ? own : own.map((end) => end - from) };
}
