/** Finds what the sender probably meant: a typo of ours, or another system's word for it. */
import { SENDER_FIELDS, type SenderField } from "./envelope.ts";
import { KNOWN_TYPES } from "./type.ts";

/** What other formats call our fields, lower case and without `_`, `-` and `.`. */
const FOREIGN: ReadonlyMap<string, SenderField> = new Map(
  Object.entries({
    id: ["eventid", "uuid", "idempotencykey", "requestid", "key"],
    timestamp: ["ts", "time", "at", "date", "datetime", "createdat", "occurredat", "timeunixnano"],
    event_type: ["type", "event", "eventname", "kind", "action", "name"],
    agent_id: ["agent", "agentname", "actor", "author", "user", "userid", "worker"],
    agent_role: ["role"],
    task_id: ["task", "taskname", "issue", "issueid", "ticket"],
    feature_id: ["feature", "featurename", "epic", "epicid"],
    session_id: ["session", "sessionname", "conversationid", "threadid", "traceid", "runid"],
    metadata: [
      "meta",
      "data",
      "payload",
      "properties",
      "attributes",
      "attrs",
      "details",
      "context",
      "message",
      "title",
      "description",
      "model",
    ],
    metrics: [
      "metric",
      "usage",
      "measurements",
      "measures",
      "values",
      "tokens",
      "cost",
      "costusd",
      "durationms",
    ],
  } satisfies Record<SenderField, string[]>).flatMap(([field, words]) =>
    words.map((word): [string, SenderField] => [
      word,
      SENDER_FIELDS.find((known) => known === field) ?? "metadata",
    ]),
  ),
);

/** The field of the envelope that an unknown one probably means, or null. */
export function nearestField(field: string): SenderField | null {
  const plain = field
    .slice(0, 64)
    .toLowerCase()
    .replaceAll(/[_\-. ]/g, "");
  const foreign = FOREIGN.get(plain);
  if (foreign !== undefined) return foreign;
  const spelt = SENDER_FIELDS.find((known) => known.replaceAll("_", "") === plain);
  return spelt ?? nearest(field, SENDER_FIELDS, plain.length < 3 ? 0 : plain.length < 6 ? 1 : 2);
}

/** The known type that is one typo away from an unknown one, or null. The unknown one is still accepted. */
export function nearestType(event_type: string): string | null {
  return nearest(event_type, KNOWN_TYPES, 1);
}

function nearest<T extends string>(word: string, candidates: readonly T[], most: number): T | null {
  let best: T | null = null;
  let best_distance = most + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > most) continue;
    const distance = typos(word, candidate);
    if (distance < best_distance) [best, best_distance] = [candidate, distance];
  }
  return best;
}

/**
 * Optimal string alignment distance (restricted Damerau–Levenshtein): inserted,
 * missing, wrong and swapped neighbouring letters each count one.
 */
export function typos(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min(at(last, column) + 1, at(next, column - 1) + 1, at(last, column - 1) + same);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, at(before, column - 2) + 1);
      }
      next.push(least);
    }
    before = last;
    last = next;
  }
  return at(last, b.length);
}
function at(row: number[], column: number): number {
  return row[column] ?? Infinity;
}
