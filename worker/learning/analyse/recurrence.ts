/** Tests that were filed as broken, mended, and filed again: told by the name of the test in the titles of tasks. */
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

export function recurrences({ events, tasks, before }: FeatureCase): Pattern[] {
  const own = new Set(tasks.map(({ id }) => id));
  const named = new Map<string, WorkRecord[]>();
  for (const task of [...before, ...tasks].filter(({ is, title }) => is === "task" && FAILING.test(title)))
    for (const name of new Set(task.title.match(TEST_NAME)))
      named.set(name, [...(named.get(name) ?? []), task]);
  const often = [...named].filter(
    ([, filed]) => filed.length >= LEAST_FILED && filed.some(({ id }) => own.has(id)),
  );
  if (often.length === 0) return [];
  const is_needed = new Map(
    events.flatMap((event): [string, boolean][] =>
      event.task_id !== undefined && FINISHED.has(event.event_type)
        ? [[event.task_id, needless(event) === null]]
        : [],
    ),
  );
  return often.map(([test, filed]) => {
    const mended = timesBack(filed, is_needed);
    const ids = new Set(filed.map(({ id }) => id));
    const ends = events.filter(
      ({ task_id, event_type }) =>
        task_id !== undefined &&
        ids.has(task_id) &&
        (event_type === "task_created" || FINISHED.has(event_type)),
    );
    return {
      kind: "recurrence" as const,
      is_good: false,
      tasks: [...ids].filter((id) => own.has(id)),
      // The newest: by them one sees that it goes on.
      evidence: evidenceOf(ends.slice(-MAX_SHOWN).map(({ seq }) => seq)),
      effect: { value: filed.length, usual: null, unit: "times" as const, samples: null },
      facts: { test, ...(mended >= LEAST_MENDED ? { mended } : {}) },
      time_ms: null,
    };
  });
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
