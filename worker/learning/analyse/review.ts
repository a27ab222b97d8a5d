/** Work that came back from review, and what the reviewers' comments had in common. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { byTask, textOf, textsOf, type FeatureCase } from "./case.ts";
import { evidenceOf, type Pattern } from "./pattern.ts";

/** Rounds on one task: the target of a task is two. */
export const MANY_ROUNDS = 3;
/** Reviews that share a category, and the least share of all of them. */
const SHARED_REVIEWS = 3;
const SHARED = 0.5;
/** Comments quoted. */
const QUOTED = 2;

/**
 * By a reviewer, or a tracker's request to merge that was rejected when the work was closed already: importers tell that in
 * the tracker's own name, since it opens nothing again, with the same category.
 */
const SENT_BACK = /^reviewer_(?:changes_requested|rejected)$|\.merge_request_rejected$/;

export function reviews({ events, before, tasks }: FeatureCase): Pattern[] {
  const sent_back = events.filter(({ event_type }) => SENT_BACK.test(event_type));
  const found: Pattern[] = [];
  const shared = commonCategory(sent_back);
  if (shared !== null) {
    const { category, of_it } = shared;
    found.push({
      kind: "review",
      is_good: false,
      tasks: tasksOf(of_it),
      evidence: evidenceOf(of_it.map(({ seq }) => seq)),
      effect: { value: of_it.length, usual: null, unit: "times", samples: sent_back.length },
      facts: { category, reviews: sent_back.length, ...quotes(of_it) },
      time_ms: null,
    });
  }
  const rounds = before
    .filter(({ is, outcome }) => is === "task" && outcome === "finished")
    .map(({ cycles }) => cycles);
  const usual = rounds.length === 0 ? null : rounds.reduce((sum, one) => sum + one, 0) / rounds.length;
  const grouped = byTask(sent_back);
  for (const { id, title } of tasks) {
    const own = grouped.get(id) ?? [];
    if (own.length < MANY_ROUNDS) continue;
    const category = commonCategory(own)?.category;
    if (category !== undefined && category === shared?.category) continue;
    found.push({
      kind: "review",
      is_good: false,
      tasks: [id],
      evidence: evidenceOf(own.map(({ seq }) => seq)),
      effect: { value: own.length, usual, unit: "times", samples: rounds.length },
      facts: { title, reviews: own.length, ...(category === undefined ? {} : { category }), ...quotes(own) },
      time_ms: null,
    });
  }
  return found;
}

function commonCategory(
  reviewed: readonly StoredEvent[],
): { category: string; of_it: readonly StoredEvent[] } | null {
  const categories = new Map<string, StoredEvent[]>();
  for (const event of reviewed) {
    const category = textOf(event.metadata?.["category"]);
    if (category !== null) categories.set(category, [...(categories.get(category) ?? []), event]);
  }
  const [top] = [...categories].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  if (top === undefined) return null;
  const [category, of_it] = top;
  return of_it.length >= SHARED_REVIEWS && of_it.length > SHARED * reviewed.length
    ? { category, of_it }
    : null;
}

/** The reviewers' own words: the comments that came most often. */
function quotes(reviewed: readonly StoredEvent[]): Record<string, string> {
  const said = new Map<string, number>();
  for (const { metadata = {} } of reviewed) {
    const { comments, reason } = metadata;
    const texts = typeof comments === "string" ? [textOf(comments)] : [...textsOf(comments), textOf(reason)];
    for (const text of texts) if (text !== null) said.set(text, (said.get(text) ?? 0) + 1);
  }
  const most = [...said].sort(([, a], [, b]) => b - a).slice(0, QUOTED);
  return Object.fromEntries(most.map(([text], index) => [`comment_${String(index + 1)}`, text]));
}

function tasksOf(events: readonly StoredEvent[]): string[] {
  return [...new Set(events.flatMap(({ task_id }) => (task_id === undefined ? [] : [task_id])))];
}
