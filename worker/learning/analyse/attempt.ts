/** Attempts that were used up, and windows that were full before work failed. */
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
