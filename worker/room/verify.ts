/**
 * Proves that the log is what was stored (L5): a walk over the chain in slices,
 * between which the room serves everybody else.
 *
 *   log rows ──seq, leaf, head──▶ the end of the log when the walk began ──▶ ids: one for each seq ──▶ some of them: the event's ──▶ verdict
 *                  ▲ anchors: heads that somebody outside noted; witnesses of what is blank
 *
 * A cut tail leaves a shorter chain that is whole in itself, so it shows only
 * against something outside the rows: the ids that were issued, and anchors.
 */
import { PADDING_BYTES, Sha256 } from "../../schema/event/sha256.ts";
import type { Witnessed } from "../../schema/event/witness.ts";
import {
  ERA_START,
  meetBlank,
  meetEvent,
  NO_WITNESS,
  VERSION_CHARS,
  type Era,
} from "../../schema/event/witness.ts";
import type { Head } from "../../schema/wire/http.ts";
import {
  bytesOf,
  GENESIS,
  headOf,
  hexOf,
  LEAF_BYTES,
  leafOf,
  NEWLINE,
  SALT_BYTES,
  type ChainRow,
} from "./chain.ts";
import type { ChainVerdict, ChainWalk } from "./contract.ts";
import { highestIssued, issuedTwice, issuedWith } from "./ids/issued.ts";
import {
  AUDIT_PART_SLICES,
  AUDIT_PAUSE_MS,
  AUDIT_SLICE_BYTES,
  AUDIT_SLICE_COMMITS,
  AUDIT_SLICE_EVENTS,
} from "./limits.ts";
import { chainRowsAfter, lastRow } from "./log.ts";
import { beginTurn, compareIds, type IdTurn } from "./verify-ids.ts";
import { Witnesses } from "./witness.ts";

const end = new TextDecoder();

/** Where a walk stands. Appends and forgetting meanwhile do it no harm: neither changes a leaf or a head. */
interface Place {
  /** Checked up to here. */
  seq: number;
  hash: string;
  /** The end of the log when the walk began; what came later is the next walk's. */
  to: number;
  forgotten: number;
  era: Era;
  /** Up to which seq there is an id for each; null while rows are walked. */
  issued: number | null;
  /** Null until the ids are counted. */
  turn: IdTurn | null;
}

/** One call's worth of slices, with pauses. `anchors` ascend by seq. */
export async function walkChain(
  sql: SqlStorage,
  from: string | null,
  anchors: readonly Head[],
): Promise<ChainWalk> {
  // Only this function writes places.
  const place: Place = from === null ? begin(sql) : { ...begin(sql), ...(JSON.parse(from) as Place) };
  const sha256 = new Sha256();
  const witnesses = new Witnesses(sql);
  for (let slice = 0; slice < AUDIT_PART_SLICES; slice += 1) {
    const verdict =
      place.issued === null
        ? walkRows(sql, sha256, place, anchors, witnesses.now())
        : place.turn === null
          ? walkIds(sql, place, anchors)
          : walkTurn(sql, place.turn, place);
    if (verdict !== null) return { place: null, verdict, to: place.to };
    await scheduler.wait(AUDIT_PAUSE_MS);
  }
  return { place: JSON.stringify(place), verdict: null };
}

/** The whole walk. */
export async function verify(sql: SqlStorage, anchors: readonly Head[]): Promise<ChainVerdict> {
  const ascending = anchors.toSorted((a, b) => a.seq - b.seq);
  let walk = await walkChain(sql, null, ascending);
  while (walk.verdict === null) walk = await walkChain(sql, walk.place, ascending);
  return walk.verdict;
}

function begin(sql: SqlStorage): Place {
  return {
    seq: 0,
    hash: hexOf(GENESIS),
    to: lastRow(sql)?.last_seq ?? 0,
    forgotten: 0,
    era: { ...ERA_START },
    issued: null,
    turn: null,
  };
}

function walkRows(
  sql: SqlStorage,
  sha256: Sha256,
  place: Place,
  anchors: readonly Head[],
  witnessed: Witnessed,
): ChainVerdict | null {
  let events = 0;
  let bytes = 0;
  let head = bytesOf(place.hash);
  let at = anchors.findIndex(({ seq }) => seq > place.seq);
  for (const row of chainRowsAfter(sql, place.seq, place.to)) {
    if (events >= AUDIT_SLICE_EVENTS || bytes >= AUDIT_SLICE_BYTES) return null;
    const checked = checkRow(sha256, row, place, head, witnessed);
    if ("reason" in checked) return { ok: false, ...checked };
    for (
      let anchor = anchors[at];
      anchor !== undefined && anchor.seq <= row.last_seq;
      anchor = anchors[++at]
    ) {
      if (anchor.seq < row.last_seq) return lost(anchor);
      if (anchor.hash !== hexOf(row.head)) {
        return { ok: false, seq: anchor.seq, reason: "the head differs from the one noted outside" };
      }
    }
    head = row.head;
    place.seq = row.last_seq;
    place.hash = hexOf(head);
    place.forgotten += checked.forgotten;
    events += row.last_seq - row.first_seq + 1;
    bytes += row.events.length;
  }
  if (place.seq !== place.to) {
    const reason = `the log went to seq ${String(place.to)} when the walk began, and ends here`;
    return { ok: false, seq: place.seq, reason };
  }
  place.issued = 0;
  return null;
}

function checkRow(
  sha256: Sha256,
  row: ChainRow,
  { seq: before, era }: Place,
  previous: Uint8Array,
  witnessed: Witnessed,
): { forgotten: number } | { seq: number; reason: string } {
  const broken = (reason: string) => ({ seq: row.first_seq, reason });
  const count = row.last_seq - row.first_seq + 1;
  if (row.first_seq !== before + 1) return broken(`expected seq ${String(before + 1)} here`);
  if (row.leaves.length !== LEAF_BYTES * count) return broken("leaves are missing");
  if (row.salts.length !== SALT_BYTES * count) return broken("salts are missing");
  const { events, salts, leaves } = row;
  const salted = new Uint8Array(SALT_BYTES + events.length + PADDING_BYTES);
  const view = new DataView(salted.buffer);
  let forgotten = 0;
  let from = 0;
  for (let i = 0; i < count; i += 1) {
    const newline = events.indexOf(NEWLINE, from);
    if ((newline === -1) !== (i === count - 1))
      return broken("the number of events is not the number of seqs");
    const to = newline === -1 ? events.length : newline;
    if (to === from) {
      forgotten += 1;
      const seq = row.first_seq + i;
      if (!witnessed.has(seq) && meetBlank(era, seq)) return { seq, reason: NO_WITNESS };
    } else {
      salted.set(salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES));
      salted.set(events.subarray(from, to), SALT_BYTES);
      const leaf = leafOf(sha256, view, 0, SALT_BYTES + to - from);
      if (!equal(leaf, leaves.subarray(i * LEAF_BYTES, (i + 1) * LEAF_BYTES))) {
        return { seq: row.first_seq + i, reason: "the event's bytes do not match its leaf" };
      }
      const bad = meetEvent(era, end.decode(events.subarray(Math.max(from, to - VERSION_CHARS), to)));
      if (bad !== null) return { seq: bad, reason: NO_WITNESS };
    }
    from = to + 1;
  }
  if (!equal(headOf(previous, leaves), row.head))
    return broken("the head does not follow from the previous one");
  return { forgotten };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Every seq was given out with one id, which outlives the event: a log that lost its tail has fewer seqs than ids. */
function walkIds(sql: SqlStorage, place: Place, anchors: readonly Head[]): ChainVerdict | null {
  const { to } = place;
  // In one turn: no append comes between. This first, since it stays the same however the log grows after the cut.
  const twice = issuedTwice(sql);
  if (twice !== null && twice <= to) {
    return {
      ok: false,
      seq: twice,
      reason: "the log was cut off here and went on: this seq was given out twice",
    };
  }
  const end = lastRow(sql)?.last_seq ?? 0;
  const highest_seq = highestIssued(sql);
  if (highest_seq > end) {
    const reason = `${String(highest_seq)} seqs were issued, ${String(end)} are in the log`;
    return { ok: false, seq: end, reason };
  }
  let issued = place.issued ?? 0;
  for (let commits = 0; issued < to; commits += 1) {
    // Runs may be merged between two slices: what has the next seq may begin before it.
    if (commits === AUDIT_SLICE_COMMITS) {
      place.issued = issued;
      return null;
    }
    const next = issuedWith(sql, issued + 1);
    const { first_seq, last_seq, ids } = next ?? { first_seq: issued + 1, last_seq: issued + 1, ids: 0 };
    if (ids !== last_seq - first_seq + 1) {
      const reason = `${String(ids)} ids are known of the seqs ${String(first_seq)} to ${String(last_seq)}`;
      return { ok: false, seq: Math.min(last_seq, to), reason };
    }
    issued = last_seq;
  }
  const beyond = anchors.find((anchor) => anchor.seq > to);
  if (beyond !== undefined) return lost(beyond);
  place.turn = beginTurn(sql, to);
  return null;
}

function walkTurn(sql: SqlStorage, turn: IdTurn, place: Place): ChainVerdict | null {
  const { seq, hash, to, forgotten, era } = place;
  const found = compareIds(sql, turn, to);
  if (found === null) return null;
  if (found === "done") return { ok: true, seq, hash, forgotten, unwitnessed: era.unwitnessed };
  return { ok: false, seq: found, reason: "the id that is kept for this seq is not the event's" };
}

function lost({ seq }: Head): ChainVerdict {
  return { ok: false, seq, reason: "no commit ends at the seq noted outside" };
}
