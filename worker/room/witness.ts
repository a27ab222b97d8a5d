/**
 * The witnesses of what was forgotten (schema/event/witness.ts): which seqs a forgetting concerns, the events that
 * name them, and where they are in the log.
 */
import type { PreparedEvent } from "../../schema/event/batch.ts";
import {
  MAX_WITNESS_RANGES,
  rangesOf,
  WITNESS_ORGAN,
  WITNESS_TYPE,
  Witnessed,
  witnessedBy,
  writeRanges,
} from "../../schema/event/witness.ts";
import { textsOf } from "./chain.ts";
import type { Forgetting } from "./contract.ts";
import { rowWith } from "./log.ts";
import { prepareOwn } from "./own.ts";

/** Where nobody said who: the operator, at the room itself. */
const OPERATOR: Forgetting = { by: "operator", reason: "not said" };

export interface ForgettingPlan {
  /** Seqs whose events are there: to be destroyed. */
  destroy: number[];
  /** Blank ones that nothing names, as after a forgetting of before: to be named. */
  name: number[];
}

/** Unknown seqs, and those that are done, are left out. Witnesses stay: without them what they name would look like tampering. */
export function planForgetting(sql: SqlStorage, seqs: readonly number[]): ForgettingPlan {
  const witnessed = readWitnessed(sql);
  const plan: ForgettingPlan = { destroy: [], name: [] };
  for (const seq of new Set(seqs)) {
    const row = rowWith(sql, seq);
    const text = row === null ? undefined : textsOf(row.events)[seq - row.first_seq];
    if (text === undefined) continue;
    if (text === "") {
      if (!witnessed.has(seq)) plan.name.push(seq);
    } else if (witnessedBy(text).length === 0) plan.destroy.push(seq);
  }
  return plan;
}

/** `after`: the last seq of the log, by which two forgettings of the same seqs are told apart, as after a restored backup. */
export function witnesses(
  { destroy, name }: ForgettingPlan,
  { by, reason }: Forgetting = OPERATOR,
  after: number,
  now_ms: number,
): PreparedEvent[] {
  const ranges = rangesOf([...destroy, ...name]);
  const prepared: PreparedEvent[] = [];
  for (let from = 0; from < ranges.length; from += MAX_WITNESS_RANGES) {
    const part = ranges.slice(from, from + MAX_WITNESS_RANGES);
    const seqs = writeRanges(part);
    prepared.push(
      prepareOwn({
        organ: WITNESS_ORGAN,
        cause: ["forgotten", after, seqs],
        event_type: WITNESS_TYPE,
        timestamp: new Date(now_ms).toISOString(),
        metadata: { seqs, by, reason },
        metrics: { events: part.reduce((sum, [first, last]) => sum + last - first + 1, 0) },
      }),
    );
  }
  return prepared;
}

export function noteWitnesses(sql: SqlStorage, first_seq: number, count: number): void {
  for (let seq = first_seq; seq < first_seq + count; seq += 1)
    sql.exec("INSERT OR IGNORE INTO witness (seq) VALUES (?)", seq);
}

/** What the log's witnesses name. The table only says where they are: what it claims of another event is nothing. */
export function readWitnessed(sql: SqlStorage): Witnessed {
  const witnessed = new Witnessed();
  for (const { seq } of sql.exec<{ seq: number }>("SELECT seq FROM witness ORDER BY seq").toArray()) {
    const row = rowWith(sql, seq);
    witnessed.add(row === null ? [] : witnessedBy(textsOf(row.events)[seq - row.first_seq] ?? ""));
  }
  return witnessed;
}

/** The newest; 0 when there is none. */
export function lastWitness(sql: SqlStorage): number {
  return sql.exec<{ seq: number }>("SELECT coalesce(max(seq), 0) AS seq FROM witness").one().seq;
}

/** How many there are: it changes when something was forgotten. */
function witnessCount(sql: SqlStorage): number {
  return sql.exec<{ n: number }>("SELECT count(*) AS n FROM witness").one().n;
}

/** What is witnessed, read anew where something was forgotten between two slices. */
export class Witnesses {
  readonly #sql: SqlStorage;
  #count = -1;
  #witnessed = new Witnessed();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  now(): Witnessed {
    const count = witnessCount(this.#sql);
    if (count !== this.#count) this.#witnessed = readWitnessed(this.#sql);
    this.#count = count;
    return this.#witnessed;
  }
}
