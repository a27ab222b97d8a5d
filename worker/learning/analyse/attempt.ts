/** Attempts that were used up, work that was opened again, and windows that were full before work failed. */
import { eventTime, type StoredEvent } from "../../../schema/event/event.ts";
import { byTask, textOf, type FeatureCase } from "./case.ts";
import { evidenceOf, type Pattern } from "./pattern.ts";

/** Tasks with a full window that came back: one alone is chance. */
const FULL_TASKS = 2;
const BACK = new Set(["task_failed", "reviewer_changes_requested", "reviewer_rejected", "agent_crashed"]);

export function attempts({ events, tasks }: FeatureCase): Pattern[] {
  const found: Pattern[] = [];
  const grouped = byTask(events);
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  for (const [task_id, own] of grouped) {
    const spent = own.findLast(({ event_type }) => event_type === "retry_budget_exhausted");
    if (spent === undefined || task_id === null) continue;
    const failures = own.filter(
      ({ event_type }) => event_type === "test_failed" || event_type === "task_failed",
    );
    const reason = textOf(spent.metadata?.["reason"]) ?? textOf(failures.at(-1)?.metadata?.["reason"]);
    const error = mostCommon(failures.map(({ metadata }) => textOf(metadata?.["error"])));
    found.push({
      kind: "retry",
      is_good: false,
      tasks: [task_id],
      evidence: evidenceOf([...failures.slice(-3).map(({ seq }) => seq), spent.seq]),
      effect: {
        value: spent.metrics?.["attempts"] ?? 1,
        usual: spent.metrics?.["budget"] ?? null,
        unit: "times",
        samples: null,
      },
      facts: {
        title: titles.get(task_id) ?? task_id,
        ...(reason === null ? {} : { reason }),
        ...(error === null ? {} : { error }),
      },
      time_ms: spanOf(own),
    });
  }
  return found;
}

/** What closes work as finished; opened again after a failure it is a new attempt, and no surprise. */
const FINISHED = new Set(["task_completed", "task_merged", "feature_completed", "feature_merged"]);
const OPENED = new Set(["task_reopened", "feature_reopened"]);
const TROUBLE = new Set(["bug_reported", "integration_failed"]);

export function reopenings({ events, tasks, feature }: FeatureCase): Pattern[] {
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  const found: Pattern[] = [];
  for (const [task_id, own] of byTask(events)) {
    const ends = own.filter(({ event_type }) => FINISHED.has(event_type) || OPENED.has(event_type));
    const again = ends.filter(
      ({ event_type }, index) => OPENED.has(event_type) && FINISHED.has(ends[index - 1]?.event_type ?? ""),
    );
    const [first] = again;
    if (first === undefined) continue;
    const closed = ends[ends.indexOf(first) - 1];
    const last = ends.findLast(({ event_type }) => FINISHED.has(event_type));
    const mended = last !== undefined && last.seq > first.seq ? last : undefined;
    const trouble = own.findLast(({ event_type, seq }) => TROUBLE.has(event_type) && seq < first.seq);
    const claimed = textOf(closed?.metadata?.["reason"]);
    const why =
      textOf(trouble?.metadata?.["title"]) ??
      textOf(trouble?.metadata?.["error"]) ??
      textOf(first.metadata?.["reason"]);
    const missing = textOf(mended?.metadata?.["reason"]);
    found.push({
      kind: "reopened",
      is_good: false,
      tasks: task_id === null ? [] : [task_id],
      evidence: evidenceOf([closed, trouble, ...again, mended].flatMap((event) => event?.seq ?? [])),
      effect: { value: again.length, usual: null, unit: "times", samples: null },
      facts: {
        title: (task_id === null ? feature.title : titles.get(task_id)) ?? feature.id,
        ...(claimed === null ? {} : { claimed }),
        ...(why === null ? {} : { reason: why }),
        ...(missing === null || missing === claimed ? {} : { missing }),
      },
      time_ms: mended === undefined ? null : eventTime(mended) - eventTime(first),
    });
  }
  return found;
}

/** How a person begins to say why something broke. */
const CAUSE =
  /\b(root cause|turned out|turns out|was caused by|lesson learned|the real (?:bug|problem|issue|failure)|actual (?:failure|cause))\b/i;
/** Of words that say where else to look. */
const ELSEWHERE = /\b(duplicate|superseded|moved to|same root cause|patrol cycle)\b/i;
const LEAST_CAUSE_CHARS = 40;

/** Root causes that were written down when work was closed. */
export function causes({ events, tasks, feature }: FeatureCase): Pattern[] {
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  const found: Pattern[] = [];
  for (const event of events) {
    if (!FINISHED.has(event.event_type)) continue;
    const { reason, summary } = event.metadata ?? {};
    for (const told of [reason, summary]) {
      if (typeof told !== "string" || ELSEWHERE.test(told)) continue;
      const cause = told.split(/(?<=[.!?])\s+|\n+/u).find((part) => CAUSE.test(part));
      const text = textOf(cause);
      if (text === null || text.length < LEAST_CAUSE_CHARS) continue;
      found.push({
        kind: "cause",
        is_good: false,
        tasks: event.task_id === undefined ? [] : [event.task_id],
        evidence: [event.seq],
        effect: { value: 1, usual: null, unit: "times", samples: null },
        facts: {
          title: (event.task_id === undefined ? feature.title : titles.get(event.task_id)) ?? feature.id,
          cause: text,
        },
        time_ms: null,
      });
      break;
    }
  }
  return found;
}

export function fullWindows({ events, tasks }: FeatureCase): Pattern[] {
  const grouped = byTask(events);
  const seqs: number[] = [];
  const hit: string[] = [];
  let failed = 0;
  let fullest = 0;
  for (const { id, outcome } of tasks) {
    const own = grouped.get(id) ?? [];
    const full = own.findIndex(({ event_type }) => event_type === "context_window_filled");
    if (full < 0) continue;
    const back = own.slice(full + 1).find(({ event_type }) => BACK.has(event_type));
    if (back === undefined) continue;
    hit.push(id);
    seqs.push(own[full]?.seq ?? back.seq, back.seq);
    fullest = Math.max(fullest, own[full]?.metrics?.["used_tokens"] ?? 0);
    if (outcome === "failed") failed++;
  }
  if (hit.length < FULL_TASKS && failed === 0) return [];
  return [
    {
      kind: "context",
      is_good: false,
      tasks: hit,
      evidence: evidenceOf(seqs),
      effect: { value: hit.length, usual: null, unit: "times", samples: tasks.length },
      facts: {
        failed,
        ...(fullest > 0 ? { used_tokens: fullest } : {}),
      },
      time_ms: null,
    },
  ];
}

function spanOf(events: readonly StoredEvent[]): number | null {
  const first = events[0];
  const last = events.at(-1);
  return first === undefined || last === undefined ? null : Math.max(0, eventTime(last) - eventTime(first));
}

function mostCommon(texts: readonly (string | null)[]): string | null {
  const counted = new Map<string, number>();
  for (const text of texts) if (text !== null) counted.set(text, (counted.get(text) ?? 0) + 1);
  return [...counted].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
