/**
 * The last part of a walk: so many events a night, in turn, whose ids are hashed anew and looked up. The chain says
 * nothing of ids, and their number is counted only, so a swapped one shows here alone.
 */
import { wrongId } from "./ids/compare.ts";
import { AUDIT_IDS, AUDIT_IDS_SLICE } from "./limits.ts";
import { lines } from "./log.ts";

/** Where this night's turn is. */
export interface IdTurn {
  /** Compared up to here. */
  seq: number;
  left: number;
}

/** Of a log that goes to `to`: behind where the last night ended, and from the beginning again at the end. */
export function beginTurn(sql: SqlStorage, to: number): IdTurn {
  const seq = sql.exec<{ seq: number }>("SELECT seq FROM id_check").toArray()[0]?.seq ?? 0;
  return { seq: seq >= to ? 0 : seq, left: Math.min(AUDIT_IDS, to) };
}

/** One slice. The seq whose id is wrong; "done" after the last; null: there is more. */
export function compareIds(sql: SqlStorage, turn: IdTurn, to: number): number | "done" | null {
  const events: { seq: number; id: string }[] = [];
  let looked = 0;
  for (const { seq, text } of lines(sql, turn.seq)) {
    if (seq > to || looked >= Math.min(AUDIT_IDS_SLICE, turn.left)) break;
    looked += 1;
    turn.seq = seq;
    // Of a forgotten event nobody knows the id.
    if (text !== "") events.push({ seq, id: idOf(text) });
  }
  const wrong = wrongId(sql, events);
  if (wrong !== null) return wrong;
  turn.left -= looked;
  if (turn.seq >= to) turn.seq = 0;
  if (turn.left > 0 && looked > 0) return null;
  sql.exec("INSERT OR REPLACE INTO id_check (one, seq) VALUES (1, ?)", turn.seq);
  return "done";
}

/** The chain was walked before: the text is what the room wrote. */
function idOf(text: string): string {
  return (JSON.parse(text) as { id: string }).id;
}
