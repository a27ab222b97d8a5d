/**
 * Destroys events without breaking the chain: each keeps its seq, its leaf and
 * its hashed id (a resend is still a duplicate) and loses salt, bytes and body
 * hash. The state is then folded anew without them, and the snapshot, the later
 * checkpoints, the timeline and the columns go too, because they still hold what they said. SQLite overwrites the freed pages
 * only when it needs them (`secure_delete` is refused in a Durable Object).
 */
import type { NewEvent } from "../../schema/event/event.ts";
import { SALT_BYTES, textsOf } from "./chain.ts";
import { dropCheckpoints } from "./checkpoint.ts";
import { dropSegments } from "./columns.ts";
import { createHashId } from "./ids/entry.ts";
import { forgetBody } from "./ids/forget.ts";
import { rowWith } from "./log.ts";
import { dropSnapshot } from "./snapshot.ts";
import { dropTally } from "./tally.ts";
import { dropBlocks } from "./timeline.ts";

/**
 * Of seqs whose events are there; returns how many. Inside the caller's transaction, with their witness
 * (witness.ts), and the caller reloads its memory. `noteForgetting` is part of the transaction: whoever has a copy must learn of it, whatever comes next.
 */
export function forgetEvents(sql: SqlStorage, seqs: readonly number[], noteForgetting: () => void): number {
  const hashId = createHashId();
  let destroyed = 0;
  for (const seq of seqs) {
    const row = rowWith(sql, seq);
    if (row === null) continue;
    const texts = textsOf(row.events);
    const at = seq - row.first_seq;
    const text = texts[at];
    if (text === undefined || text === "") continue;
    forgetBody(sql, hashId((JSON.parse(text) as NewEvent).id).slice());
    texts[at] = "";
    row.salts.fill(0, at * SALT_BYTES, (at + 1) * SALT_BYTES);
    const events = new TextEncoder().encode(texts.join("\n"));
    sql.exec("UPDATE log SET salts = ?, events = ? WHERE first_seq = ?", row.salts, events, row.first_seq);
    destroyed += 1;
  }
  if (destroyed > 0) {
    dropSnapshot(sql);
    dropTally(sql);
    const checkpoint_seq = dropCheckpoints(sql, Math.min(...seqs));
    dropBlocks(sql, checkpoint_seq);
    dropSegments(sql, checkpoint_seq);
    noteForgetting();
  }
  return destroyed;
}
