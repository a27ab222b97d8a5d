/** Tests that were filed as broken, mended, and filed again: told by the name of the test in the titles of tasks. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { WorkRecord } from "../../insight/work/record.ts";
import type { FeatureCase } from "./case.ts";
import { FINISHED, needless } from "./closing.ts";
import { evidenceOf, type Pattern } from "./pattern.ts";

/** Tasks about one test: two may be the report and its mending. */
const LEAST_FILED = 3;
/** Times that it was mended and came back, from which on it says more than that it was filed. */
const LEAST_MENDED = 2;
/** What is said of a test that does not pass, or of its mending: a task that adds one names it too. */
const FAILING =
  /\b(?:fail\w*|flak\w*|broken|breaks?|stale|regress\w*|time(?:s|d)?[ -]?outs?|errors?|hangs?|pre-existing|fix\w*)\b/i;
/** Names of tests as Go, Python, and JavaScript write them. */
const TEST_NAME = /\bTest[A-Z]\w{4,}|\btest_\w{4,}|[\w./-]+\.(?:test|spec)\.[a-z]{1,4}\b/g;

/** Names that one title counts for: nobody names more tests, and a list of them is about none. */
const MAX_NAMES_OF_TITLE = 8;

export function recurrences({ events, tasks, before }: FeatureCase): Pattern[] {
  const own = new Set(tasks.map(({ id }) => id));
  const often = [...namedIn([...before, ...tasks])].filter(
    ([, filed]) => filed.length >= LEAST_FILED && filed.some(({ id }) => own.has(id)),
  );
  if (often.length === 0) return [];
  const { is_needed, told } = readEnds(events);
  return often.map(([test, filed]) => {
    const mended = timesBack(filed, is_needed);
    const ids = [...new Set(filed.map(({ id }) => id))];
    const ends = ids.flatMap((id) => told.get(id) ?? []).sort((a, b) => a - b);
    return {
      kind: "recurrence" as const,
      is_good: false,
      tasks: ids.filter((id) => own.has(id)),
      // The newest: by them one sees that it goes on.
      evidence: evidenceOf(ends.slice(-MAX_SHOWN)),
      effect: { value: filed.length, usual: null, unit: "times" as const, samples: null },
      facts: { test, ...(mended >= LEAST_MENDED ? { mended } : {}) },
      time_ms: null,
    };
  });
}

/** By the name of each test the tasks whose titles say that it fails. */
function namedIn(records: readonly WorkRecord[]): Map<string, WorkRecord[]> {
  const named = new Map<string, WorkRecord[]>();
  for (const record of records) {
    if (record.is !== "task" || !FAILING.test(record.title)) continue;
    for (const name of [...new Set(record.title.match(TEST_NAME))].slice(0, MAX_NAMES_OF_TITLE)) {
      const filed = named.get(name);
      if (filed === undefined) named.set(name, [record]);
      else filed.push(record);
    }
  }
  return named;
}

interface Ends {
  /** Of each task whether its last closing changed anything. */
  is_needed: ReadonlyMap<string, boolean>;
  /** Of each task the seqs that tell of its beginning and its closings. */
  told: ReadonlyMap<string, readonly number[]>;
}

/** In one pass: a case has tens of thousands of events, and may have hundreds of names. */
function readEnds(events: readonly StoredEvent[]): Ends {
  const is_needed = new Map<string, boolean>();
  const told = new Map<string, number[]>();
  for (const event of events) {
    const { task_id, event_type, seq } = event;
    const is_end = FINISHED.has(event_type);
    if (task_id === undefined || (!is_end && event_type !== "task_created")) continue;
    if (is_end) is_needed.set(task_id, needless(event) === null);
    const seqs = told.get(task_id);
    if (seqs === undefined) told.set(task_id, [seq]);
    else seqs.push(seq);
  }
  return { is_needed, told };
}

/** Events that show it. */
const MAX_SHOWN = 12;

/**
 * How often it was filed when, since the last time, it had been mended: several that were filed at once count once. What
 * closed before these events may have been a duplicate, so it counts as no mending.
 */
function timesBack(filed: readonly WorkRecord[], is_needed: ReadonlyMap<string, boolean>): number {
  const moments = filed
    .flatMap(({ id, outcome, created_at, closed_at }) => [
      ...(created_at === null ? [] : [{ at: created_at, is_mended: false }]),
      ...(closed_at === null || outcome !== "finished" || is_needed.get(id) !== true
        ? []
        : [{ at: closed_at, is_mended: true }]),
    ])
    .sort((a, b) => a.at - b.at);
  return moments.filter(({ is_mended }, index) => !is_mended && moments[index - 1]?.is_mended === true)
    .length;
}
