/** What the drain copies next. */
import { hexOf, textsOf } from "./chain.ts";
import { DRAIN_BYTES, DRAIN_EVENTS } from "./limits.ts";
import { drainRows } from "./log.ts";

/** To the end of a row of the log, since only there the chain's hash is known; at least one row, or the rest of one. */
export function batchAfter(sql: SqlStorage, after: number): { texts: string[]; head: string } | null {
  const texts: string[] = [];
  let bytes = 0;
  let head: string | null = null;
  for (const row of drainRows(sql, after, DRAIN_EVENTS)) {
    const next = after + texts.length + 1;
    if (row.first_seq > next) throw new Error(`the log has no seq ${String(next)}`);
    const part = textsOf(row.events).slice(next - row.first_seq);
    bytes += row.events.byteLength;
    if (head !== null && (texts.length + part.length > DRAIN_EVENTS || bytes > DRAIN_BYTES)) break;
    texts.push(...part);
    head = hexOf(row.head);
  }
  return head === null ? null : { texts, head };
}
